// SASL exchanges as tables: what the client says, what comes of it.

import { describe, expect, it } from 'vitest';
import { authenticate } from '../../../server/net/sasl.ts';
import type { AuthOutcome, Users } from '../../../server/net/sasl.ts';

const users: Users = { login: (user, password) => (user === 'jö' && password === 'p w' ? 'jö' : null) };
const b64 = (text: string): string => Buffer.from(text).toString('base64');

/** Gives these answers in turn and keeps the challenges. */
async function converse(
  mechanism: string,
  initial: string | null,
  answers: readonly string[],
): Promise<{ outcome: AuthOutcome; challenges: string[] }> {
  const challenges: string[] = [];
  const left = [...answers];
  const ask = (challenge: string): Promise<string> => {
    challenges.push(Buffer.from(challenge, 'base64').toString());
    const answer = left.shift();
    return answer === undefined ? Promise.reject(new Error('connection ended')) : Promise.resolve(answer);
  };
  return { outcome: await authenticate(mechanism, initial, ask, users), challenges };
}

const ok = { user: 'jö' };

describe('authenticate', () => {
  it.each<[name: string, mechanism: string, initial: string | null, answers: string[], outcome: AuthOutcome, challenges: string[]]>([
    ['PLAIN at once', 'PLAIN', b64('\0jö\0p w'), [], ok, []],
    ['PLAIN on request', 'plain', null, [b64('\0jö\0p w')], ok, ['']],
    ['PLAIN as oneself', 'PLAIN', b64('jö\0jö\0p w'), [], ok, []],
    ['PLAIN for somebody else', 'PLAIN', b64('root\0jö\0p w'), [], { failure: 'rejected' }, []],
    ['PLAIN with a wrong password', 'PLAIN', b64('\0jö\0pw'), [], { failure: 'rejected' }, []],
    ['PLAIN with a part missing', 'PLAIN', b64('\0jö'), [], { failure: 'rejected' }, []],
    ['PLAIN with a part too many', 'PLAIN', b64('\0jö\0p w\0'), [], { failure: 'rejected' }, []],
    ['PLAIN that is no UTF-8', 'PLAIN', Buffer.from([0, 0xff, 0, 0x61]).toString('base64'), [], { failure: 'rejected' }, []],
    ['PLAIN, empty', 'PLAIN', '=', [], { failure: 'rejected' }, []],
    ['LOGIN', 'LOGIN', null, [b64('jö'), b64('p w')], ok, ['Username:', 'Password:']],
    ['LOGIN with the name at once', 'LOGIN', b64('jö'), [b64('p w')], ok, ['Password:']],
    ['LOGIN with a wrong password', 'LOGIN', null, [b64('jö'), ''], { failure: 'rejected' }, ['Username:', 'Password:']],
    ['LOGIN, cancelled', 'LOGIN', null, [b64('jö'), '*'], { failure: 'cancelled' }, ['Username:', 'Password:']],
    ['no base64', 'LOGIN', null, ['jö'], { failure: 'bad-base64' }, ['Username:']],
    ['base64 without its padding', 'PLAIN', 'AGE', [], { failure: 'bad-base64' }, []],
    ['an unknown mechanism', 'GSSAPI', null, [], { failure: 'unknown-mechanism' }, []],
    ['a name of the language', 'constructor', null, [], { failure: 'unknown-mechanism' }, []],
  ])('%s', async (_, mechanism, initial, answers, outcome, challenges) => {
    expect(await converse(mechanism, initial, answers)).toEqual({ outcome, challenges });
  });

  it('passes on that the connection has ended', async () => {
    await expect(converse('LOGIN', null, [])).rejects.toThrow('connection ended');
  });
});
