import { describe, expect, it } from 'vitest';
import type { Named } from '../../../../server/imap/list/tree.ts';
import { nameChanges, toldOf } from '../../../../server/imap/notify/names-told.ts';
import type { Mailbox } from '../../../../server/store/state.ts';

const [one, two] = [{}, {}] as [Mailbox, Mailbox];
const named = (name: string, mailbox: Mailbox | null, subscribed = true): Named => ({
  name,
  mailbox,
  subscribed,
  hasChildren: false,
  subscribedBelow: false,
});

const CASES: readonly (readonly [what: string, before: readonly Named[], after: readonly Named[], told: readonly string[]])[] = [
  ['nothing', [named('a', one)], [named('a', one)], []],
  ['a new mailbox', [], [named('a', one)], ['MailboxName a']],
  ['one that is gone', [named('a', one)], [], ['MailboxName a, gone']],
  ['one that is gone and still subscribed to', [named('a', one)], [named('a', null)], ['MailboxName a, gone']],
  ['another name', [named('a', one)], [named('b', one)], ['MailboxName b, was a']],
  ['another name and no subscription', [named('a', one)], [named('b', one, false)], ['MailboxName b, was a']],
  ['another mailbox of the same name', [named('a', one)], [named('a', two)], ['MailboxName a']],
  ['a subscription', [named('a', one, false)], [named('a', one)], ['SubscriptionChange a']],
  ['a subscription that ends', [named('a', one)], [named('a', one, false)], ['SubscriptionChange a']],
  ['a subscription without a mailbox', [], [named('a', null)], ['SubscriptionChange a, gone']],
  ['the end of one', [named('a', null)], [], ['SubscriptionChange a, gone']],
  ['a level that comes with a mailbox below', [], [named('a', null, false), named('a/b', one)], ['MailboxName a/b']],
  [
    'names that two mailboxes exchange',
    [named('a', one), named('b', two)],
    [named('a', two), named('b', one)],
    ['MailboxName a, was b', 'MailboxName b, was a'],
  ],
];

describe('a change of names', () => {
  for (const [what, before, after, told] of CASES) {
    it(`tells ${what}`, () => {
      const changes = nameChanges(toldOf(before), after).map(
        ({ event, named: { name, mailbox }, old }) => `${event} ${name}${mailbox ? '' : ', gone'}${old === null ? '' : `, was ${old}`}`,
      );
      expect(changes).toEqual(told);
    });
  }
});
