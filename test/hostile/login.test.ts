// Who guesses passwords: a connection is good for no more than `maxErrors` of them, and nothing tells a wrong name from a wrong password.

import { describe, expect, it } from 'vitest';
import { Client } from '../conversations/client.ts';
import { startImap } from '../conversations/imap-server.ts';
import { startPop3 } from '../conversations/pop3-server.ts';

const settings = { maxErrors: 5 };
const imap = () => startImap({ settings, users: { 'jo@shop.test': 'se cret' } });
const pop3 = () => startPop3({ settings, listed: true });

const plain = (user: string, password: string): string => Buffer.from(`\0${user}\0${password}`).toString('base64');

const GUESSES = [
  ['LOGIN', imap, (user: string) => `g LOGIN ${user} wrong`, 'g NO [AUTHENTICATIONFAILED] '],
  ['AUTHENTICATE PLAIN', imap, (user: string) => `g AUTHENTICATE PLAIN ${plain(user, 'wrong')}`, 'g NO [AUTHENTICATIONFAILED] '],
  ['PASS', pop3, (user: string) => `USER ${user}\r\nPASS wrong`, '-ERR [AUTH] '],
  ['AUTH PLAIN', pop3, (user: string) => `AUTH PLAIN ${plain(user, 'wrong')}`, '-ERR [AUTH] '],
  ['APOP', pop3, (user: string) => `APOP ${user} ${'0'.repeat(32)}`, '-ERR [AUTH] '],
] as const;

describe('guesses at passwords', () => {
  it.each(GUESSES)('by %s end the connection', async (_, start, guess, refusal) => {
    await using server = await start();
    const client = await Client.connect(server.port);
    // Written at once: a guesser does not wait.
    client.send(`${Array.from({ length: 100 }, (_, i) => guess(i % 2 === 0 ? 'jo@shop.test' : 'nobody@shop.test')).join('\r\n')}\r\n`);
    const said = await client.rest();
    const refused = said.split('\r\n').filter((line) => line.startsWith(refusal));
    expect(refused.length).toBeGreaterThanOrEqual(settings.maxErrors);
    expect(refused.length).toBeLessThanOrEqual(settings.maxErrors + 1);
    expect(new Set(refused).size).toBe(1);
    expect(said).toMatch(/(BYE|-ERR) Too many errors\r\n$/);
    expect(server.errors).toEqual([]);
    client.destroy();
  });
});
