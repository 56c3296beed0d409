// Joins the routes of messages with what they do.

import { facets } from '../../store/facets.ts';
import { parseQuery } from '../../store/query.ts';
import type { Kept } from '../../store/state.ts';
import * as archive from '../contract/routes/archive.ts';
import * as many from '../contract/routes/messages.ts';
import type { Facet, MessageDetail } from '../contract/types.ts';
import type { HttpDeps, HttpLimits } from '../deps.ts';
import type { Serve } from '../endpoint.ts';
import { deleteMany, markMany, undoDeletion } from '../messages/change.ts';
import { inject } from '../messages/inject.ts';
import { listMessages, mailboxNamed } from '../messages/list.ts';
import { matchingRefusals } from '../messages/refusals.ts';
import { answerWait } from '../messages/wait.ts';
import type { Waits } from '../messages/waits.ts';

export interface MessageParts {
  readonly deps: HttpDeps;
  readonly limits: HttpLimits;
  readonly waits: Waits;
  readonly detail: (kept: Kept) => Promise<MessageDetail>;
}

/** Leaves out what is undefined, as the store's options want it. */
const given = <T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };

export function serveMessages(serve: Serve, { deps, limits, waits, detail }: MessageParts): void {
  const { store } = deps;

  serve(many.listMessages, ({ query: { q = '', limit, ...rest } }) => listMessages(deps, parseQuery(q), { limit, ...given(rest) }));

  serve(many.messageFacets, async ({ query: { q = '', account, mailbox } }) => {
    const query = parseQuery(q);
    const place = account === undefined ? undefined : mailboxNamed(store.state, account, mailbox);
    const { recipients, domains, senders, users, tags, states } = await facets(store, query, place);
    const lists = { recipients, domains, senders, users, tags, states };
    return { ...(lists as { [K in keyof typeof lists]: Facet[] }), refusals: place ? 0 : matchingRefusals(deps, query).length };
  });

  serve(many.waitForMessages, ({ query, context }) => answerWait({ store, waits, limits, detail }, query, context.req.raw.signal));

  serve(many.changeMessages, ({ query, body }) => markMany(store, query, body));

  serve(many.removeMessages, ({ query, body }) => deleteMany(deps, query, body));

  serve(archive.undo, ({ body }) => undoDeletion(deps, body.undo));

  serve(many.injectMessage, async ({ query, body, raw, context }) => {
    const { id, sessionId, refused } = await inject(deps, { ...query, client: context.get('peer').client }, raw ?? body);
    return { id, sessionId, refused: [...refused] };
  });
}
