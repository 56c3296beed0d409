// A message that every step between sender and reader may be tempted to mend, and its way in.

import { createTransport } from 'nodemailer';
import type { Mailrig } from '../../server/app.ts';

/** Dots, trailing spaces, 8-bit text, a long line. */
export const ODD = Buffer.from(
  [
    'From: "Grüße" <app@client.test>',
    'To: jo@shop.test',
    'Date: Tue, 24 Nov 2026 12:00:00 +0000',
    'Message-ID: <odd@client.test>',
    'Bcc: boss@corp.test',
    'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    '.',
    '..two dots',
    '.hidden',
    'trailing spaces   ',
    '\ttab and ñandú, 漢字',
    'x'.repeat(990),
    '',
    'From here no ">" is put before From',
    'the end',
    '',
  ].join('\r\n'),
);

/** Sends octets as they are. */
export async function send({ ports }: Mailrig, to: string, raw: Buffer | string): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: ports.smtp ?? 0, ignoreTLS: true });
  await transport.sendMail({ envelope: { from: 'app@client.test', to }, raw });
  transport.close();
}

export const simple = (subject: string, text = 'hello'): string =>
  `From: <app@client.test>\r\nTo: <jo@shop.test>\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replace(/\W/g, '')}@client.test>\r\n\r\n${text}\r\n`;
