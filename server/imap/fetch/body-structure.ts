// BODY and BODYSTRUCTURE: the MIME tree of a message as a list (RFC 9051 §7.5.2). Pure.

import { bodyLines } from '../../mail/mime.ts';
import type { Disposition, MimePart } from '../../mail/mime.ts';
import { joinContinued } from '../../mail/parameters.ts';
import { envelope } from './envelope.ts';
import { imapString, nstring } from './string.ts';

type Pairs = MimePart['pairs'];

function parameters(pairs: Pairs): string {
  const told = joinContinued(pairs).map(([name, value]) => `${imapString(name)} ${imapString(value)}`);
  return told.length === 0 ? 'NIL' : `(${told.join(' ')})`;
}

const disposition = (given: Disposition | null): string => (given ? `(${imapString(given.type)} ${parameters(given.pairs)})` : 'NIL');

function language(value: string | null): string {
  const tags = (value ?? '').split(/[\s,]+/).filter((tag) => tag !== '');
  return tags.length === 0 ? 'NIL' : `(${tags.map(imapString).join(' ')})`;
}

/** The extension data that all parts have, with the space before it. */
const extension = (part: MimePart): string => ` ${disposition(part.disposition)} ${language(part.language)} ${nstring(part.location)}`;

const CHARSET = 'charset';

/** Text without a charset is us-ascii (RFC 2045 §5.2), and clients rather read than know that. */
function withCharset(pairs: Pairs): Pairs {
  return pairs.some(([name]) => name === CHARSET || name.startsWith(`${CHARSET}*`)) ? pairs : [...pairs, [CHARSET, 'us-ascii']];
}

/** What a part is called: one that holds others, and could not be opened, has nothing to show but its octets. */
function named(part: MimePart): { type: string; subtype: string } {
  if (part.type === 'multipart') return { type: 'text', subtype: 'plain' };
  const closed = part.type === 'message' && (part.subtype === 'rfc822' || part.subtype === 'global') && part.message === null;
  return closed ? { type: 'application', subtype: 'octet-stream' } : part;
}

const valuesIn = ({ fields }: MimePart) => {
  return (name: string): string[] => fields.filter((field) => field.name.toLowerCase() === name).map(({ value }) => value);
};

/** Both forms at once, since the tree of a message is walked once and forgotten. */
export interface Structures {
  readonly body: string;
  readonly extended: string;
}

function leaf(raw: Buffer, part: MimePart): Structures {
  const { type, subtype } = named(part);
  const text = type === 'text';
  const octets = part.bodyEnd - part.bodyStart;
  let basic =
    `${imapString(type)} ${imapString(subtype)} ${parameters(text ? withCharset(part.pairs) : part.pairs)} ${nstring(part.id)} ` +
    `${nstring(part.description)} ${imapString(part.encoding)} ${octets}`;
  let extended = basic;
  if (part.message) {
    const inner = structures(raw, part.message);
    const head = ` ${envelope(valuesIn(part.message))} `;
    const lines = ` ${bodyLines(raw, part)}`;
    extended += head + inner.extended + lines;
    basic += head + inner.body + lines;
  } else if (text) {
    const lines = ` ${bodyLines(raw, part)}`;
    extended += lines;
    basic += lines;
  }
  return { body: `(${basic})`, extended: `(${extended} ${nstring(part.md5)}${extension(part)})` };
}

/** The tree is as deep as `MimeLimits.mimeDepth` lets it be, so that recursion is safe. */
export function structures(raw: Buffer, part: MimePart): Structures {
  if (part.children.length === 0) return leaf(raw, part);
  const inner = part.children.map((child) => structures(raw, child));
  const subtype = imapString(part.subtype);
  return {
    body: `(${inner.map(({ body }) => body).join('')} ${subtype})`,
    extended: `(${inner.map(({ extended }) => extended).join('')} ${subtype} ${parameters(part.pairs)}${extension(part)})`,
  };
}
