// Plays every IMAP conversation in fixtures/conversations/imap.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Client } from './client.ts';
import { startImap } from './imap-server.ts';
import type { ImapOptions } from './imap-server.ts';
import { glob, unescape } from './script.ts';

const FOLDER = new URL('../../fixtures/conversations/imap/', import.meta.url);

/**
 * A file holds one conversation of one client or several (A, B, …), a line at a time:
 *
 *     # comment
 *     options: {"settings": {"requireTls": true}}
 *     mail: {"to": ["jo@shop.test"]}   a message arrives
 *     C: a LOGIN jo@shop.test x        sent with CRLF by client A; lines in a row are sent in one packet
 *     C| raw \r\n \x00                 sent as it is, with escapes
 *     S: a OK *                        its next line; * is any text
 *     B C: / B C| / B S:               the same for a second client
 *     LOGIN / B LOGIN                  greeting and login as jo@shop.test
 *     SELECT / B SELECT                selects INBOX, whatever is told of it
 *     TLS                              handshake
 *     RELEASE                          all faults are taken away
 *     STOP                             the server is stopped, with the patience of a minute
 *     CLOSED                           the server has closed
 *     hidden: text                     nowhere in a transcript
 *     marked: text                     a line of a transcript, said by a fault; * is any text
 */
const STEP =
  /^(?:(options|mail|hidden|marked): (.*)|(?:([A-Z]) )?(?:([CS])(?:: ?(.*)|\| ?(.*))|(LOGIN|SELECT|TLS|END|RELEASE|STOP|CLOSED)))$/;

async function play(script: string): Promise<void> {
  const options = JSON.parse(/^options: (.*)$/m.exec(script)?.[1] ?? '{}') as ImapOptions;
  await using server = await startImap(options);
  const clients = new Map<string, Client>();
  const packets = new Map<string, string>();
  const clientOf = async (name: string): Promise<Client> => {
    const client =
      clients.get(name) ??
      (options.tls === 'implicit' ? await Client.connectTls(server.port, server.ca) : await Client.connect(server.port));
    clients.set(name, client);
    return client;
  };
  const send = async (): Promise<void> => {
    for (const [name, packet] of packets) (await clientOf(name)).send(packet);
    packets.clear();
  };

  for (const [index, text] of script.split('\n').entries()) {
    if (text.trim() === '' || text.startsWith('#')) continue;
    const match = STEP.exec(text);
    const at = `line ${index + 1}: ${text}`;
    if (match === null) throw new Error(at);
    const [, field, value = '', name = 'A', side, line, raw, word] = match;
    if (side === 'C') {
      const said = line === undefined ? unescape(raw ?? '') : `${Buffer.from(line).toString('latin1')}\r\n`;
      packets.set(name, (packets.get(name) ?? '') + said);
      continue;
    }
    await send();
    if (field === 'mail') await server.sample.send(JSON.parse(value) as object);
    if (side === 'S') expect(await (await clientOf(name)).line(), at).toMatch(glob(Buffer.from(line ?? '').toString('latin1')));
    if (word === 'TLS') await (await clientOf(name)).startTls(server.ca);
    if (word === 'END') (await clientOf(name)).end();
    if (word === 'CLOSED') expect(await (await clientOf(name)).line(), at).toBe(null);
    if (word === 'RELEASE') server.faults.clear();
    if (word === 'STOP') void server.stop();
    if (word === 'SELECT') {
      const client = await clientOf(name);
      client.send('select SELECT INBOX\r\n');
      let line = await client.line();
      while (line?.startsWith('* ') === true) line = await client.line();
      expect(line, at).toMatch(/^select OK /);
    }
    if (word === 'LOGIN') {
      const client = await clientOf(name);
      expect(await client.line(), at).toMatch(/^\* OK /);
      client.send('login LOGIN jo@shop.test secret\r\n');
      expect(await client.line(), at).toMatch(/^login OK /);
    }
  }
  await send();
  for (const [name, client] of clients) {
    client.end();
    expect(await client.rest(), `said to ${name} beyond the script`).toBe('');
  }
  expect(server.errors).toEqual([]);
  expect(server.inflight(), 'room still reserved').toBe(0);
  for (const [, wanted = ''] of script.matchAll(/^marked: (.*)$/gm)) {
    const marked = server.sessions.list().flatMap(({ lines }) => lines.flatMap(({ text, faultId }) => (faultId === null ? [] : text)));
    expect(marked).toContainEqual(expect.stringMatching(glob(wanted)));
  }
  for (const [, secret] of script.matchAll(/^hidden: (.*)$/gm)) {
    for (const session of server.sessions.list()) expect(session.lines.map(({ text }) => text).join('\n')).not.toContain(secret);
  }
}

describe('IMAP conversations', () => {
  for (const name of readdirSync(FOLDER)) {
    it(name.replace(/\.txt$/, '').replaceAll('-', ' '), () => play(readFileSync(new URL(name, FOLDER), 'utf8')));
  }
});
