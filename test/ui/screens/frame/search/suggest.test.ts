import { describe, expect, it } from 'vitest';
import type { Facets } from '../../../../../server/http/contract/types.ts';
import { boxOf } from '../../../../../ui/screens/frame/search/box.ts';
import { countedFor, suggest, type Known } from '../../../../../ui/screens/frame/search/suggest.ts';

const facets: Facets = {
  recipients: [{ value: 'jm@shop.test', count: 3 }],
  domains: [],
  senders: [
    { value: 'hello@acme.test', count: 9 },
    { value: 'ci@gitlab.test', count: 4 },
    { value: '', count: 1 },
  ],
  users: [{ value: 'web 1', count: 2 }],
  tags: [],
  states: [{ value: 'unread', count: 5 }],
  refusals: 0,
};
const known = (draft: string, more: Partial<Known> = {}): Known => ({
  box: { chips: [], draft },
  caret: draft.length,
  facets,
  saved: [],
  recent: [],
  today: '2026-01-31',
  ...more,
});
const words = (draft: string, more?: Partial<Known>): string[] =>
  suggest(known(draft, more)).map(({ word, count }) => (count === undefined ? word : `${word} ${count}`));

describe('what is proposed', () => {
  it.each([
    ['fro', ['from:']],
    ['-fro', ['from:']],
    ['xyz', []],
    ['"fro', []],
    ['from:', ['from:hello@acme.test 9', 'from:ci@gitlab.test 4']],
    ['welcome from:AC', ['from:hello@acme.test 9']],
    ['from:hello@acme.test', []],
    ['user:w', ['user:"web 1" 2']],
    ['is:', ['is:unread 5', 'is:read 0', 'is:starred 0', 'is:pinned 0']],
    ['has:a', ['has:attachment']],
    ['after:', ['after:2026-01-31', 'after:10m', 'after:1h', 'after:1d', 'after:7d']],
    ['subject:a', []],
  ])('after %j is %j', (draft, expected) => expect(words(draft)).toEqual(expected));

  it('in an empty box is saved and recent searches, and then every field', () => {
    const found = words('', { saved: [{ name: 'Mine', search: '?q=rcpt%3Ame' }], recent: ['is:unread'] });
    expect(found.slice(0, 3)).toEqual(['Mine', 'is:unread', 'from:']);
    expect(found).toContain('filename:');
  });

  it('beside chips is no earlier search', () => {
    expect(words('', { box: boxOf('from:acme'), recent: ['is:unread'] })[0]).toBe('from:');
  });
});

describe('values are counted', () => {
  it.each([
    ['welcome from:ac', 'welcome', 'welcome from:ac'],
    ['from:', '', ''],
    ['welcome -from:', 'welcome', 'welcome'],
    ['a OR from:b', '', 'from:b'],
  ])('for %j in %j, then in %j', (draft, rest, narrow) => {
    expect(countedFor({ chips: [], draft }, draft.length)).toEqual({ name: 'senders', rest, narrow });
  });

  it('within the chips', () => {
    expect(countedFor({ ...boxOf('is:unread'), draft: 'to:j' }, 4)).toEqual({
      name: 'recipients',
      rest: 'is:unread',
      narrow: 'is:unread to:j',
    });
  });

  it('not where nothing is counted', () => expect(countedFor({ chips: [], draft: 'subject:a' }, 9)).toBeUndefined());
});
