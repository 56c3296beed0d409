// Rules that are wrong, and what is said of them: the path of the field, and why.

import { expect, it } from 'vitest';
import { Refusal } from '../../../server/base/errors.ts';
import { allCells, ENDINGS, MODIFIERS } from '../../../server/faults/cells.ts';
import { readRule } from '../../../server/faults/read-rule.ts';

function refusal(rule: unknown): string {
  try {
    readRule(rule);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'unprocessable') return error.message;
    throw error;
  }
  return 'taken';
}

const rcpt = { on: { stage: 'rcpt' }, do: [{ close: true }] };

it.each<[unknown, string]>([
  [rcpt, 'taken'],
  [null, /expected object/.source],
  [{ ...rcpt, whn: {} }, 'whn: unknown field, when may be meant'],
  [{ ...rcpt, match: { recipent: 'a' } }, 'match.recipent: unknown field, recipient may be meant'],
  [{ on: { stage: 'rctp' }, do: [{ close: true }] }, 'on.stage: no stage of SMTP; there are connect'],
  [{ on: { stage: 'login' }, do: [{ close: true }] }, 'on.protocol: imap and pop3 have this stage: say which'],
  [{ on: { stage: 'rcpt' } }, 'do: something to do is missing'],
  [{ ...rcpt, script: ['reset'] }, 'script: do and script exclude each other'],
  [{ ...rcpt, do: [{ close: true }, { delay: '1s' }] }, 'do[1]: modifiers stand before the ending'],
  [{ ...rcpt, do: [{ close: true }, { reset: true }] }, 'do[1]: there is an ending already'],
  [{ ...rcpt, do: [{ delay: '1s' }, { delay: '2s' }] }, 'do[1]: delay stands here twice'],
  [{ ...rcpt, do: [{ delai: '1s' }] }, 'do[0].delai: unknown, delay may be meant'],
  [{ ...rcpt, do: [{ delay: 'soon' }] }, 'do[0].delay: '],
  [{ ...rcpt, do: [{ delay: { min: '5s', max: '1s' } }] }, 'do[0].delay: min is more than max'],
  [{ ...rcpt, do: [{ discard: true }] }, 'do[0].discard: not at rcpt of SMTP'],
  [{ ...rcpt, do: [{ hold: true }] }, 'do[0].hold: there is no queue yet'],
  [{ ...rcpt, do: [{ reply: 'sorry' }] }, 'do[0].reply: no reply of SMTP: "sorry"'],
  [{ ...rcpt, do: [{ reply: '450 5.1.1 no' }] }, 'do[0].reply: the enhanced code is of another class than 4xx'],
  [{ ...rcpt, do: [{ reply: '450 no\r\nQUIT' }] }, 'do[0].reply'],
  [{ ...rcpt, do: [{ reply: { code: 450, enhanced: '5.1.1', lines: ['x'] } }] }, 'do[0].reply.enhanced: of another class than 450'],
  [{ ...rcpt, script: undefined, do: undefined }, 'do: something to do is missing'],
  [{ on: { stage: 'rcpt' }, script: ['later'] }, 'script[0]: neither a reply of SMTP nor one of close'],
  [{ on: { stage: 'rcpt' }, script: ['reset', { delay: '1s' }] }, 'script[1]: a script has endings only'],
  [{ on: { stage: 'rcpt' }, script: ['reset'], when: { attempts: { first: 1 } } }, 'when.attempts: a script says itself'],
  [{ ...rcpt, match: { subject: 'x' } }, 'match.subject: not known at rcpt of SMTP'],
  [{ on: { stage: 'mail' }, match: { recipient: '*' }, do: [{ close: true }] }, 'match.recipient: not known at mail of SMTP'],
  [{ ...rcpt, match: { recipient: { regex: '(' } } }, 'match.recipient'],
  [{ ...rcpt, match: { recipient: { regex: '(a+)+$' } } }, 'match.recipient'],
  [{ ...rcpt, match: { clientIp: 'here' } }, 'match.clientIp: an address or a network expected'],
  [{ ...rcpt, match: { recipient: { regex: '((a+))*$' } } }, 'match.recipient'],
  [{ on: { stage: 'end-of-data' }, match: { size: { over: 9, under: 10 } }, do: [{ close: true }] }, 'match.size: it would never fire'],
  [{ ...rcpt, do: [{ reply: { code: 354, lines: ['go on'] } }] }, 'do[0].reply'],
  [{ ...rcpt, do: [{ reply: '354 go on' }] }, 'do[0].reply: no reply of SMTP'],
  [{ ...rcpt, hits: 3, lastHitAt: null, createdAt: 1, expiresAt: null, source: 'api' }, 'taken'],
  [{ ...rcpt, when: { probability: 0 } }, 'when.probability: it would never fire'],
  [{ ...rcpt, when: { times: 0 } }, 'when.times'],
  [{ ...rcpt, when: { attempts: { from: 3, to: 2 } } }, 'when.attempts: it would never fire'],
  [{ ...rcpt, when: { window: { for: '0s' } } }, 'when.window.for: it would never fire'],
  [{ ...rcpt, when: { rate: { over: 1, per: '0s' } } }, 'when.rate.per: more than no time expected'],
  [
    { on: { stage: 'banner' }, do: [{ close: true }], when: { attemptKey: 'recipient' } },
    'when.attemptKey: recipient is not known at this stage',
  ],
  [{ ...rcpt, ttl: 'never' }, 'ttl: a length of time expected'],
  [{ ...rcpt, id: 'a b' }, 'id: an id of letters'],
  [{ on: { protocol: 'imap', stage: 'select' }, do: [{ reply: '450 no' }] }, 'do[0].reply: no reply of IMAP'],
  [{ on: { protocol: 'imap', stage: 'select' }, do: [{ reply: 'NO [UNAVAILABLE] later' }] }, 'taken'],
  [
    { on: { protocol: 'imap', stage: 'greeting' }, do: [{ reply: 'NO [UNAVAILABLE] later' }] },
    'do[0].reply: a greeting of IMAP that refuses is BYE',
  ],
  [{ on: { protocol: 'imap', stage: 'select' }, do: [{ reply: 'OK done' }] }, 'do[0].reply: no reply of IMAP'],
  [{ on: { protocol: 'pop3', stage: 'login' }, do: [{ reply: '-ERR [IN-USE] busy' }] }, 'taken'],
  [{ on: { protocol: 'pop3', stage: 'login' }, do: [{ corrupt: 'bad-code' }] }, 'do[0].corrupt: not at login of POP3'],
  [{ on: { stage: 'retr' }, do: [{ truncate: { bytes: 10, then: 'reset' } }] }, 'taken'],
  [{ ...rcpt, do: [{ constructor: true }] }, 'do[0].constructor: unknown'],
  [{ on: { stage: 'rcpt' }, script: [{ toString: true }] }, 'script[0].toString: unknown'],
  [{ on: { stage: 'constructor' }, do: [{ close: true }] }, 'on.stage: no stage of SMTP'],
  [{ on: { protocol: 'imap', stage: '__proto__' }, do: [{ close: true }] }, 'on.stage: no stage of IMAP'],
  [{ ...rcpt, do: [{ ['x'.repeat(100_000)]: true }] }, `do[0].${'x'.repeat(194)}…: unknown`],
  [{ ...rcpt, ttl: '0s' }, 'ttl: it would be gone at once'],
  [{ ...rcpt, id: 'options' }, 'id: this word is taken'],
  [{ ...rcpt, id: '..' }, 'id: an id of letters'],
  [{ ...rcpt, on: { stage: 'rcpt', host: 'imap' } }, 'on.host: imap speaks IMAP'],
  [{ ...rcpt, on: { stage: 'rcpt', host: 'lmtp' } }, 'taken'],
  [{ ...rcpt, do: [{ throttle: { bytesPerSecond: 10, direction: 'in' } }] }, 'do[0].throttle.direction: nothing is read'],
  [{ on: { stage: 'append' }, do: [{ throttle: { bytesPerSecond: 10, direction: 'in' } }] }, 'do[0].throttle.direction: nothing is read'],
  [{ on: { stage: 'bdat' }, do: [{ throttle: { bytesPerSecond: 10, direction: 'in' } }] }, 'taken'],
  [{ on: { stage: 'starttls' }, do: [{ corrupt: 'missing-crlf' }] }, 'do[0].corrupt: what comes after this answer is TLS'],
])('%j', (rule, expected) => {
  expect(refusal(rule)).toContain(expected.slice(0, 30) === 'expected object' ? 'expected object' : expected);
});

