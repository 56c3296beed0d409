// The lower-cased header fields of a message in one string: most of a search is `includes` on it.

import type { MailAddress } from '../mail/message.ts';
import type { Kept } from './state.ts';

/** The parts of a folded text, in their order; a field's part is looked at only when the whole text has the value. */
export const FOLDED = ['subject', 'from', 'to', 'cc', 'bcc', 'sender', 'rcpt', 'message-id'] as const;
export type FoldedField = (typeof FOLDED)[number];

const BETWEEN = '\u0001'; // parts
const WITHIN = '\u0002'; // addresses of a part
const SEPARATORS = /[\u0001\u0002]/;

/** Encoded words can say any character: one of ours must not move the parts. */
const own = (text: string): string => (SEPARATORS.test(text) ? text.split(SEPARATORS).join(' ') : text);

function addresses(list: readonly MailAddress[]): string {
  return list.map(({ name, address }) => own(name === '' ? address : `${name} <${address}>`)).join(WITHIN);
}

/** Made at the first search and kept, since most messages of a test run are never searched. */
export function foldedOf(kept: Kept): string {
  if (kept.folded === null) {
    const { header, envelope } = kept.message;
    const recipients = [...envelope.recipients.map(({ address }) => address), ...kept.message.refused.map(({ recipient }) => recipient)];
    kept.folded = [
      own(header.subject),
      addresses(header.from),
      addresses(header.to),
      addresses(header.cc),
      addresses(header.bcc),
      own(envelope.sender),
      recipients.map(own).join(WITHIN),
      own(header.messageId ?? ''),
    ]
      .join(BETWEEN)
      .toLowerCase();
  }
  return kept.folded;
}

/** Calls `use` with the place of one part in the folded text. */
function inPart<T>(kept: Kept, field: FoldedField, use: (folded: string, start: number, end: number) => T): T {
  const folded = foldedOf(kept);
  let start = 0;
  for (let i = FOLDED.indexOf(field); i > 0; i--) start = folded.indexOf(BETWEEN, start) + 1;
  const end = folded.indexOf(BETWEEN, start);
  return use(folded, start, end < 0 ? folded.length : end);
}

/** One part of the folded text. */
export function foldedPart(kept: Kept, field: FoldedField): string {
  return inPart(kept, field, (folded, start, end) => folded.slice(start, end));
}

/** True where one part has that text, given in lower case. */
export function partIncludes(kept: Kept, field: FoldedField, wanted: string): boolean {
  if (!foldedOf(kept).includes(wanted)) return false;
  return inPart(kept, field, (folded, start, end) => {
    const at = folded.indexOf(wanted, start);
    return at >= 0 && at + wanted.length <= end;
  });
}

const addressIn = (text: string): string => (text.endsWith('>') ? text.slice(text.lastIndexOf('<') + 1, -1) : text);

/** The addresses of one part, without display names. */
export function foldedAddresses(kept: Kept, field: FoldedField): string[] {
  const part = foldedPart(kept, field);
  return part.includes(WITHIN) ? part.split(WITHIN).map(addressIn) : [addressIn(part)];
}

/** All texts of a folded text apart: one for each address and each other field. */
export const foldedTexts = (kept: Kept): string[] => foldedOf(kept).split(SEPARATORS);
