// Speaks to the server's API: an answer is JSON, anything else is thrown as what went wrong.

import type {
  AccountSummary,
  Deleted,
  ErrorBody,
  ErrorCode,
  Info,
  Injected,
  ListOf,
  MessageDetail,
  MessageMarks,
  NewMessage,
  SessionDetail,
  Summary,
} from '../../server/http/contract/types.ts';

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
  if (!response.ok) throw await failureOf(response);
  return response;
}

const read = async <T>(path: string, init?: RequestInit): Promise<T> => (await (await ask(path, init)).json()) as T;

const write = <T>(method: string, path: string, body: unknown): Promise<T> =>
  read<T>(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export interface Page {
  readonly q: string;
  readonly limit: number;
  /** The message after which the page begins; else `offset` says where. */
  readonly cursor?: string;
  readonly offset?: number;
}

export function listMessages(page: Page, signal: AbortSignal): Promise<ListOf<Summary>> {
  const query = new URLSearchParams({ limit: String(page.limit), total: 'true' });
  if (page.q !== '') query.set('q', page.q);
  if (page.cursor !== undefined) query.set('cursor', page.cursor);
  else query.set('offset', String(page.offset ?? 0));
  return read(`messages?${query.toString()}`, { signal });
}

const one = (id: string): string => `messages/${encodeURIComponent(id)}`;

export const getMessage = (id: string, signal: AbortSignal): Promise<MessageDetail> => read(one(id), { signal });
export const getTranscript = (id: string, signal: AbortSignal): Promise<SessionDetail> => read(`${one(id)}/transcript`, { signal });
export const getInfo = (): Promise<Info> => read('info');
export const markMessages = (ids: readonly string[], set: MessageMarks): Promise<unknown> => write('PATCH', 'messages', { ids, set });
export const deleteMessages = (ids: readonly string[]): Promise<Deleted> => write('DELETE', 'messages', { ids });
/** Goes through the submission server, as an app's message would. */
export const sendMessage = (message: NewMessage): Promise<Injected> => write('POST', 'messages?via=smtp', message);

export const getSession = (id: string, signal: AbortSignal): Promise<SessionDetail> =>
  read(`sessions/${encodeURIComponent(id)}`, { signal });
export const listAccounts = (signal: AbortSignal): Promise<ListOf<AccountSummary>> => read('accounts?limit=500', { signal });
/** The message as a file, as it came. */
export const getRaw = async (id: string, signal: AbortSignal): Promise<Blob> => (await ask(`${one(id)}/raw`, { signal })).blob();

/** Where a part or the whole source of a message is. */
export const partUrl = (id: string, partId: string): string => new URL(`${one(id)}/parts/${encodeURIComponent(partId)}`, API).href;
export const rawUrl = (id: string): string => new URL(`${one(id)}/raw`, API).href;

/** Where events come from: those of messages that match, after `since` when it is known. */
export function liveUrl(query: string, since: string | undefined): URL {
  const url = new URL('live', API);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  if (query !== '') url.searchParams.set('q', query);
  if (since !== undefined) url.searchParams.set('since', since);
  return url;
}
