import { describe, expect, it } from 'vitest';
import { checkNewName, parentsOf, renaming } from '../../../server/store/mailbox-names.ts';
import { openAccount, createMailbox } from '../../../server/store/mailbox.ts';
import { emptyState } from '../../../server/store/state.ts';

it('knows the levels above a name', () => {
  expect(parentsOf('a/b/c')).toEqual(['a', 'a/b']);
  expect(parentsOf('INBOX/b')).toEqual(['INBOX']);
});

it.each(['', 'a//b', '/a', 'a\u0000b', 'a%', '*', 'x'.repeat(1001), Array.from({ length: 51 }, () => 'a').join('/')])(
  'no mailbox is called %j',
  (name) => {
    expect(() => checkNewName(name)).toThrow();
  },
);

describe('another name', () => {
  const account = (...names: string[]) => {
    const state = emptyState();
    const opened = openAccount(state, 'jo@shop.test');
    for (const name of names) createMailbox(state, opened, name);
    return opened;
  };

  it.each<[string[], string, string, string[] | string]>([
    [['a'], 'a', 'b', ['a → b']],
    [['a', 'a/x', 'a/x/y', 'ab'], 'a', 'b', ['a → b', 'a/x → b/x', 'a/x/y → b/x/y']],
    [['a/x'], 'a', 'b', ['a/x → b/x']],
    [['a'], 'a', 'b/c', ['+ b', 'a → b/c']],
    [['INBOX/x'], 'INBOX', 'old', ['INBOX → old']],
    [['a', 'b'], 'a', 'b', 'taken'],
    [['a', 'a/x', 'b/x'], 'a', 'b', 'taken'],
    [['a'], 'a', 'a', 'taken'],
    [['a'], 'a', 'a/b', 'inside'],
    [[], 'a', 'b', 'missing'],
  ])('with %j, %s to %s: %j', (names, from, to, expected) => {
    const changes = renaming(account(...names), from, to, 0);
    const told =
      typeof changes === 'string'
        ? changes
        : changes.flatMap((change) =>
            change.type === 'mailbox.renamed'
              ? `${change.mailbox} → ${change.to}`
              : change.type === 'mailbox.created'
                ? `+ ${change.mailbox}`
                : [],
          );
    expect(told).toEqual(expected);
  });
});
