// The mailboxes that reading clients meet faults at, and what is in them.

import type { Rule } from '../../server/faults/fault.ts';
import type { Mailbox } from '../../server/store/state.ts';
import type { Sample } from '../server/store/sample.ts';

export const USER = 'jo@shop.test';

export function inboxOf({ store }: Sample): Mailbox {
  const mailbox = store.state.accounts.get(USER)?.mailboxes.get('INBOX');
  if (!mailbox) throw new Error('no inbox');
  return mailbox;
}

export const subjects = (sample: Sample): string[] =>
  Array.from(inboxOf(sample).entries, ({ kept, flags }) => [kept.message.header.subject, ...flags].join(' '));

export async function fill(sample: Sample): Promise<void> {
  for (const Subject of ['one', 'two']) await sample.send({ header: { Subject }, text: 'x'.repeat(2_000) });
}

/** Meets the first command at its stage, and no other. */
export const once = (protocol: 'imap' | 'pop3', stage: Rule['on']['stage'], ...what: NonNullable<Rule['do']>): readonly Rule[] => [
  { on: { protocol, stage }, when: { times: 1 }, do: what },
];
