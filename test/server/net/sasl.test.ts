// SASL exchanges as tables: what the client says, what comes of it.

import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { apop, authenticate, mechanismsFor } from '../../../server/net/sasl.ts';
import type { AuthOutcome, Users } from '../../../server/net/sasl.ts';
import { scram } from '../../../server/net/sasl/scram.ts';
import type { ScramHash } from '../../../server/net/sasl/scram.ts';

const users: Users = {
  listed: true,
  login: (user, password) => (user === 'jö' && ['p w', 'to.ken'].includes(password) ? 'jö' : null),
  secretOf: (user) => (user === 'jö' ? 'p w' : undefined),
};
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
const rejected = { failure: 'rejected' } as const;
const xoauth = (token: string): string => b64(`user=jö\x01auth=Bearer ${token}\x01\x01`);
const bearer = (token: string): string => b64(`n,a=jö,\x01host=x.test\x01port=143\x01auth=Bearer ${token}\x01\x01`);

describe('authenticate', () => {
  it.each<[name: string, mechanism: string, initial: string | null, answers: string[], outcome: AuthOutcome, challenges: string[]]>([
    ['PLAIN at once', 'PLAIN', b64('\0jö\0p w'), [], ok, []],
    ['PLAIN on request', 'plain', null, [b64('\0jö\0p w')], ok, ['']],
    ['PLAIN as oneself', 'PLAIN', b64('jö\0jö\0p w'), [], ok, []],
    ['PLAIN for somebody else', 'PLAIN', b64('root\0jö\0p w'), [], { failure: 'unauthorized' }, []],
    ['PLAIN with a wrong password', 'PLAIN', b64('\0jö\0pw'), [], { failure: 'rejected' }, []],
    ['PLAIN with a part missing', 'PLAIN', b64('\0jö'), [], { failure: 'rejected' }, []],
    ['PLAIN with a part too many', 'PLAIN', b64('\0jö\0p w\0'), [], { failure: 'rejected' }, []],
    ['PLAIN that is no UTF-8', 'PLAIN', Buffer.from([0, 0xff, 0, 0x61]).toString('base64'), [], { failure: 'rejected' }, []],
    ['PLAIN, empty', 'PLAIN', '=', [], { failure: 'rejected' }, []],
    ['LOGIN', 'LOGIN', null, [b64('jö'), b64('p w')], ok, ['Username:', 'Password:']],
    ['LOGIN with the name at once', 'LOGIN', b64('jö'), [b64('p w')], ok, ['Password:']],
    ['LOGIN with a wrong password', 'LOGIN', null, [b64('jö'), ''], { failure: 'rejected' }, ['Username:', 'Password:']],
    ['LOGIN, cancelled', 'LOGIN', null, [b64('jö'), '*'], { failure: 'cancelled' }, ['Username:', 'Password:']],
    ['XOAUTH2', 'XOAUTH2', null, [xoauth('to.ken')], ok, ['']],
    ['XOAUTH2 with a wrong token', 'XOAUTH2', xoauth('other'), [b64('')], rejected, ['{"status":"401","schemes":"bearer","scope":"mail"}']],
    ['XOAUTH2, malformed', 'XOAUTH2', b64('user=jö'), [''], rejected, ['{"status":"401","schemes":"bearer","scope":"mail"}']],
    ['OAUTHBEARER', 'OAUTHBEARER', bearer('to.ken'), [], ok, []],
    [
      'OAUTHBEARER with a wrong token',
      'OAUTHBEARER',
      bearer('other'),
      [b64('\x01')],
      rejected,
      ['{"status":"invalid_token","scope":"mail"}'],
    ],
    [
      'OAUTHBEARER, cut off',
      'OAUTHBEARER',
      b64('n,a=jö,\x01auth=Bearer to.ken\x01'),
      [b64('\x01')],
      rejected,
      ['{"status":"invalid_token","scope":"mail"}'],
    ],
    ['SCRAM with a channel binding', 'SCRAM-SHA-1', b64('p=tls-unique,,n=jö,r=abc'), [], rejected, []],
    ['SCRAM, malformed', 'SCRAM-SHA-1', b64('n,,n=j=3,r=abc'), [], rejected, []],
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

const anybody: Users = { listed: false, login: (user) => user, secretOf: () => null };
const listed: Users = { ...users, listed: true };

describe('mechanismsFor', () => {
  it('offers SCRAM where passwords are known', () => {
    expect(mechanismsFor(anybody)).toEqual(['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2', 'OAUTHBEARER']);
    expect(mechanismsFor(listed)).toEqual(['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'XOAUTH2', 'OAUTHBEARER']);
  });
});

describe('CRAM-MD5', () => {
  const digest = (secret: string, challenge: string): string => createHmac('md5', secret).update(challenge).digest('hex');
  const login = (who: Users, name: string, digestOf: (challenge: string) => string): Promise<AuthOutcome> =>
    authenticate(
      'CRAM-MD5',
      null,
      (challenge) => Promise.resolve(b64(`${name} ${digestOf(Buffer.from(challenge, 'base64').toString())}`)),
      who,
    );

  it('wants a digest of its own challenge', async () => {
    const challenges = new Set<string>();
    for (let i = 0; i < 2; i++) {
      expect(
        await login(users, 'jö', (challenge) => {
          challenges.add(challenge);
          expect(challenge).toMatch(/^<[^<>@\s]+@[^<>@\s]+>$/);
          return digest('p w', challenge);
        }),
      ).toEqual(ok);
    }
    expect(challenges.size).toBe(2);
  });

  it('refuses any other digest, and users who are not there', async () => {
    expect(await login(users, 'jö', (challenge) => digest('x', challenge))).toEqual(rejected);
    expect(await login(users, 'jo', (challenge) => digest('p w', challenge))).toEqual(rejected);
    expect(await login(users, 'jö', () => '')).toEqual(rejected);
  });

  it('takes any digest where anybody may log in', async () => {
    expect(await login(anybody, 'a b', (challenge) => digest('any', challenge))).toEqual({ user: 'a b' });
    expect(await login(anybody, 'a b', () => 'nothing')).toEqual(rejected);
  });
});

it('knows the digest of the example of RFC 1939', () => {
  const banner = '<1896.697170952@dbc.mtview.ca.us>';
  const mrose: Users = { ...listed, secretOf: (user) => (user === 'mrose' ? 'tanstaaf' : undefined) };
  expect(apop(mrose, 'mrose', 'c4c9334bac560ecc979e58001b3e22fb', banner)).toBe('mrose');
  expect(apop(mrose, 'mrose', 'c4c9334bac560ecc979e58001b3e22fc', banner)).toBe(null);
  expect(apop(mrose, 'jo', 'c4c9334bac560ecc979e58001b3e22fb', banner)).toBe(null);
  expect(apop(anybody, 'jo', 'c4c9334bac560ecc979e58001b3e22fb', banner)).toBe('jo');
});

describe('SCRAM', () => {
  const user: Users = { ...listed, secretOf: (name) => (name === 'user' ? 'pencil' : undefined) };

  interface Vector {
    readonly hash: ScramHash;
    readonly salt: string;
    readonly server: string;
    readonly first: string;
    readonly final: string;
    readonly proof: string;
    readonly signature: string;
  }

  const VECTORS: Record<string, Vector> = {
    'RFC 5802 §5': {
      hash: 'sha1',
      salt: 'QSXCR+Q6sek8bf92',
      server: '3rfcNHYJY1ZVvWVs7j',
      first: 'n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL',
      final: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j',
      proof: 'v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
      signature: 'rmF9pqV8S7suAoZWja4dJRkFsKQ=',
    },
    'RFC 7677 §3': {
      hash: 'sha256',
      salt: 'W22ZaJ0SNY7soEsUEjb6gQ==',
      server: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
      first: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
      final: 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
      proof: 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
      signature: '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    },
  };

  async function run({ hash, salt, server }: Vector, answers: string[], who = user): Promise<{ name: string | null; said: string[] }> {
    const mechanism = scram(hash, { nonce: () => server, salt: () => Buffer.from(salt, 'base64'), iterations: 4096 });
    const said: string[] = [];
    const name = await mechanism((challenge) => {
      said.push(challenge);
      return Promise.resolve(Buffer.from(answers.shift() ?? ''));
    }, who);
    return { name, said };
  }

  for (const [title, vector] of Object.entries(VECTORS)) {
    const { first, final, proof, signature, salt } = vector;
    const nonce = final.slice('c=biws,r='.length);

    it(`proves both sides as in ${title}`, async () => {
      expect(await run(vector, [first, `${final},p=${proof}`, ''])).toEqual({
        name: 'user',
        said: ['', `r=${nonce},s=${salt},i=4096`, `v=${signature}`],
      });
    });

    it.each<[what: string, first: string, final: string]>([
      ['another proof', first, `${final},p=${'A'.repeat(proof.length - 1)}=`],
      ['no proof', first, final],
      ['another nonce', first, `${final.slice(0, -1)},p=${proof}`],
      ['another binding', first, `${final.replace('biws', 'eSws')},p=${proof}`],
      ['another user', first.replace('=user', '=User'), `${final},p=${proof}`],
      ['another identity', first.replace(',,', ',a=root,'), `${final},p=${proof}`],
    ])(`refuses %s (${title})`, async (_, one, two) => {
      expect((await run(vector, [one, two, ''])).name).toBe(null);
    });
  }

  it('tells the same of a user who is not there', async () => {
    const said: string[] = [];
    for (const name of ['nobody', 'nobody', 'user']) {
      const ask = (challenge: string): Promise<string> => {
        said.push(Buffer.from(challenge, 'base64').toString());
        return Promise.resolve(said.length % 2 === 1 ? b64(`n,,n=${name},r=abc`) : b64('c=biws,r=abc,p=AAAA'));
      };
      expect(await authenticate('SCRAM-SHA-256', null, ask, user)).toEqual(rejected);
    }
    const salts = said.flatMap((text) => /,s=([^,]+),/.exec(text)?.[1] ?? []);
    expect(salts[0]).toBe(salts[1]);
    expect(salts[2]).toHaveLength(salts[0]?.length ?? 0);
  });

  it('is unknown where any password will do', async () => {
    expect(await authenticate('SCRAM-SHA-256', 'eSws', () => Promise.resolve(''), anybody)).toEqual({ failure: 'unknown-mechanism' });
  });
});
