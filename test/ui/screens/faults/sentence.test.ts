import { describe, expect, it } from 'vitest';
import { STAGES } from '../../../../server/faults/stages.ts';
import type { Fault, FaultRule, FaultWhen } from '../../../../server/http/contract/types.ts';
import { pieces, sentence } from '../../../../ui/screens/faults/sentence.ts';

const reply = [{ reply: '450 4.2.0 Try again later' }];
const at = (stage: string, more: Partial<FaultRule> = {}, protocol?: 'smtp' | 'imap' | 'pop3'): FaultRule => ({
  on: { stage, ...(protocol && { protocol }) },
  do: reply,
  ...more,
});

describe('where a rule stands', () => {
  it.each([
    ['connect', 'Every connection as it connects on submission gets 450 4.2.0'],
    ['banner', 'Every connection at the banner on submission gets 450 4.2.0'],
    ['ehlo', 'Every connection at EHLO on submission gets 450 4.2.0'],
    ['starttls', 'Every connection at STARTTLS on submission gets 450 4.2.0'],
    ['tls', 'Every connection in the TLS handshake on submission gets 450 4.2.0'],
    ['auth', 'Every login at AUTH on submission gets 450 4.2.0'],
    ['mail', 'Every message at MAIL on submission gets 450 4.2.0'],
    ['rcpt', 'Every recipient at RCPT on submission gets 450 4.2.0'],
    ['data', 'Every message at DATA on submission gets 450 4.2.0'],
    ['body', 'Every message in the body on submission gets 450 4.2.0'],
    ['end-of-data', 'Every message at the final dot on submission gets 450 4.2.0'],
    ['bdat', 'Every chunk at BDAT on submission gets 450 4.2.0'],
    ['rset', 'Every command at RSET on submission gets 450 4.2.0'],
    ['noop', 'Every command at NOOP on submission gets 450 4.2.0'],
    ['quit', 'Every command at QUIT on submission gets 450 4.2.0'],
    ['any', 'Every command on submission gets 450 4.2.0'],
  ])('smtp %s', (stage, expected) => expect(sentence(at(stage))).toBe(expected));

  it.each([
    ['imap', 'connect', 'Every IMAP connection as it connects is reset'],
    ['imap', 'greeting', 'Every connection at the IMAP greeting is reset'],
    ['imap', 'starttls', 'Every connection at IMAP STARTTLS is reset'],
    ['imap', 'tls', 'Every connection in the IMAP TLS handshake is reset'],
    ['imap', 'login', 'Every client at the IMAP login is reset'],
    ['imap', 'select', 'Every command at IMAP SELECT is reset'],
    ['imap', 'quit', 'Every command at IMAP LOGOUT is reset'],
    ['imap', 'any', 'Every IMAP command is reset'],
    ['pop3', 'login', 'Every client at the POP3 login is reset'],
    ['pop3', 'retr', 'Every command at POP3 RETR is reset'],
    ['pop3', 'quit', 'Every command at POP3 QUIT is reset'],
  ] as const)('%s %s', (protocol, stage, expected) => expect(sentence(at(stage, { do: [{ reset: true }] }, protocol))).toBe(expected));

  it('has words for every stage there is', () => {
    for (const protocol of ['smtp', 'imap', 'pop3'] as const) {
      for (const stage of STAGES[protocol]) expect(sentence(at(stage, {}, protocol))).toMatch(/^Every \S.* gets 450 4\.2\.0$/);
    }
  });

  it.each([
    [{ stage: 'select' }, 'Every command at IMAP SELECT gets 450 4.2.0'],
    [{ stage: 'dele' }, 'Every command at POP3 DELE gets 450 4.2.0'],
    [{ stage: 'rcpt', host: 'mx1.shop.test' }, 'Every recipient at RCPT on mx1.shop.test gets 450 4.2.0'],
    [{ stage: 'rcpt', host: '*' }, 'Every recipient at RCPT on every host gets 450 4.2.0'],
  ])('%j', (on, expected) => expect(sentence({ on, do: reply })).toBe(expected));
});

