// Joins the routes of conversations, of the server itself and of live events with what they do.

import { Refusal } from '../../base/errors.ts';
import { accountOf } from '../../mail/address.ts';
import type { Session } from '../../net/session.ts';
import { compile } from '../../store/match.ts';
import { parseQuery } from '../../store/query.ts';
import * as routes from '../contract/routes/server.ts';
import type { HttpDeps, HttpLimits } from '../deps.ts';
import type { Serve } from '../endpoint.ts';
import { HttpRefusal } from '../errors.ts';
import type { Auth } from '../guard/auth.ts';
import type { Hub, Reading } from '../live/hub.ts';
import { openSocket } from '../live/socket.ts';
import { openStream } from '../live/stream.ts';
import { sessionDetailOf } from '../messages/summary.ts';
import { resetAll } from '../reset.ts';
import { sessionPage } from '../sessions.ts';

export interface ServerParts {
  readonly deps: HttpDeps;
  readonly limits: HttpLimits;
  readonly auth: Auth;
  readonly hub: Hub;
}

interface AskedLive {
  readonly q?: string | undefined;
  readonly since?: string | undefined;
  readonly session?: string | undefined;
  readonly account?: string | undefined;
  readonly sessions?: boolean | undefined;
}

export function serveServer(serve: Serve, { deps, limits, auth, hub }: ServerParts): void {
  const { store, sessions } = deps;

  function sessionOf(id: string): Session {
    const session = sessions.get(id);
    if (!session) throw new Refusal('not-found', `no session ${id}`);
    return session;
  }

  function readingOf({ q, since, session, sessions: all, account }: AskedLive): Reading {
    if (hub.readers >= limits.readers) throw new HttpRefusal('busy', `${limits.readers} live readers are connected already`);
    const matcher = q === undefined || q.trim() === '' ? null : compile(parseQuery(q), { now: store.clock.now() });
    const followed = account === undefined ? null : accountOf(account);
    return { since: since ?? null, matcher, session: session ?? null, sessions: all ?? false, account: followed };
  }

  serve(routes.listSessions, ({ query: { q = '', ...paging } }) => sessionPage(sessions.list(), q, store.clock.now(), paging));
  serve(routes.openSession, ({ params }) => sessionDetailOf(sessionOf(params.id)));
  serve(routes.closeSession, ({ params }) => ({ closed: sessions.close(sessionOf(params.id).id) }));

  serve(routes.serverInfo, () => deps.info());

  serve(routes.certificate, async () => {
    const pem = await deps.caPem();
    if (pem === null) throw new Refusal('not-found', 'the certificate was not made here');
    return new Response(pem, {
      headers: { 'Content-Type': 'application/x-pem-file', 'Content-Disposition': 'attachment; filename="mailrig-ca.pem"' },
    });
  });

  serve(routes.resetServer, async ({ body }) => {
    const deleted = await resetAll(deps, body);
    hub.tell({ type: 'reset' });
    return { deleted };
  });

  serve(routes.logIn, ({ body: { user, password }, context }) => {
    if (!auth.login(user, password)) throw new HttpRefusal('auth-failed', 'wrong user or password');
    return new Response(null, { status: 204, headers: { 'Set-Cookie': auth.cookie(context) } });
  });

  serve(routes.liveSocket, async ({ query, context }) => {
    const upgraded = await openSocket(context, hub, readingOf(query), limits.heartbeat);
    if (!upgraded) throw new HttpRefusal('malformed', 'this is a WebSocket; the same as a plain stream is /v1/events');
    return upgraded;
  });

  serve(routes.liveEvents, ({ query, context }) =>
    openStream(hub, readingOf({ ...query, since: context.req.header('last-event-id') ?? query.since }), limits.heartbeat),
  );
}
