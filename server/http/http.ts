// Joins the HTTP side: guards first, then the API, the description of it, and the web page.

import { Hono } from 'hono';
import { importMessages as importRoute } from './contract/routes/archive.ts';
import { HTTP_LIMITS } from './deps.ts';
import type { HttpApp, HttpDeps, HttpEnv, HttpLimits } from './deps.ts';
import { describeApi } from './description.ts';
import { serving } from './endpoint.ts';
import { errorAnswer, HttpRefusal } from './errors.ts';
import { serveDocs } from './files/docs.ts';
import { builtFolders } from './files/folder.ts';
import { serveUi } from './files/ui.ts';
import { createAuth } from './guard/auth.ts';
import { bodyGuard } from './guard/body.ts';
import { cors } from './guard/cors.ts';
import { securityHeaders } from './guard/headers.ts';
import { host } from './guard/host.ts';
import { origin } from './guard/origin.ts';
import { peer } from './guard/peer.ts';
import { createHub } from './live/hub.ts';
import { createOpener, detailOf } from './messages/detail.ts';
import { createFinder } from './messages/find.ts';
import { createWaits } from './messages/waits.ts';
import { serveAccounts } from './routes/accounts.ts';
import { serveArchive } from './routes/archive.ts';
import { serveDeliveries } from './routes/deliveries.ts';
import { serveFaults } from './routes/faults.ts';
import { serveMessage } from './routes/message.ts';
import { serveMessages } from './routes/messages.ts';
import { serveReceivers } from './routes/receivers.ts';
import { serveSandbox } from './routes/sandbox.ts';
import { serveServer } from './routes/server.ts';
import { createBoard } from './sandbox/board.ts';
import type { Kept, Mailbox } from '../store/state.ts';

export interface Http {
  readonly app: HttpApp;
  readonly limits: HttpLimits;
  /** How many callers wait for messages. */
  readonly waiting: number;
  /** What went wrong, as an answer. */
  errorAnswer(error: unknown): Response;
  /** Ends waits and live readers; what is asked from now on is answered 503. */
  stop(): void;
}

export function createHttp(deps: HttpDeps): Http {
  const { store, settings, log, now = Date.now, folders = builtFolders() } = deps;
  const limits: HttpLimits = { ...HTTP_LIMITS, ...deps.limits };
  const base = settings.basePath === '/' ? '' : settings.basePath;
  const api = `${base}/v1`;
  const health = [`${base}/healthz`, `${base}/readyz`];
  const report = (error: unknown): void => log.error('bug in a listener', { error });

  const previewPath = new RegExp(`^${api.replace(/[.~]/g, '\\$&')}/messages/([^/]+)/preview$`);
  const auth = createAuth({
    settings,
    now,
    open: [...health, `${api}/login`],
    previewOf: (path) => previewPath.exec(path)?.[1] ?? null,
  });
  const waits = createWaits(store, report);
  const board = createBoard({ ...deps, report, now });
  const hub = createHub({ ...deps, board, limits, report });
  const finder = createFinder(store, limits.gone);
  const open = createOpener(settings);
  let stopping = false;

  async function detail(kept: Kept, mailbox?: Mailbox): Promise<ReturnType<typeof detailOf>> {
    const { id } = kept.message;
    const token = auth.previewToken(id);
    const previewUrl = `${api}/messages/${id}/preview${token === null ? '' : `?token=${token}`}`;
    return detailOf(kept, await open(id, await store.body(id)), previewUrl, mailbox);
  }

  const app: HttpApp = new Hono<HttpEnv>();
  app.onError((error) => errorAnswer(error, log));
  app.notFound((context) => errorAnswer(new HttpRefusal('not-found', `no such route: ${context.req.method} ${context.req.path}`), log));

  app.use(securityHeaders);
  for (const path of health) app.get(path, () => Response.json({ status: stopping ? 'stopping' : 'ok' }, { status: stopping ? 503 : 200 }));
  app.use(async (_context, next) => {
    if (stopping) throw new HttpRefusal('unavailable', 'the server is stopping', { headers: { Connection: 'close' } });
    await next();
  });
  app.use(peer(settings.trustedProxies));
  app.use(host(settings.allowedHosts));
  app.use(cors(settings.corsOrigin));
  app.use(origin(settings.corsOrigin, [`${api}/live`, `${api}/events`]));
  app.use(auth.middleware);
  const bodyLimit = settings.maxMessageSize === 0 ? 0 : settings.maxMessageSize + limits.bodyBeyondMessage;
  app.use(bodyGuard(bodyLimit, { [`${api}${importRoute.path}`]: importRoute.upload }));

  const routes: HttpApp = new Hono<HttpEnv>();
  const serve = serving(routes, bodyLimit);
  serveArchive(serve, { deps, limits, find: finder.find });
  serveMessages(serve, { deps, limits, waits, detail });
  serveMessage(serve, { deps, find: finder.find, open, detail });
  serveAccounts(serve, deps);
  serveFaults(serve, deps);
  serveDeliveries(serve, deps);
  serveReceivers(serve, deps);
  serveSandbox(serve, { deps, limits, board });
  serveServer(serve, { deps, limits, auth, hub });
  let description: object | null = null;
  routes.get('/openapi.json', (context) => context.json((description ??= describeApi(deps.info().version, base))));
  serveDocs(routes, folders.docs);
  app.route(api, routes);
  serveUi(app, folders.ui, settings.basePath);

  return {
    app,
    limits,
    errorAnswer: (error) => errorAnswer(error, log),
    get waiting() {
      return waits.size;
    },
    stop() {
      stopping = true;
      waits.close();
      hub.close();
      board.close();
      finder.stop();
    },
  };
}
