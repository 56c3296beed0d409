// NOTIFY: what the client wants to be told of, at any time and of any mailbox (RFC 5465).

import { command, no, ok } from '../command.ts';
import { accountIn } from '../mailboxes.ts';
import { readAsked, SUPPORTED } from '../notify/groups.ts';
import type { Asked } from '../notify/groups.ts';
import { statusOfWatched } from '../notify/news.ts';
import { startWatch } from '../notify/watch.ts';
import { sync, tell } from '../sync.ts';
import { LOGGED_IN } from './simple.ts';

export const notify = command<Asked>({
  phases: LOGGED_IN,
  parse: (cursor, { enabled }) => readAsked(cursor, enabled),
  async run(session, { groups, status, unsupported }) {
    if (unsupported) return no('Not all of these events are told here', `BADEVENT (${SUPPORTED})`);
    // What has happened so far is told whatever is wanted from now on (RFC 5465 §3.1).
    session.watch?.stop();
    session.watch = null;
    await sync(session);
    session.watch = startWatch(session, accountIn(session), groups, true);
    if (status) await tell(session, statusOfWatched(session, session.watch));
    return ok(groups.length > 0 ? 'It will be told' : 'Nothing will be told');
  },
});
