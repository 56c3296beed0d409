// Speaks to the server's API: an answer is JSON, anything else is thrown as what went wrong.

import type {
  AccountSummary,
  Deleted,
  ErrorBody,
  ErrorCode,
  Facets,
  Info,
  Injected,
  Lines,
  ListItem,
  ListOf,
  MessageDetail,
  MessageMarks,
  NewMessage,
  Restored,
  SessionDetail,
  SessionSummary,
} from '../../server/http/contract/types.ts';
import type { View } from '../route.ts';
import { access } from './access.svelte.ts';

/** Relative to the page, so that any base path works. */
export const API = new URL('v1/', location.href);

/** `unreachable`: no answer came at all. */
export type FailureCode = ErrorCode | 'unreachable';

export class Failure extends Error {
  /** 0 when no answer came. */
  readonly status: number;
  readonly code: FailureCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly at = new Date();

  constructor(status: number, code: FailureCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export async function failureOf(response: Response): Promise<Failure> {
  try {
    const { error } = (await response.json()) as ErrorBody;
    if (error.code === 'auth-required') access.refused = true;
    return new Failure(response.status, error.code, error.message, error.details);
  } catch {
    return new Failure(response.status, 'internal', response.statusText);
  }
}

/** Throws a Failure; an aborted request throws the signal's reason. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(new URL(path, API), init);
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new Failure(0, 'unreachable', 'The server does not answer.');
  }
  if (response.ok) return response;
  throw await failureOf(response);
}

const read = async <T>(path: string, init?: RequestInit): Promise<T> => (await (await ask(path, init)).json()) as T;

const write = <T>(method: string, path: string, body: unknown): Promise<T> =>
  read<T>(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** What a list shows, and in which order. */
export type Listing = Pick<View, 'q' | 'sort' | 'refused'>;

export interface Page extends Partial<Listing> {
  readonly q: string;
  readonly limit: number;
  /** The row after which the page begins; else `offset` says where. */
  readonly cursor?: string;
  readonly offset?: number;
}

export function listMessages(page: Page, signal: AbortSignal): Promise<ListOf<ListItem>> {
  const { sort = '-received', refused = false } = page;
  const query = new URLSearchParams({ limit: String(page.limit), total: 'true' });
  if (page.q !== '') query.set('q', page.q);
  if (sort !== '-received') query.set('sort', sort);
  if (refused) query.set('refused', 'true');
  if (page.cursor !== undefined) query.set('cursor', page.cursor);
  else query.set('offset', String(page.offset ?? 0));
  return read(`messages?${query.toString()}`, { signal });
}

export const getFacets = (q: string, signal: AbortSignal): Promise<Facets> =>
  read(`messages/facets?${new URLSearchParams({ q }).toString()}`, { signal });

export async function countMessages(q: string, signal: AbortSignal): Promise<number> {
  return (await listMessages({ q, limit: 1 }, signal)).total ?? 0;
}

/** Which messages are meant: some, or all that match. */
export type Choice = { readonly ids: readonly string[] } | { readonly q: string };

/** The top of the list as text: different once something in it is. */
export async function peekMessages(q: string, signal: AbortSignal): Promise<string> {
  const query = new URLSearchParams({ limit: '100', total: 'true', q });
  return (await ask(`messages?${query.toString()}`, { signal })).text();
}

const one = (id: string): string => `messages/${encodeURIComponent(id)}`;

export const getMessage = (id: string, signal: AbortSignal): Promise<MessageDetail> => read(one(id), { signal });
export const getTranscript = (id: string, signal: AbortSignal): Promise<SessionDetail> => read(`${one(id)}/transcript`, { signal });
export const getInfo = (): Promise<Info> => read('info');
export const getSession = (id: string, signal: AbortSignal): Promise<SessionDetail> =>
  read(`sessions/${encodeURIComponent(id)}`, { signal });
export function listSessions(page: { q: string; limit: number; cursor?: string }, signal: AbortSignal): Promise<ListOf<SessionSummary>> {
  const query = new URLSearchParams({ q: page.q, limit: String(page.limit) });
  if (page.cursor !== undefined) query.set('cursor', page.cursor);
  return read(`sessions?${query.toString()}`, { signal });
}
/** Resolves to whether it was live. */
export const closeSession = async (id: string): Promise<boolean> =>
  (await read<{ closed: boolean }>(`sessions/${encodeURIComponent(id)}/close`, { method: 'POST' })).closed;
export const markMessages = (choice: Choice, set: MessageMarks): Promise<unknown> => write('PATCH', 'messages', { ...choice, set });
/** `purge`: for ever. */
export const deleteMessages = (choice: Choice, purge = false): Promise<Deleted> => write('DELETE', 'messages', { ...choice, purge });
export const undoDeletion = (undo: string): Promise<Restored> => write('POST', 'undo', { undo });
/** Goes through the submission server, as an app's message would. */
export const sendMessage = (message: NewMessage): Promise<Injected> => write('POST', 'messages?via=smtp', message);

export const listAccounts = (signal: AbortSignal): Promise<ListOf<AccountSummary>> => read('accounts?limit=500', { signal });
/** The message as a file, as it came. */
export const getRaw = async (id: string, signal: AbortSignal): Promise<Blob> => (await ask(`${one(id)}/raw`, { signal })).blob();
/** The cookie that comes with the answer lets the page in. */
export const logIn = (user: string, password: string): Promise<unknown> =>
  ask('login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ user, password }) });
/** Where the rows of the source begin. */
export const getLines = (id: string, signal: AbortSignal): Promise<Lines> => read(`${one(id)}/lines`, { signal });

/** The octets from `start` to before `end`. */
export async function getOctets(url: string, start: number, end: number, signal: AbortSignal): Promise<Uint8Array> {
  if (end <= start) return new Uint8Array();
  const response = await ask(url, { headers: { range: `bytes=${start}-${end - 1}` }, signal });
  const bytes = new Uint8Array(await response.arrayBuffer());
  // A proxy may drop the range and send everything.
  return response.status === 206 ? bytes : bytes.subarray(start, end);
}

/** Where a part or the whole source of a message is. */
export const partUrl = (id: string, partId: string): string => new URL(`${one(id)}/parts/${encodeURIComponent(partId)}`, API).href;
export const rawUrl = (id: string): string => new URL(`${one(id)}/raw`, API).href;

/** Where messages are as one file. */
export const exportUrl = (choice: Choice, format: 'mbox' | 'zip'): string =>
  new URL(
    `messages/export?${new URLSearchParams({ ...('ids' in choice ? { ids: choice.ids.join(',') } : choice), format }).toString()}`,
    API,
  ).href;

/** Which conversations are followed beside the messages. */
export interface Watched {
  /** Its lines come in. */
  readonly session: string | null;
  /** How each of them goes on. */
  readonly sessions: boolean;
}

/** Where events come from: those of messages that match, after `since` when it is known. */
export interface Place extends Watched {
  readonly query: string;
  /** `epoch.seq` of the last frame that came. */
  readonly since: string | undefined;
}

function followUrl(path: string, { query, since, session, sessions }: Place): URL {
  const url = new URL(path, API);
  if (query !== '') url.searchParams.set('q', query);
  if (since !== undefined) url.searchParams.set('since', since);
  if (session !== null) url.searchParams.set('session', session);
  if (sessions) url.searchParams.set('sessions', 'true');
  return url;
}

export const eventsUrl = (place: Place): URL => followUrl('events', place);

export function liveUrl(place: Place): URL {
  const url = followUrl('live', place);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}
