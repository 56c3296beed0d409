// A whole message: what the state knows of it, and what its bytes contain.

import type { MimePart } from '../../mail/mime.ts';
import { fileName } from '../../mail/mime.ts';
import { openMessage } from '../../mail/open.ts';
import type { OpenedMessage } from '../../mail/open.ts';
import type { Kept, Mailbox } from '../../store/state.ts';
import type { MessageDetail, Part } from '../contract/types.ts';
import { messageFacts } from './summary.ts';

export interface MimeDepth {
  readonly mimeDepth: number;
  readonly mimeParts: number;
}

function partOf(part: MimePart): Part {
  const inside = part.message ? [part.message] : part.children;
  return {
    partId: part.partId,
    type: `${part.type}/${part.subtype}`,
    charset: part.parameters['charset'] ?? null,
    encoding: part.encoding,
    disposition: part.disposition?.type ?? null,
    filename: fileName(part),
    contentId: part.id?.replace(/^<|>$/g, '') ?? null,
    size: part.bodyEnd - part.bodyStart,
    start: part.headerStart,
    bodyStart: part.bodyStart,
    bodyEnd: part.bodyEnd,
    defects: [...part.defects],
    children: inside.map(partOf),
  };
}

export function detailOf(kept: Kept, opened: OpenedMessage, previewUrl: string, mailbox?: Mailbox): MessageDetail {
  return {
    ...messageFacts(kept, Infinity, mailbox),
    headers: [...opened.headers],
    text: opened.text,
    html: opened.html,
    parts: partOf(opened.root),
    attachments: [...opened.attachments],
    links: [...opened.links],
    codes: [...opened.codes],
    defects: [...new Set([...kept.message.defects, ...opened.defects])],
    previewUrl,
  };
}

/** Opens messages; one that is opened several times in a row, as a page does, is read once. */
export function createOpener(limits: MimeDepth, cached = 4): (id: string, raw: Buffer) => Promise<OpenedMessage> {
  const recent = new Map<string, Promise<OpenedMessage>>();
  return (id, raw) => {
    const known = recent.get(id);
    recent.delete(id);
    const opened = known ?? openMessage(raw, limits);
    recent.set(id, opened);
    const [oldest] = recent.keys();
    if (recent.size > cached && oldest !== undefined) recent.delete(oldest);
    return opened;
  };
}
