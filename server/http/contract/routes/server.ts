// The routes of conversations and of the server itself.

import { z } from '@hono/zod-openapi';
import { endpoint } from '../endpoint.ts';
import { info, login, reset } from '../info.ts';
import { flag, paging } from '../lists.ts';
import { sessionDetail, sessionList } from '../sessions.ts';

const id = z.object({ id: z.string().min(1) });
const since = z.string().optional().openapi({ description: '`epoch.seq` of the last frame seen: goes on after it.' });
const live = {
  since,
  q: z.string().max(10_000).optional().openapi({ description: 'Of messages and refusals only events of those that match.' }),
  session: z.string().optional().openapi({ description: 'Also the lines of this session, from now on.' }),
  account: z
    .string()
    .min(1)
    .optional()
    .openapi({ description: 'Also `mailbox.changed` of the mailboxes of this account, from now on: at once, then every 250 ms at most.' }),
  sessions: flag.optional().openapi({ description: 'Also how every session goes on, about twice a second while it does.' }),
};

export const listSessions = endpoint({
  method: 'get',
  path: '/sessions',
  tag: 'sessions',
  summary: 'List conversations, live and past, newest first',
  query: z.strictObject({
    q: z
      .string()
      .max(10_000)
      .optional()
      .openapi({ description: 'Words, protocol: is:live|ended|failed user: client: host: fault: before: after:' }),
    ...paging,
  }),
  answer: sessionList,
  errors: [400],
});

export const openSession = endpoint({
  method: 'get',
  path: '/sessions/{id}',
  tag: 'sessions',
  summary: 'A conversation with its lines',
  params: id,
  answer: sessionDetail,
  errors: [404],
});

export const closeSession = endpoint({
  method: 'post',
  path: '/sessions/{id}/close',
  tag: 'sessions',
  summary: 'End a live conversation',
  params: id,
  answer: z.object({ closed: z.boolean() }).openapi('Closed', { description: 'False when it was over already.' }),
  errors: [404],
});

export const serverInfo = endpoint({
  method: 'get',
  path: '/info',
  tag: 'server',
  summary: 'Version, ports, every setting with its source, and how full the store is',
  answer: info,
  errors: [],
});

export const certificate = endpoint({
  method: 'get',
  path: '/ca.pem',
  tag: 'server',
  summary: 'The certificate of the authority that signed the servers’ certificate',
  answer: { description: 'PEM', types: ['application/x-pem-file'] },
  errors: [404],
});

export const resetServer = endpoint({
  method: 'post',
  path: '/reset',
  tag: 'server',
  summary: 'Forget what tests left behind; with a scope only what touches those addresses or that user',
  body: reset,
  answer: z.object({ deleted: z.number() }).openapi('ResetDone', { description: 'How many messages are gone.' }),
  errors: [400, 413, 415],
});

export const logIn = endpoint({
  method: 'post',
  path: '/login',
  tag: 'server',
  summary: 'Trade user and password for a cookie',
  body: login,
  answer: { description: 'The cookie is set', types: [] },
  status: 204,
  errors: [400, 401, 413, 415],
});

export const liveSocket = endpoint({
  method: 'get',
  path: '/live',
  tag: 'live',
  summary: 'A WebSocket that tells what happens, in frames',
  description: 'Every text message is a `Frame`. The first one tells where the counter stands.',
  query: z.strictObject(live),
  answer: { description: 'No upgrade was asked for: answered in words', types: [], also: { 101: 'WebSocket' } },
  errors: [400, 403],
});

export const liveEvents = endpoint({
  method: 'get',
  path: '/events',
  tag: 'live',
  summary: 'The frames of `/live` as server-sent events',
  description: 'Each `data` is a `Frame`; its `id` is `epoch.seq`, taken back as `Last-Event-ID`.',
  query: z.strictObject(live),
  answer: { description: 'A stream without end', types: ['text/event-stream'] },
  errors: [400, 403, 503],
});
