// Plays a conversation from a file against a real server and checks what was said and what was kept.

import { expect } from 'vitest';
import { Client } from './client.ts';
import { startSmtp } from './smtp-server.ts';
import type { TestOptions } from './smtp-server.ts';

/**
 * A file holds one conversation, a line at a time:
 *
 *     # comment
 *     options: {"settings": {"requireAuth": true}}
 *     S: 220 *                      the server's next line; * is any text
 *     C: EHLO client.test           sent with CRLF; lines in a row are sent in one packet
 *     C| raw \r\n \x00              sent as it is, with escapes
 *     TLS                           handshake
 *     END                           the client closes its side
 *     CLOSED                        the server has closed
 *     message: {"raw": "…", …}      one line for each message kept, in order
 *     refused: {"stage": "rcpt", …} one line for each refused attempt, in order
 *     note: text                    the session says so of one of its lines
 *     hidden: text                  nowhere in the transcript
 */
const STEP = /^(?:(options|message|refused|note|hidden): (.*)|([CS])(?:: ?(.*)|\| ?(.*))|(TLS|END|CLOSED))$/;

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '\\': '\\' };

/** UTF-8 as octets; an escape (`\r \n \t \\ \x00`) is one octet. */
export const unescape = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/\\(?:x([0-9a-f]{2})|([rnt\\]))/g, (_, hex?: string, letter?: string) =>
      hex === undefined ? (ESCAPES[letter ?? ''] ?? '') : String.fromCharCode(parseInt(hex, 16)),
    );

export const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );

interface Step {
  readonly line: number;
  readonly kind: string;
  readonly text: string;
}

function parse(script: string): Step[] {
  return script.split('\n').flatMap((text, index) => {
    if (text.trim() === '' || text.startsWith('#')) return [];
    const match = STEP.exec(text);
    if (match === null) throw new Error(`line ${index + 1}: ${text}`);
    const [, field, value, side, line, raw, word] = match;
    const kind = field ?? word ?? side ?? '';
    const said = line === undefined ? unescape(raw ?? '') : `${Buffer.from(line).toString('latin1')}${side === 'C' ? '\r\n' : ''}`;
    return [{ line: index + 1, kind, text: value ?? said }];
  });
}

export async function play(script: string): Promise<void> {
  const steps = parse(script);
  const of = (kind: string): string[] => steps.filter((step) => step.kind === kind).map((step) => step.text);
  const options = JSON.parse(of('options')[0] ?? '{}') as TestOptions;
  await using server = await startSmtp(options);
  const client = options.tls === 'implicit' ? await Client.connectTls(server.port, server.ca) : await Client.connect(server.port);

  let packet = '';
  for (const { line, kind, text } of steps) {
    if (kind === 'C') {
      packet += text;
      continue;
    }
    if (packet !== '') client.send(packet);
    packet = '';
    if (kind === 'S') expect(await client.line(), `line ${line}`).toMatch(glob(text));
    else if (kind === 'TLS') await client.startTls(server.ca);
    else if (kind === 'END') client.end();
    else if (kind === 'CLOSED') expect(await client.line(), `line ${line}`).toBe(null);
  }
  if (packet !== '') client.send(packet);
  client.end();
  expect(await client.rest(), 'said beyond the script').toBe('');

  const kept = server.messages.map(({ envelope, refused, raw, origin }) => ({
    ...origin,
    ...envelope,
    recipients: envelope.recipients.map(({ address, ...rest }) => (Object.keys(rest).length === 0 ? address : { address, ...rest })),
    refused: refused.map(({ recipient, code, enhanced }) => `${recipient} ${code} ${enhanced}`),
    raw: raw.toString('latin1'),
  }));
  const wanted = of('message').map((json) => JSON.parse(json) as object);
  expect(kept).toMatchObject(wanted);
  expect(kept.length).toBe(wanted.length);
  const refusals = of('refused').map((json) => JSON.parse(json) as object);
  expect(server.refusals).toMatchObject(refusals);
  expect(server.refusals.length).toBe(refusals.length);
  const [session] = server.sessions.list();
  for (const note of of('note')) expect(session?.notes.map(({ text }) => text)).toContain(note);
  const transcript = session?.lines.map(({ text }) => text).join('\n') ?? '';
  for (const secret of of('hidden')) expect(transcript).not.toContain(secret);
  expect(server.inflight(), 'room still reserved').toBe(0);
}