describe('how often it fires', () => {
  it.each<[FaultWhen, string]>([
    [{ attempts: { first: 1 } }, 'The first attempt of each sender and recipient at RCPT on submission gets 450 4.2.0'],
    [
      { attempts: { first: 2 }, attemptKey: 'triplet' },
      'The first 2 attempts of each client, sender and recipient at RCPT on submission get 450 4.2.0',
    ],
    [{ attempts: { from: 3, to: 5 } }, 'Attempts 3 to 5 of each sender and recipient at RCPT on submission get 450 4.2.0'],
    [{ attempts: { from: 3, to: 3 } }, 'Attempt 3 of each sender and recipient at RCPT on submission gets 450 4.2.0'],
    [{ attempts: { from: 2 } }, 'All attempts of each sender and recipient from the 2nd on at RCPT on submission get 450 4.2.0'],
    [{ attempts: { nth: [1, 4, 9] } }, 'Attempts 1, 4 and 9 of each sender and recipient at RCPT on submission get 450 4.2.0'],
    [{ attempts: { nth: [7] } }, 'Attempt 7 of each sender and recipient at RCPT on submission gets 450 4.2.0'],
    [{ attempts: { every: 3 }, attemptKey: 'user' }, 'Every 3rd attempt of each user at RCPT on submission gets 450 4.2.0'],
    [{ probability: 0.5, seed: 1 }, 'Half of all recipients (seed 1) at RCPT on submission get 450 4.2.0'],
    [{ probability: 0.1 }, 'One in 10 of all recipients at RCPT on submission gets 450 4.2.0'],
    [{ probability: 0.35 }, '35% of all recipients at RCPT on submission get 450 4.2.0'],
    [
      { probability: 0.5, attempts: { first: 2 } },
      'Half of the first 2 attempts of each sender and recipient at RCPT on submission get 450 4.2.0',
    ],
    [{ probability: 1 }, 'Every recipient at RCPT on submission gets 450 4.2.0'],
    [{ rate: { over: 10, per: '1m' } }, 'All recipients over 10 a minute from one client address at RCPT on submission get 450 4.2.0'],
    [{ rate: { over: 3, per: '90s', by: 'sender' } }, 'All recipients over 3 in 90 s from one sender at RCPT on submission get 450 4.2.0'],
    [{ rate: { over: 3, per: '1h', by: 'domain' } }, 'All recipients over 3 an hour to one domain at RCPT on submission get 450 4.2.0'],
    [{ concurrency: { over: 2 } }, 'All recipients beyond 2 at a time from one client address at RCPT on submission get 450 4.2.0'],
    [{ firstSeen: { under: '5m' } }, 'Every recipient at RCPT on submission gets 450 4.2.0, until 5 min after it was first seen'],
    [
      { window: { after: '1m', for: '15m' } },
      'Every recipient at RCPT on submission gets 450 4.2.0, from 1 min after the rule was made, for 15 min',
    ],
    [{ times: 1 }, 'Every recipient at RCPT on submission gets 450 4.2.0, once in all'],
    [{ times: 5 }, 'Every recipient at RCPT on submission gets 450 4.2.0, 5 times in all'],
  ])('%j', (when, expected) => expect(sentence(at('rcpt', { when }))).toBe(expected));

  it.each([
    [0, ', 4 times in all'],
    [3, ', 1 of 4 times left'],
    [4, ', spent'],
  ])('counts what is left after %i hits', (hits, end) => {
    const fault = { ...at('rcpt', { when: { times: 4 } }), hits } as Fault;
    expect(sentence(fault)).toBe(`Every recipient at RCPT on submission gets 450 4.2.0${end}`);
  });

  it.each([
    ['banner', 'client address'],
    ['mail', 'sender'],
    ['end-of-data', 'sender and recipient'],
    ['select', 'user'],
    ['greeting', 'client address', 'pop3'],
  ] as const)('at %s counts by %s where the rule does not say', (stage, key, protocol?: 'pop3') =>
    expect(sentence(at(stage, { when: { attempts: { first: 1 } } }, protocol))).toContain(`The first attempt of each ${key} `),
  );
});

describe('whom it meets', () => {
  it.each<[NonNullable<FaultRule['match']>, string]>([
    [{ recipient: '*@shop.test', sender: 'app@*' }, ', to *@shop.test, from app@*, gets'],
    [{ recipient: { regex: '^vip' } }, ', to /^vip/, gets'],
    [{ subject: { contains: 'fail' } }, ', with the subject *fail*, gets'],
    [{ user: { equals: 'jo' } }, ', logged in as “jo”, gets'],
    [{ domain: 'shop.test' }, ', to anyone at shop.test, gets'],
    [{ clientIp: '10.0.0.0/8', helo: 'web-*' }, ', from the client 10.0.0.0/8, that calls itself web-*, gets'],
    [{ header: { 'X-Test-Run': '42' } }, ', with X-Test-Run: 42, gets'],
    [{ size: { over: 100_000, under: 2_000_000 } }, ', over 100 KB, under 2 MB, gets'],
    [{ mailbox: 'INBOX' }, ', in INBOX, gets'],
    [{ recipient: 'a\u202eb@c' }, ', to a\ufffdb@c, gets'],
  ])('%j', (match, part) => expect(sentence(at('end-of-data', { match }))).toContain(part));
});

