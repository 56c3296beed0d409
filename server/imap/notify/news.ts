// Tells a client what it has asked NOTIFY for, between commands and in IDLE (RFC 5465 §5).

import type { Mailbox } from '../../store/state.ts';
import { nameAttributes } from '../list/attributes.ts';
import { namesOf } from '../list/tree.ts';
import { accountIn } from '../mailboxes.ts';
import { nameLine } from '../names.ts';
import { statusText } from '../status-items.ts';
import type { ImapSession } from '../session.ts';
import { sync, tell } from '../sync.ts';
import { nameChanges, toldOf } from './names-told.ts';
import type { NameChange } from './names-told.ts';
import type { EventGroup, EventName, Watch } from './order.ts';
import { knownOf } from './watch.ts';

const wants = (groups: readonly EventGroup[], event: EventName, name: string, subscribed: boolean): boolean =>
  groups.some(({ mailboxes, events }) => typeof mailboxes === 'function' && events.has(event) && mailboxes(name, subscribed));

function nameLines(session: ImapSession, watch: Watch): string[] {
  if (watch.names === null) return [];
  const names = namesOf(accountIn(session));
  const changes = nameChanges(watch.names, names);
  watch.names = toldOf(names);
  // Whoever unsubscribes a mailbox had it subscribed: it is told once more.
  const wanted = ({ event, named, old }: NameChange): boolean =>
    [named.name, old ?? named.name].some((name) => wants(watch.groups, event, name, named.subscribed || event === 'SubscriptionChange'));
  return changes.filter(wanted).map(({ named, old }) => {
    const attributes = nameAttributes(named, { extended: true, subscribed: true }).join(' ');
    return nameLine({ name: named.name, given: old ?? named.name }, session.enabled, attributes);
  });
}

/** The items of STATUS that tell of a change, where the client wants to hear of it; none where nothing has changed for it. */
function itemsFor(session: ImapSession, { groups, known }: Watch, mailbox: Mailbox): string[] {
  const before = known.get(mailbox) ?? { uidNext: 1, messages: 0, highestModseq: 0 };
  const now = knownOf(mailbox);
  known.set(mailbox, now);
  const has = (event: EventName): boolean => wants(groups, event, mailbox.name, mailbox.subscribed);
  const modseq = session.enabled.has('CONDSTORE') ? ['HIGHESTMODSEQ'] : [];
  if (now.uidNext !== before.uidNext || now.messages !== before.messages)
    return has('MessageNew') ? ['UIDNEXT', 'MESSAGES', ...modseq] : [];
  return now.highestModseq !== before.highestModseq && has('FlagChange') ? ['UIDVALIDITY', 'HIGHESTMODSEQ'] : [];
}

function statusLines(session: ImapSession, watch: Watch): string[] {
  const { mailboxes } = accountIn(session);
  const selected = session.state.phase === 'selected' ? session.state.view.mailbox : null;
  const lines: string[] = [];
  const changed = [...watch.changed];
  watch.changed.clear();
  for (const mailbox of changed) {
    if (mailboxes.get(mailbox.name) !== mailbox) watch.known.delete(mailbox);
    else if (mailbox === selected) {
      // What is not told of it while it is selected is told after that.
      if (watch.selected?.events.has('MessageNew') === true) watch.known.set(mailbox, knownOf(mailbox));
      else watch.changed.add(mailbox);
    } else {
      const items = itemsFor(session, watch, mailbox);
      if (items.length > 0) lines.push(statusText(session, mailbox, items));
    }
  }
  return lines;
}

/** What mailboxes that are watched have, but for the selected one, which the client knows (RFC 5465 §3.1). */
export function statusOfWatched(session: ImapSession, { groups }: Watch): string[] {
  const items = ['MESSAGES', 'UIDNEXT', 'UIDVALIDITY', ...(session.enabled.has('CONDSTORE') ? ['HIGHESTMODSEQ'] : [])];
  const selected = session.state.phase === 'selected' ? session.state.view.mailbox : null;
  return Array.from(accountIn(session).mailboxes.values())
    .filter((mailbox) => mailbox !== selected && wants(groups, 'MessageNew', mailbox.name, mailbox.subscribed))
    .map((mailbox) => statusText(session, mailbox, items));
}

/**
 * Until there is nothing more to tell: what happens while the client reads is told too. What the client did itself is not left out,
 * for others may have done something at the same moment. In IDLE removals are told at once, whatever NOTIFY says of other times.
 */
export async function tellNews(session: ImapSession, inIdle = false): Promise<void> {
  const { watch } = session;
  while (watch?.stirred === true) {
    watch.stirred = false;
    await tell(session, [...nameLines(session, watch), ...statusLines(session, watch)]);
    await sync(session, { removals: inIdle || watch.selected?.mailboxes === 'selected', byUid: watch.withUid });
  }
}
