// Speaks to the server's API: an answer is JSON, anything else is thrown as what went wrong.

import type {
  AccountSummary,
  Deleted,
  EntriesChanged,
  ErrorBody,
  ErrorCode,
  Facets,
  Info,
  Injected,
  Lines,
  ListItem,
  ListOf,
  MailboxSummary,
  MessageDetail,
  MessageMarks,
  NewMessage,
  Restored,
  SessionDetail,
  SessionSummary,
} from '../../server/http/contract/types.ts';
import { ALL_MAIL, type Scope, type View } from '../route.ts';
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

export const read = async <T>(path: string, init?: RequestInit): Promise<T> => (await (await ask(path, init)).json()) as T;

export const write = <T>(method: string, path: string, body: unknown): Promise<T> =>
  read<T>(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** What a list shows, and in which order. */
export type Listing = Pick<View, 'account' | 'mailbox' | 'q' | 'sort' | 'refused'>;

export interface Page extends Partial<Listing> {
  readonly q: string;
  readonly limit: number;
  /** The row after which the page begins; else `offset` says where. */
  readonly cursor?: string;
  readonly offset?: number;
}

/** The query part of an address, if there is one; of one mailbox where there is a scope. */
function search(params: Record<string, string>, { account, mailbox }: Scope = ALL_MAIL): string {
  const query = new URLSearchParams(account === null ? params : { ...params, account, mailbox }).toString();
  return query === '' ? '' : `?${query}`;
}

export function listMessages(page: Page, signal: AbortSignal): Promise<ListOf<ListItem>> {
  const { sort = '-received', refused = false, account = null, mailbox = ALL_MAIL.mailbox } = page;
  const query = new URLSearchParams(search({ limit: String(page.limit), total: 'true' }, { account, mailbox }));
  if (page.q !== '') query.set('q', page.q);
  if (sort !== '-received') query.set('sort', sort);
  if (refused) query.set('refused', 'true');
  if (page.cursor !== undefined) query.set('cursor', page.cursor);
  else query.set('offset', String(page.offset ?? 0));
  return read(`messages?${query.toString()}`, { signal });
}

export const getFacets = (q: string, signal: AbortSignal, scope?: Scope): Promise<Facets> =>
  read(`messages/facets${search({ q }, scope)}`, { signal });

export async function countMessages(q: string, signal: AbortSignal, { account, mailbox }: Scope = ALL_MAIL): Promise<number> {
  return (await listMessages({ q, limit: 1, account, mailbox }, signal)).total ?? 0;
}

/** Which messages are meant: some, or all that match. */
export type Choice = { readonly ids: readonly string[] } | { readonly q: string };

/** The top of the list as text: different once something in it is. */
export async function peekMessages(q: string, signal: AbortSignal, scope: Scope): Promise<string> {
  return (await ask(`messages${search({ limit: '100', total: 'true', q }, scope)}`, { signal })).text();
}

const one = (id: string): string => `messages/${encodeURIComponent(id)}`;

/** With the marks of that mailbox; a Failure of 404 where it is not in there. */
export const getMessage = (id: string, signal: AbortSignal, scope?: Scope): Promise<MessageDetail> =>
  read(`${one(id)}${search({}, scope)}`, { signal });
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
export const markMessages = (choice: Choice, set: MessageMarks, scope: Scope): Promise<unknown> =>
  write('PATCH', `messages${search({}, scope)}`, { ...choice, set });
/** `purge`: for ever. In one mailbox only their entries there go, and no undo is given. */
export const deleteMessages = (choice: Choice, purge: boolean, scope: Scope): Promise<Deleted> =>
  write('DELETE', `messages${search({}, scope)}`, { ...choice, purge });
export const undoDeletion = (undo: string): Promise<Restored> => write('POST', 'undo', { undo });
/** Goes through the submission server, as an app's message would. */
export const sendMessage = (message: NewMessage): Promise<Injected> => write('POST', 'messages?via=smtp', message);

/** Those whose name has `q` in it. */
export const listAccounts = (signal: AbortSignal, q = '', limit = 500): Promise<ListOf<AccountSummary>> =>
  read(`accounts${search({ q, limit: String(limit) })}`, { signal });
/** The address of an account's mailboxes, or of one of them. */
const mailboxes = (account: string, mailbox?: string): string =>
  `accounts/${encodeURIComponent(account)}/mailboxes${mailbox === undefined ? '' : `/${encodeURIComponent(mailbox)}`}`;

interface Place {
  readonly account: string;
  readonly mailbox: string;
}

export const listMailboxes = (account: string, signal: AbortSignal): Promise<ListOf<MailboxSummary>> =>
  read(mailboxes(account), { signal });
export const createMailbox = (account: string, name: string): Promise<MailboxSummary> => write('POST', mailboxes(account), { name });
export const renameMailbox = ({ account, mailbox }: Place, name: string): Promise<MailboxSummary> =>
  write('PATCH', mailboxes(account, mailbox), { name });
export const deleteMailbox = ({ account, mailbox }: Place): Promise<unknown> => write('DELETE', mailboxes(account, mailbox), {});
/** Moves or copies; answers the UIDs that they have at the other place. */
export const placeMessages = (
  { account, mailbox }: Place,
  what: (Choice | { readonly uids: readonly number[] }) & { readonly to: string; readonly move: boolean },
): Promise<EntriesChanged> => write('POST', `${mailboxes(account, mailbox)}/messages`, what);
/** Puts a message into a mailbox, seen. */
export const appendSeen = ({ account, mailbox }: Place, message: Blob, signal: AbortSignal): Promise<EntriesChanged> =>
  read(`${mailboxes(account, mailbox)}/messages?flag=%5CSeen`, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: message,
    signal,
  });

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
export const exportUrl = (choice: Choice, format: 'mbox' | 'zip', scope: Scope): string =>
  new URL(`messages/export${search({ ...('ids' in choice ? { ids: choice.ids.join(',') } : choice), format }, scope)}`, API).href;

/** What events are told of. */
export interface Following extends Scope {
  readonly q: string;
}

/** Which conversations are followed beside the messages. */
export interface Watched {
  /** Its lines come in. */
  readonly session: string | null;
  /** How each of them goes on. */
  readonly sessions: boolean;
}

/** Where events come from: those of messages that match, after `since` when it is known. */
export interface Standpoint extends Watched {
  readonly what: Following;
  /** `epoch.seq` of the last frame that came. */
  readonly since: string | undefined;
}

function followUrl(path: string, { what: { q, account }, since, session, sessions }: Standpoint): URL {
  const url = new URL(path, API);
  // Of one mailbox only that it changed is told: its marks are not those that a query is asked of.
  if (account !== null) url.searchParams.set('account', account);
  else if (q !== '') url.searchParams.set('q', q);
  if (since !== undefined) url.searchParams.set('since', since);
  if (session !== null) url.searchParams.set('session', session);
  if (sessions) url.searchParams.set('sessions', 'true');
  return url;
}

export const eventsUrl = (place: Standpoint): URL => followUrl('events', place);

export function liveUrl(place: Standpoint): URL {
  const url = followUrl('live', place);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url;
}