describe('what it does', () => {
  it.each<[FaultRule['do'], string]>([
    [[{ reply: '421 4.3.2 Busy' }], 'gets 421 4.3.2 and a closed connection'],
    [[{ reply: { code: 550, enhanced: '5.1.1', lines: ['No', 'such user'] } }], 'gets 550 5.1.1'],
    [[{ reply: { code: 450, lines: ['x'], then: 'reset' } }], 'gets 450 and a reset'],
    [[{ reply: { code: 421, lines: ['x'], then: 'continue' } }], 'gets 421'],
    [[{ reply: 'NO [LIMIT] Too many' }], 'gets NO [LIMIT]'],
    [[{ reply: '-ERR [IN-USE] Busy' }], 'gets -ERR [IN-USE]'],
    [[{ close: true }], 'is closed without a word'],
    [[{ reset: true }], 'is reset'],
    [[{ stall: true }], 'gets no answer'],
    [[{ truncate: { bytes: 100, then: 'reset' } }], 'is reset after 100 B'],
    [[{ truncate: { bytes: 2000, then: 'close' } }], 'is closed after 2 KB'],
    [[{ discard: true }], 'is taken and thrown away'],
    [[{ hold: true }], 'is held in the queue'],
    [[{ corrupt: 'malformed' }], 'gets a reply that is none'],
    [[{ corrupt: 'bad-code' }], 'gets a reply with a code that there is not'],
    [[{ corrupt: 'missing-crlf' }], 'gets a reply without its line end'],
    [[{ corrupt: 'class-mismatch' }], 'gets a reply whose two codes disagree'],
    [[{ acceptThen: 'reset' }], 'is kept, the reply lost to a reset'],
    [[{ acceptThen: 'close' }], 'is kept, the reply lost to a closed connection'],
    [[{ acceptThen: 'stall' }], 'is kept, the reply never sent'],
    [[{ acceptThen: { reply: '451 4.3.0 no' } }], 'is kept, but told 451 4.3.0'],
    [[{ bounce: { status: '5.1.1', diagnostic: 'x', after: '1h' } }], 'is taken, then bounced with 5.1.1 after 1 h'],
    [[{ pass: true }], 'passes'],
    [[{ delay: '2s' }], 'waits 2 s'],
    [[{ delay: { min: '2s', max: '8s' } }], 'waits 2 to 8 s'],
    [[{ delay: { min: 500, max: '2s' } }, { reset: true }], 'is reset after 500 ms to 2 s'],
    [[{ throttle: { bytesPerSecond: 1000, direction: 'in' } }], 'is slowed to 1 KB a second as it sends'],
    [[{ trickle: { bytes: 1, every: '100ms' } }], 'is answered 1 B every 100 ms'],
    [[{ capabilities: { remove: ['STARTTLS', 'SIZE'] } }], 'is offered no STARTTLS, SIZE'],
    [[{ capabilities: { heloOnly: true } }], 'is offered HELO only'],
    [[{ certificate: 'expired' }], 'meets a certificate that is expired'],
    [[{ tls: 'garbage' }], 'gets garbage in place of TLS'],
    [[{ tls: 'alert' }], 'gets a TLS alert'],
    [[{ silence: ['exists', 'flags'] }], 'is not told of EXISTS and FLAGS'],
    [[{ uidValidity: 'bump' }], 'finds another UIDVALIDITY'],
    [[{ throttle: { bytesPerSecond: 10, direction: 'both' } }, { close: true }], 'is slowed to 10 B a second and is closed without a word'],
  ])('%j', (acts, end) => expect(sentence({ on: { stage: 'mail' }, do: acts ?? [] })).toBe(`Every message at MAIL on submission ${end}`));

  it('tells a script step by step', () => {
    const script = ['451 4.7.1 later', 'reset', { corrupt: 'bad-code' as const }, 'pass'];
    expect(sentence({ on: { stage: 'mail' }, script })).toBe(
      'Each sender, attempt by attempt, at MAIL on submission gets 451 4.7.1, then a reset, then a reply with a code that there is not, then what is true',
    );
  });
});

it('makes strong what tells a rule from others', () => {
  const rule = at('rcpt', { on: { stage: 'rcpt', host: 'mx2.shop.test' }, match: { recipient: 'jo@*' } });
  expect(
    pieces(rule)
      .filter(({ strong }) => strong)
      .map(({ text }) => text.trim()),
  ).toEqual(['Every recipient', 'on mx2.shop.test', 'gets 450 4.2.0']);
});