const SAMPLES: Readonly<Record<string, unknown>> = {
  delay: '1s',
  throttle: { bytesPerSecond: 10, direction: 'both' },
  trickle: { bytes: 1, every: '1s' },
  capabilities: { remove: ['SIZE'] },
  certificate: 'expired',
  tls: 'alert',
  silence: ['exists'],
  uidValidity: 'bump',
  truncate: { bytes: 1, then: 'close' },
  corrupt: 'malformed',
  acceptThen: 'reset',
  bounce: { status: '5.1.1', diagnostic: 'no' },
};
const REPLIES = { smtp: '450 4.2.0 no', imap: 'BYE no', pop3: '-ERR no' };

it('every cell of the table is taken as it says, and nothing else', () => {
  const wrong: string[] = [];
  for (const { protocol, stage, modifiers, endings } of allCells()) {
    for (const act of [...MODIFIERS, ...ENDINGS]) {
      const value = act === 'reply' ? REPLIES[protocol] : (SAMPLES[act] ?? true);
      const legal = ([...modifiers, ...endings] as string[]).includes(act);
      const taken = refusal({ on: { protocol, stage }, do: [{ [act]: value }] }) === 'taken';
      if (taken !== legal) wrong.push(`${protocol} ${stage} ${act}: ${taken ? 'taken' : 'refused'}`);
    }
  }
  expect(wrong).toEqual([]);
});
