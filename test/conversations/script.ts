// A conversation as a file holds it: read, and played by a client against a server.

import { expect } from 'vitest';
import type { Client } from './client.ts';

/**
 * A file holds one conversation, a line at a time:
 *
 *     # comment
 *     S: +OK *                      the server's next line; * is any text
 *     C: CAPA                       sent with CRLF; lines in a row are sent in one packet
 *     C| raw \r\n \x00              sent as it is, with escapes
 *     TLS                           handshake
 *     END                           the client closes its side
 *     CLOSED                        the server has closed
 *     word: text                    anything else is a field, whose meaning each protocol knows
 */
const STEP = /^(?:([a-z]+): (.*)|([CS])(?:: ?(.*)|\| ?(.*))|(TLS|END|CLOSED))$/;

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '\\': '\\' };

/** UTF-8 as octets; an escape (`\r \n \t \\ \x00`) is one octet. */
export const unescape = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/\\(?:x([0-9a-f]{2})|([rnt\\]))/g, (_, hex?: string, letter?: string) =>
      hex === undefined ? (ESCAPES[letter ?? ''] ?? '') : String.fromCharCode(parseInt(hex, 16)),
    );

/** A pattern with `*` for any text. */
export const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );

interface Step {
  readonly line: number;
  /** `C`, `S`, `TLS`, `END`, `CLOSED` or the name of a field. */
  readonly kind: string;
  readonly text: string;
}

export function parseScript(script: string): Step[] {
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

export const fieldsOf = (steps: readonly Step[], name: string): string[] =>
  steps.filter(({ kind }) => kind === name).map(({ text }) => text);

/** Says and hears what the script has, to its end; then nothing more may come. */
export async function converse(steps: readonly Step[], client: Client, ca: string): Promise<void> {
  let packet = '';
  for (const { line, kind, text } of steps) {
    if (kind === 'C') {
      packet += text;
      continue;
    }
    if (packet !== '') client.send(packet);
    packet = '';
    if (kind === 'S') expect(await client.line(), `line ${line}`).toMatch(glob(text));
    else if (kind === 'TLS') await client.startTls(ca);
    else if (kind === 'END') client.end();
    else if (kind === 'CLOSED') expect(await client.line(), `line ${line}`).toBe(null);
  }
  if (packet !== '') client.send(packet);
  client.end();
  expect(await client.rest(), 'said beyond the script').toBe('');
}
