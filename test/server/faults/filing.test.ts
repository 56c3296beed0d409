// Filing only spares questions: whoever would meet a rule is asked for it, in the order of the list.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Match, TextMatch } from '../../../server/faults/fault.ts';
import { file, placeOf } from '../../../server/faults/filing.ts';
import { matcherOf } from '../../../server/faults/matching.ts';
import { point } from './rig.ts';

const addresses = fc.constantFrom(
  'jo@shop.test',
  'Jo+Tag@SHOP.test',
  '"a@b"@shop.test',
  'jo',
  '',
  '*@x',
  'jo@xn--bcher-kva.test',
  'jo@bücher.test',
);
const words = fc.constantFrom('jo', 'Jo', 'app', 'INBOX', '42', '', '=?utf-8?q?42?=');

const texts = (of: fc.Arbitrary<string>): fc.Arbitrary<TextMatch> =>
  fc.oneof(
    of,
    of.map((equals) => ({ equals })),
    of.map((contains) => ({ contains })),
    fc.constantFrom('*', 'jo@*', '*@shop.test', '?o@shop.test', 'j*@*.test', '*@*', { regex: '^j' }),
  );

const matches: fc.Arbitrary<Match> = fc.record(
  {
    sender: texts(addresses),
    recipient: texts(addresses),
    domain: texts(fc.constantFrom('shop.test', 'SHOP.TEST', 'bücher.test', 'xn--bcher-kva.test', '*.test')),
    clientIp: fc.constantFrom('127.0.0.1', '10.0.0.0/8', '::1', '127.0.0.0/8'),
    helo: texts(words),
    user: texts(words),
    mailbox: texts(words),
    header: fc.dictionary(fc.constantFrom('X-Run', 'x-run', 'X-Other'), texts(words), { maxKeys: 2 }),
  },
  { requiredKeys: [] },
);

const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of);

const points = fc
  .record({
    sender: maybe(addresses),
    recipient: maybe(addresses),
    recipients: fc.array(addresses, { maxLength: 3 }),
    client: fc.constantFrom('127.0.0.1:1', '10.1.2.3:1', '[::1]:1'),
    helo: maybe(words),
    user: maybe(words),
    mailbox: maybe(words),
    fields: fc.array(fc.record({ name: fc.constantFrom('x-run', 'x-other', 'subject'), value: words }), { maxLength: 3 }),
  })
  .map(({ fields, ...rest }) =>
    point({ ...rest, valuesOf: (wanted) => fields.flatMap(({ name, value }) => (name === wanted ? [value] : [])) }),
  );

describe('filing', () => {
  it('asks every rule that is met, in their order', () => {
    fc.assert(
      fc.property(fc.array(matches, { maxLength: 8 }), fc.array(points, { minLength: 1, maxLength: 4 }), (list, asked) => {
        const rules = list.map((match, i) => ({ match, i, meets: matcherOf(match) ?? (() => true) }));
        const found = file(rules, ({ match }) => match);
        for (const one of asked) {
          const candidates = found(one);
          expect(candidates.map(({ i }) => i)).toEqual([...candidates.map(({ i }) => i)].sort((a, b) => a - b));
          expect(candidates.filter(({ meets }) => meets(one)).map(({ i }) => i)).toEqual(
            rules.filter(({ meets }) => meets(one)).map(({ i }) => i),
          );
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[Match, ReturnType<typeof placeOf>]>([
    [{ recipient: '*@W1.test' }, ['domain', 'w1.test']],
    [{ recipient: 'jo@*' }, ['recipient', 'jo']],
    [{ recipient: 'jo*@*.test' }, undefined],
    [{ recipient: { equals: '*@shop.test' } }, ['domain', 'shop.test']],
    [{ recipient: 'jo' }, undefined],
    [{ domain: 'shop.test', header: { 'X-Run': '1' } }, ['domain', 'shop.test']],
    [{ domain: '*.shop.test', user: 'jo' }, ['user', 'jo']],
    [{ sender: 'app@*' }, ['sender', 'app']],
    [{ clientIp: '10.0.0.0/8' }, ['client', '10.0.0.0/8']],
    [{ header: { 'X-Run': '42' } }, ['header', 'x-run:42']],
    [{ header: { 'X-Run': '4*' }, subject: { contains: 'x' } }, undefined],
    [{}, undefined],
  ])('%j is filed under %j', (match, place) => expect(placeOf(match)).toEqual(place));

  it('looks into a few rules only where many are for somebody else', () => {
    const rules = Array.from({ length: 1000 }, (_, i) => ({ match: { recipient: `*@w${i}.test` } }));
    expect(file(rules, ({ match }) => match)(point({ recipient: 'jo@w7.test' }))).toEqual([rules[7]]);
    expect(file(rules, ({ match }) => match)(point({ recipient: 'jo@shop.test' }))).toEqual([]);
  });
});
