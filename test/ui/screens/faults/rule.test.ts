import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../../server/http/contract/types.ts';
import { asCall, asJson, readRule, wholeOf, withId, wordsOf } from '../../../../ui/screens/faults/rule.ts';

const fault: Fault = {
  id: 'f1',
  name: null,
  enabled: true,
  ttl: null,
  on: { protocol: 'smtp', stage: 'rcpt', host: null },
  match: {},
  when: { times: 2 },
  do: [{ reply: "450 don't" }],
  hits: 3,
  lastHitAt: null,
  createdAt: '2026-01-31T14:02:11.482Z',
  expiresAt: null,
  source: 'ui',
};

it('is what was said, without what the server adds', () => {
  expect(wordsOf(fault)).toEqual({ on: { protocol: 'smtp', stage: 'rcpt' }, when: { times: 2 }, do: [{ reply: "450 don't" }] });
  expect(wordsOf({ ...fault, enabled: false, name: 'x' })).toMatchObject({ name: 'x', enabled: false });
  expect(withId(fault)).toMatchObject({ id: 'f1', when: { times: 2 } });
  expect(readRule(asJson(fault))).toEqual(wordsOf(fault));
});

it('takes away what is not in it any more, and leaves alone whether it is on', () => {
  expect(wholeOf({ on: { stage: 'mail' }, script: ['reset'] })).toEqual({
    name: null,
    ttl: null,
    on: { stage: 'mail' },
    match: null,
    when: null,
    do: null,
    script: ['reset'],
  });
});

it('is a call that a shell can take', () => {
  expect(asCall(fault, 'http://127.0.0.1:8025/v1/faults')).toBe(
    String.raw`curl http://127.0.0.1:8025/v1/faults -H 'content-type: application/json' -d '{"on":{"protocol":"smtp","stage":"rcpt"},"when":{"times":2},"do":[{"reply":"450 don'\''t"}]}'`,
  );
});

describe('JSON that is no rule', () => {
  it.each(['', '{', '{"on":'])('says why %j cannot be read', (json) => expect(readRule(json)).toMatch(/^No JSON: /));
  it.each([
    'null',
    '5',
    '[]',
    '{}',
    '{"on":{}}',
    '{"on":{"stage":"rcpt"},"do":5}',
    '{"on":{"stage":"rcpt"},"when":{"attempts":5}}',
    '{"on":{"stage":"rcpt"},"do":[{"reply":{}}]}',
  ])('is told of %s', (json) => expect(readRule(json)).toMatch(/^A rule is/));
});
