// IDLE: what happens is told when it happens (RFC 2177, RFC 9051 §6.3.13).

import { bad, command, ok } from '../command.ts';
import type { Completion } from '../command.ts';
import type { ImapSession } from '../session.ts';
import { sync } from '../sync.ts';
import { LOGGED_IN, nothing } from './simple.ts';

interface News {
  /** Something has happened that the client has not been told. */
  any: boolean;
}

/** Waits for the line that ends it, and tells meanwhile. */
async function untilDone(session: ImapSession, news: News): Promise<string> {
  const { connection, deps } = session;
  for (;;) {
    // More may happen while a client that reads slowly is told.
    while (news.any) {
      news.any = false;
      await sync(session);
    }
    const line = connection.tryLine(deps.settings.maxCommandLine || Infinity);
    if (line !== undefined) return line;
    await connection.more(true);
  }
}

export const idle = command({
  phases: LOGGED_IN,
  parse: nothing,
  async run(session): Promise<Completion> {
    const { connection, deps, state } = session;
    connection.writeLine('+ idling');
    const news: News = { any: true };
    const stop = deps.store.events.on((event) => {
      if (event.type !== 'mailbox.changed' || state.phase !== 'selected' || event.mailbox !== state.view.mailbox) return;
      news.any = true;
      connection.wake();
    });
    try {
      const line = await untilDone(session, news);
      return /^done$/i.test(line.trim()) ? ok('Idle completed') : bad('Expected DONE');
    } finally {
      stop();
    }
  },
});
