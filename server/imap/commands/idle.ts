// IDLE: what happens is told when it happens (RFC 2177, RFC 9051 §6.3.13).

import { bad, command, ok } from '../command.ts';
import type { Completion } from '../command.ts';
import { accountIn } from '../mailboxes.ts';
import { tellNews } from '../notify/news.ts';
import { idleWatch } from '../notify/watch.ts';
import type { ImapSession } from '../session.ts';
import { LOGGED_IN, nothing } from './simple.ts';

/** Waits for the line that ends it, and tells meanwhile; null where it is ended otherwise. */
async function untilDone(session: ImapSession): Promise<string | null> {
  const { connection, deps } = session;
  for (;;) {
    if (session.due) return null;
    await tellNews(session, true);
    const line = connection.tryLine(deps.settings.maxCommandLine || Infinity);
    if (line !== undefined) return line;
    await connection.more(true);
  }
}

export const idle = command({
  phases: LOGGED_IN,
  parse: nothing,
  lasts: true,
  async run(session): Promise<Completion | null> {
    session.connection.writeLine('+ idling');
    const before = session.watch;
    const watch = before ?? idleWatch(session, accountIn(session));
    // Removals that NOTIFY delays may be told now.
    watch.stirred = true;
    session.watch = watch;
    try {
      const line = await untilDone(session);
      if (line === null) return null;
      return /^done$/i.test(line.trim()) ? ok('Idle completed') : bad('Expected DONE');
    } finally {
      session.watch = before;
      if (before === null) watch.stop();
    }
  },
});
