import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../server/pop3/commands/table.ts';
import { Client } from '../../conversations/client.ts';
import { startPop3, USER } from '../../conversations/pop3-server.ts';

type Answers = readonly [before: string, after: string];

const LOGIN_FIRST = '-ERR Log in first';
const ALREADY = '-ERR Already logged in';

/** For each command, given without argument or with this one, the answer before and after the login. */
const TABLE: Readonly<Record<string, Answers>> = {
  CAPA: ['+OK Capabilities follow', '+OK Capabilities follow'],
  STLS: ['+OK Begin TLS negotiation', '-ERR Not after the login'],
  'USER jo@shop.test': ['+OK Send PASS', ALREADY],
  'PASS x': ['-ERR Send USER first', ALREADY],
  'APOP jo@shop.test c4c9334bac560ecc979e58001b3e22fb': ['+OK Maildrop has 1 message', ALREADY],
  AUTH: ['+OK Mechanisms follow', ALREADY],
  UTF8: ['+OK UTF8 enabled', ALREADY],
  'LANG en': ['+OK en Replies are in English', '+OK en Replies are in English'],
  STAT: [LOGIN_FIRST, expect.stringMatching(/^\+OK 1 \d+$/) as string],
  LIST: [LOGIN_FIRST, expect.stringMatching(/^\+OK 1 message/) as string],
  UIDL: [LOGIN_FIRST, '+OK 1 message'],
  'RETR 1': [LOGIN_FIRST, expect.stringMatching(/^\+OK \d+ octets$/) as string],
  'TOP 1 0': [LOGIN_FIRST, '+OK Top of message follows'],
  'DELE 1': [LOGIN_FIRST, '+OK Message 1 will be deleted at QUIT'],
  RSET: [LOGIN_FIRST, expect.stringMatching(/^\+OK Maildrop has 1 message \(\d+ octets\)$/) as string],
  NOOP: [LOGIN_FIRST, '+OK Nothing done'],
  QUIT: ['+OK Bye', '+OK Bye'],
  LAST: ['-ERR Unknown command', '-ERR Unknown command'],
};

async function answerTo(line: string, loggedIn: boolean): Promise<string | null> {
  await using server = await startPop3();
  await server.sample.send();
  const client = await Client.connect(server.port);
  const ask = async (text: string): Promise<string | null> => {
    client.send(`${text}\r\n`);
    return client.line();
  };
  await client.line();
  if (loggedIn) {
    await ask(`USER ${USER.user}`);
    await ask(`PASS ${USER.password}`);
  }
  const answer = await ask(line);
  client.destroy();
  return answer;
}

describe('every command in every state', () => {
  for (const [line, [before, after]] of Object.entries(TABLE)) {
    it(`${line} before the login`, async () => expect(await answerTo(line, false)).toEqual(before));
    it(`${line} after it`, async () => expect(await answerTo(line, true)).toEqual(after));
  }

  it('the table names every command there is', () => {
    const named = new Set(Object.keys(TABLE).map((line) => line.split(' ')[0]));
    expect([...COMMANDS.keys()].filter((verb) => !named.has(verb))).toEqual([]);
  });
});
