// A message opened for reading: its header fields, text, attachments, links and codes. The only file that knows mailparser.

import { createHash } from 'node:crypto';
import { byteDefects } from './bytes.ts';
import { codesIn } from './codes.ts';
import { isAttachment } from './content.ts';
import { decodeBody, decodeText } from './decode.ts';
import { headerFacts } from './facts.ts';
import { linksOf } from './links.ts';
import type { Link } from './links.ts';
import { allParts, fileName, parseMime } from './mime.ts';
import type { MimeLimits, MimePart } from './mime.ts';
import { sniff } from './sniff.ts';
import { htmlToText } from './snippet.ts';
import { decodeWords } from './words.ts';

export interface Attachment {
  readonly partId: string;
  readonly filename: string | null;
  /** As declared. */
  readonly type: string;
  /** As its content shows, null where nothing tells. */
  readonly sniffedType: string | null;
  /** Octets, decoded. */
  readonly size: number;
  readonly sha256: string;
  /** Without angle brackets. */
  readonly contentId: string | null;
  readonly disposition: string | null;
}

export interface OpenedMessage {
  /** In order; `value` is unfolded and decoded, `raw` as sent. */
  readonly headers: readonly { readonly name: string; readonly value: string; readonly raw: string }[];
  readonly text: string | null;
  readonly html: string | null;
  readonly root: MimePart;
  readonly attachments: readonly Attachment[];
  readonly links: readonly Link[];
  readonly codes: readonly string[];
  readonly defects: readonly string[];
}

interface Bodies {
  readonly text: string | null;
  readonly html: string | null;
}

/** The message with the bodies of its encoded attachments left out: what is not read need not be decoded. */
function withoutAttachments(raw: Buffer, parts: readonly MimePart[]): Buffer {
  const slices: Buffer[] = [];
  let at = 0;
  for (const part of parts) {
    if (part.encoding !== 'base64' || !isAttachment(part)) continue;
    slices.push(raw.subarray(at, part.bodyStart));
    at = part.bodyEnd;
  }
  return slices.length === 0 ? raw : Buffer.concat([...slices, raw.subarray(at)]);
}

/** Text and HTML as mailparser joins them; what it takes for an attachment is drained unread. */
async function parseBodies(raw: Buffer): Promise<Bodies> {
  const { MailParser } = await import('mailparser');
  const parser = new MailParser({
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    skipImageLinks: true,
    checksumAlgo: false,
  });
  return new Promise((resolve, reject) => {
    let bodies: Bodies = { text: null, html: null };
    parser.on('error', reject);
    parser.on('data', (data) => {
      if (data.type === 'text') bodies = { text: data.text ?? null, html: typeof data.html === 'string' ? data.html : null };
      else {
        data.content.on('error', reject);
        data.content.on('end', () => data.release?.());
        data.content.resume();
      }
    });
    parser.on('end', () => resolve(bodies));
    parser.end(raw);
  });
}

const joined = (texts: readonly string[]): string | null => (texts.length === 0 ? null : texts.join('\n'));

/** The same from our own tree: every text part that is no attachment, and a multipart that could not be opened as it stands. */
function ownBodies(raw: Buffer, parts: readonly MimePart[]): Bodies {
  const shown = parts.filter(
    (part) => part.children.length === 0 && (part.type === 'multipart' || (part.type === 'text' && !isAttachment(part))),
  );
  const [html, text] = [shown.filter((part) => part.subtype === 'html'), shown.filter((part) => part.subtype !== 'html')];
  return { text: joined(text.map((part) => decodeText(raw, part))), html: joined(html.map((part) => decodeText(raw, part))) };
}

/** Chooses between mailparser's reading and ours. */
function better(theirs: string | null, ours: string | null): string | null {
  // Unlabelled 8-bit text is always UTF-8 to mailparser; where it is not, ours guesses.
  if (!theirs || (theirs.includes('\ufffd') && ours !== null && !ours.includes('\ufffd'))) return ours || null;
  // It joins parts with a break, also after a part that gave nothing.
  const first = theirs.replace(/^(<br\/>\n)+/, '');
  return ours?.trimStart().startsWith('<br/>') ? theirs : first;
}

async function bodiesOf(raw: Buffer, parts: readonly MimePart[], defects: Set<string>): Promise<Bodies> {
  const ours = ownBodies(raw, parts);
  try {
    const theirs = await parseBodies(withoutAttachments(raw, parts));
    return { text: better(theirs.text, ours.text), html: better(theirs.html, ours.html) };
  } catch (error) {
    defects.add(`mailparser: ${error instanceof Error ? error.message : String(error)}`);
    return ours;
  }
}

function attachmentOf(raw: Buffer, part: MimePart): Attachment {
  const content = decodeBody(raw, part);
  return {
    partId: part.partId,
    filename: fileName(part),
    type: `${part.type}/${part.subtype}`,
    sniffedType: sniff(content),
    size: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    contentId: part.id?.replace(/^<|>$/g, '') ?? null,
    disposition: part.disposition?.type ?? null,
  };
}

/** Opens a raw message. Never rejects for what the bytes are: that is named among the defects. */
export async function openMessage(raw: Buffer, limits: Partial<MimeLimits> = {}): Promise<OpenedMessage> {
  const root = parseMime(raw, limits);
  const parts = [...allParts(root)];
  const defects = new Set([...headerFacts(raw).defects, ...byteDefects(raw, root), ...parts.flatMap((part) => part.defects)]);
  const { text, html } = await bodiesOf(raw, parts, defects);
  const subject = root.fields.find((field) => field.name.toLowerCase() === 'subject')?.value ?? '';
  return {
    headers: root.fields.map(({ name, value, raw: bytes }) => ({ name, value: decodeWords(value), raw: bytes })),
    text,
    html,
    root,
    attachments: parts.filter(isAttachment).map((part) => attachmentOf(raw, part)),
    links: linksOf(html, text),
    codes: codesIn(`${decodeWords(subject)}\n\n${text ?? htmlToText(html ?? '')}`),
    defects: [...defects],
  };
}
