// The lower-cased header fields of a message in one string: most of a search is `includes` on it.

import type { MailAddress } from '../mail/message.ts';
import type { Kept } from './state.ts';

/** The parts of a folded text, in their order; a field's part is looked at only when the whole text has the value. */
export const FOLDED = ['subject', 'from', 'to', 'cc', 'bcc', 'sender', 'rcpt', 'message-id'] as const;
export type FoldedField = (typeof FOLDED)[number];

const BETWEEN = '\u0001'; // parts
const WITHIN = '\u0002'; // addresses of a part

function addresses(list: readonly MailAddress[]): string {
  return list.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`)).join(WITHIN);
}

/** Made at the first search and kept, since most messages of a test run are never searched. */
export function foldedOf(kept: Kept): string {
  if (kept.folded === null) {
    const { header, envelope } = kept.message;
    const recipients = [...envelope.recipients.map(({ address }) => address), ...kept.message.refused.map(({ recipient }) => recipient)];
    kept.folded = [
      header.subject,
      addresses(header.from),
      addresses(header.to),
      addresses(header.cc),
      addresses(header.bcc),
      envelope.sender,
      recipients.join(WITHIN),
      header.messageId ?? '',
    ]
      .join(BETWEEN)
      .toLowerCase();
  }
  return kept.folded;
}

/** One part of the folded text. */
export function foldedPart(kept: Kept, field: FoldedField): string {
  return foldedOf(kept).split(BETWEEN)[FOLDED.indexOf(field)] ?? '';
}

/** The addresses of one part, without display names. */
export function foldedAddresses(kept: Kept, field: FoldedField): string[] {
  return foldedPart(kept, field)
    .split(WITHIN)
    .map((text) => /<([^<>]*)>$/.exec(text)?.[1] ?? text);
}
