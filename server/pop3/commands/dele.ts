// DELE, RSET and QUIT: messages are marked, unmarked, and only at the end removed (RFC 1939 §5, §6).

import { command, without } from '../dialogue.ts';
import { noteRead, removeDeleted, totalOf } from '../maildrop.ts';
import { checkMessage, messageOf } from '../numbers.ts';
import { closing, counted, LOGIN_FIRST, ok, refused } from '../replies.ts';

export const dele = command<'open'>({
  otherwise: { greeted: LOGIN_FIRST },
  check: (_, argument, { maildrop }) => checkMessage(maildrop, argument),
  run(_, argument, { maildrop }) {
    const message = messageOf(maildrop, argument);
    if ('line' in message) return message;
    maildrop.deleted.add(message.place);
    return ok(`Message ${message.number} will be deleted at QUIT`);
  },
});

export const rset = command<'open'>({
  otherwise: { greeted: LOGIN_FIRST },
  check: without('RSET'),
  async run({ deps }, _, { maildrop }) {
    maildrop.deleted.clear();
    const { messages, octets } = await totalOf(deps, maildrop);
    return ok(`Maildrop has ${counted(messages, 'message')} (${counted(octets, 'octet')})`);
  },
});

const BYE = closing(ok('Bye'));
const NOT_REMOVED = closing(refused('Some deleted messages could not be removed', 'SYS/PERM'));
const NOT_NOW = closing(refused('Deleted messages could not be removed', 'SYS/TEMP'));

export const quit = command<'greeted' | 'open'>({
  otherwise: {},
  check: without('QUIT'),
  last: true,
  async run({ deps, connection, state }) {
    if (state.phase === 'greeted') return BYE;
    try {
      await noteRead(deps.store, state.maildrop);
      return (await removeDeleted(deps.store, state.maildrop)) > 0 ? NOT_REMOVED : BYE;
    } catch (error) {
      // Whatever it was, the session ends: it is the client's to come back.
      connection.report(error);
      return NOT_NOW;
    } finally {
      state.maildrop.release();
    }
  },
});

export const noop = command<'open'>({
  otherwise: { greeted: LOGIN_FIRST },
  check: without('NOOP'),
  run: () => ok('Nothing done'),
});
