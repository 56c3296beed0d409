// A page of messages, with refused attempts between them where they are asked for.

import { Refusal } from '../../base/errors.ts';
import { accountOf } from '../../mail/address.ts';
import type { Message } from '../../mail/message.ts';
import type { Session } from '../../net/session.ts';
import { canonicalName } from '../../store/mailbox.ts';
import { compile } from '../../store/match.ts';
import type { Query } from '../../store/query.ts';
import type { Refused } from '../../store/refusals.ts';
import { search } from '../../store/search.ts';
import type { SearchOptions } from '../../store/search.ts';
import { newKept } from '../../store/state.ts';
import type { Kept, Mailbox, State } from '../../store/state.ts';
import type { ListItem, ListOf } from '../contract/types.ts';
import type { HttpDeps } from '../deps.ts';
import { HttpRefusal } from '../errors.ts';
import { refusalOf, summaryOf } from './summary.ts';

/** The mailbox that a caller names. @throws Refusal not-found */
export function mailboxNamed(state: State, account: string, mailbox = 'INBOX'): Mailbox {
  const owner = state.accounts.get(accountOf(account));
  if (!owner) throw new Refusal('not-found', `no account ${account}`);
  const found = owner.mailboxes.get(canonicalName(mailbox));
  if (!found) throw new Refusal('not-found', `no mailbox ${mailbox} in account ${owner.name}`);
  return found;
}

/** A refusal in the form of a message, so that the same query finds both. */
function asMessage(refused: Refused, session: Session | null): Kept {
  const { id, at, sessionId, sender, recipient, code, enhanced, text, faultId } = refused;
  const to = recipient === null ? [] : [{ name: '', address: recipient }];
  const message: Message = {
    id,
    receivedAt: at,
    size: 0,
    envelope: { sender, recipients: to },
    refused: recipient === null ? [] : [{ recipient, code, enhanced, text, faultId }],
    header: {
      from: [{ name: '', address: sender }],
      to,
      cc: [],
      bcc: [],
      toCount: to.length,
      subject: `${code} ${enhanced ?? ''} ${text}`,
      messageId: null,
      date: null,
    },
    origin: {
      source: 'smtp',
      sessionId,
      client: session?.client ?? null,
      user: session?.user ?? null,
      host: session?.host ?? '',
      helo: session?.helo ?? null,
      protocol: '',
      by: '',
    },
    defects: [],
  };
  const body = { segment: 0, offset: 0, length: 0 };
  return newKept({ message, body, captured: false });
}

export function matchingRefusals({ refusals, sessions, store }: HttpDeps, query: Query): Refused[] {
  const matcher = compile(query, { now: store.clock.now() });
  // What only a body could tell is not so: there is none.
  return refusals.list().filter((refused) => matcher.facts(asMessage(refused, sessions.get(refused.sessionId))) === true);
}

async function withRefusals(deps: HttpDeps, query: Query, options: SearchOptions): Promise<ListOf<ListItem>> {
  const { limit, offset = 0, sort = '-received', cursor } = options;
  if (sort !== '-received' && sort !== 'received') {
    throw new HttpRefusal('malformed', 'refused: goes with the order of arrival only', { details: { field: 'refused' } });
  }
  const refusals = matchingRefusals(deps, query);
  // Both kinds have ids of one counter: merged by id they are in the order in which they came.
  const page = await search(deps.store, query, { ...options, offset: 0, limit: offset + limit });
  const before = (a: string, b: string): boolean => (sort === 'received' ? a < b : a > b);
  const last = page.next;
  const between = refusals.filter(({ id }) => (cursor === undefined || before(cursor, id)) && (last === null || before(id, last)));
  const items = [...page.items.map((kept) => summaryOf(kept)), ...between.map(refusalOf)].sort((a, b) => (before(a.id, b.id) ? -1 : 1));
  const shown = items.slice(offset, offset + limit);
  const more = items.length > offset + limit || last !== null;
  return {
    items: shown,
    next: more ? (shown.at(-1)?.id ?? null) : null,
    total: page.total === null ? null : page.total + refusals.length,
    ...(page.totalAtLeast !== null && { totalAtLeast: page.totalAtLeast + refusals.length }),
  };
}

export async function listMessages(
  deps: HttpDeps,
  query: Query,
  { refused, ...options }: SearchOptions & { refused?: boolean },
): Promise<ListOf<ListItem>> {
  const mailbox = options.account === undefined ? undefined : mailboxNamed(deps.store.state, options.account, options.mailbox);
  if (refused && mailbox === undefined) return withRefusals(deps, query, options);
  const place = mailbox && { account: mailbox.account, mailbox: mailbox.name };
  const { items, next, total, totalAtLeast } = await search(deps.store, query, { ...options, ...place });
  return { items: items.map((kept) => summaryOf(kept, mailbox)), next, total, ...(totalAtLeast !== null && { totalAtLeast }) };
}
