// What IMAP says of a message in fixtures/mail: its ENVELOPE and its BODYSTRUCTURE.

import { valuesIn } from '../../../../server/imap/fetch/reading.ts';
import { structures } from '../../../../server/imap/fetch/body-structure.ts';
import { envelope } from '../../../../server/imap/fetch/envelope.ts';
import { headerEnd } from '../../../../server/mail/header.ts';
import { parseMime } from '../../../../server/mail/mime.ts';

export function goldenText(raw: Buffer): string {
  const header = raw.subarray(0, headerEnd(raw));
  return `ENVELOPE ${envelope(valuesIn(header))}\nBODYSTRUCTURE ${structures(raw, parseMime(raw)).extended}\n`;
}
