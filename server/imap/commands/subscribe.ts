// SUBSCRIBE and UNSUBSCRIBE (RFC 9051 §6.3.7, §6.3.8): also of a mailbox that is not there.

import { command, ok } from '../command.ts';
import type { Command } from '../command.ts';
import { accountIn, findMailbox } from '../mailboxes.ts';
import { checkNewName } from '../../store/mailbox-names.ts';
import { readName } from '../names.ts';
import { LOGGED_IN } from './simple.ts';

const subscribing = (subscribed: boolean): Command =>
  command({
    phases: LOGGED_IN,
    parse(cursor, { enabled }) {
      cursor.space();
      const name = readName(cursor, enabled);
      cursor.end();
      return name;
    },
    async run(session, mailbox) {
      if (subscribed) checkNewName(mailbox);
      await findMailbox(session, mailbox);
      await session.deps.store.commit([{ type: 'mailbox.subscribed', account: accountIn(session).name, mailbox, subscribed }]);
      return ok(subscribed ? 'Subscribed' : 'Unsubscribed');
    },
  });

export const subscribe = subscribing(true);
export const unsubscribe = subscribing(false);
