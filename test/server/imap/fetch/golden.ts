// What IMAP says of a message in fixtures/mail: its ENVELOPE, BODY, BODYSTRUCTURE, and the octets of each of its sections.

import { createHash } from 'node:crypto';
import { createIds } from '../../../../server/base/ids.ts';
import { createSubmit } from '../../../../server/delivery/submit.ts';
import { allParts, parseMime } from '../../../../server/mail/mime.ts';
import { readFetches } from '../../../conversations/imap-reply.ts';
import { ORIGIN, openSample } from '../../store/sample.ts';
import { openClient } from '../session.ts';

/** Every section that the message has, and one part more than there are. */
export function sectionsOf(raw: Buffer): string[] {
  const parts = [...allParts(parseMime(raw))];
  const numbered = [...new Set(parts.map(({ partId }) => partId))]
    .filter((partId) => partId !== '')
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const messages = new Set(parts.filter(({ message }) => message !== null).map(({ partId }) => partId));
  return [
    ...['HEADER', 'TEXT', 'HEADER.FIELDS (Subject To)', 'HEADER.FIELDS.NOT (From To Date Message-ID Subject)'],
    ...numbered.flatMap((id) => [
      id,
      `${id}.MIME`,
      ...(messages.has(id) ? [`${id}.HEADER`, `${id}.TEXT`, `${id}.HEADER.FIELDS (Subject)`] : []),
    ]),
    '99',
  ];
}

const LONGEST = 200;

/** Few octets as they are, one character for each, many by their digest. */
function shown(octets: string): string {
  if (octets.length <= LONGEST) return JSON.stringify(octets);
  const digest = createHash('sha256').update(octets, 'latin1').digest('hex').slice(0, 12);
  return `${JSON.stringify(octets.slice(0, 40))} … sha256 ${digest}`;
}

/** Through FETCH itself, of a message that has come in as it is. */
export async function goldenText(raw: Buffer): Promise<string> {
  const { store } = await openSample();
  const submit = createSubmit({ store, ids: createIds(() => 0), limits: { maxMessages: 0, maxSize: 0, maxAge: 0 } });
  await submit({ envelope: { sender: '', recipients: [{ address: 'jo@shop.test' }] }, refused: [], raw, origin: ORIGIN });
  const client = openClient(store);
  const said = await client.say('FETCH 1 (ENVELOPE BODY BODYSTRUCTURE)');
  // The reply of another form than the grammar's throws here.
  readFetches(`${said}\r\n`);
  const lines = [
    Buffer.from(said.replace('* 1 FETCH (', '').slice(0, -1), 'latin1')
      .toString()
      .replace(/ (BODY(?:STRUCTURE)? \()/g, '\n$1'),
  ];
  for (const section of sectionsOf(raw)) {
    const reply = readFetches(`${await client.say(`FETCH 1 BODY.PEEK[${section}]`)}\r\n`);
    const octets = reply.get(1)?.get(`BODY[${section}]`.toUpperCase());
    lines.push(`BODY[${section}] ${typeof octets === 'string' ? `${octets.length} ${shown(octets)}` : 'NIL'}`);
  }
  return `${lines.join('\n')}\n`;
}
