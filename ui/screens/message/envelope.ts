// Compares the envelope with the header, as a blind copy shows itself only there.

import type { MessageDetail } from '../../../server/http/contract/types.ts';

const ADDRESSED = /^(resent-)?(to|cc|bcc)$/i;

/** Recipients of the envelope whom no To, Cc or Bcc field names. */
export function envelopeOnly({ headers, envelope }: Pick<MessageDetail, 'headers' | 'envelope'>): string[] {
  const named = headers
    .filter(({ name }) => ADDRESSED.test(name))
    .map(({ value }) => value.toLowerCase())
    .join('\n');
  return envelope.recipients.filter((recipient) => !named.includes(recipient.toLowerCase()));
}
