// A place in the page as it stands in the address after `#`.

export const TABS = ['preview', 'text', 'headers', 'mime', 'raw', 'attachments', 'transcript', 'delivery'] as const;
export type Tab = (typeof TABS)[number];

export const SORTS = ['-received', 'received', '-size', 'size', 'from', 'to', 'subject'] as const;
export type Sort = (typeof SORTS)[number];

export const GROUPS = ['none', 'day', 'from', 'to', 'subject'] as const;
export type Group = (typeof GROUPS)[number];

/** What is being written: `new`, or an answer to the message `id`. */
export const DRAFTS = ['new', 'reply', 'reply-all', 'forward'] as const;
export type Draft = (typeof DRAFTS)[number];

export const SECTIONS = ['appearance', 'reading', 'keyboard', 'notifications', 'about'] as const;
export type Section = (typeof SECTIONS)[number];

/** Whose mailbox is shown. */
export interface Scope {
  /** Null is all mail, whoever it is for. */
  readonly account: string | null;
  readonly mailbox: string;
}

export const ALL_MAIL = { account: null, mailbox: 'INBOX' } as const satisfies Scope;

/** The account that has every captured message. */
export const EVERYONE = '*';

/** What the list shows; it stays in the address of whatever else is open. */
export interface View extends Scope {
  /** The filter, in the query grammar. */
  readonly q: string;
  readonly sort: Sort;
  readonly group: Group;
  /** Also attempts that were refused. */
  readonly refused: boolean;
}

/** A search that was given a name. */
export interface SavedSearch {
  readonly name: string;
  /** What stands after `#/inbox` in its address, `?q=…` with sort and group. */
  readonly search: string;
}

export interface Route extends View {
  /** The open message; while something is written, the one that is answered. */
  readonly id: string | null;
  readonly tab: Tab;
  /** The page of conversations instead of the inbox. */
  readonly sessions: boolean;
  /** The open conversation, there or, of a refused attempt, instead of a message. */
  readonly session: string | null;
  /** The filter of the conversations, or of the queue. */
  readonly find: string;
  /** The page of faults instead of the inbox. */
  readonly faults: boolean;
  /** The open rule, there; `new` is one that is written. */
  readonly fault: string | null;
  /** The board of receivers instead of the inbox. */
  readonly receivers: boolean;
  /** The domain that is looked at, there. */
  readonly domain: string | null;
  /** What is on its way, instead of the inbox. */
  readonly queue: boolean;
  /** Over whatever is open. */
  readonly compose: Draft | null;
  /** Settings instead of the inbox. */
  readonly section: Section | null;
}

/** What closes when the reader goes elsewhere, unless that place says otherwise. */
export const LEFT = {
  sessions: false,
  session: null,
  find: '',
  faults: false,
  fault: null,
  receivers: false,
  domain: null,
  queue: false,
  compose: null,
  section: null,
} as const satisfies Partial<Route>;

const ID = /^[\w-]+$/;
const idOf = (text: string | undefined): string | null => (text !== undefined && ID.test(text) ? text : null);
const oneOf = <T extends string>(known: readonly T[], text: string | null | undefined, otherwise: T): T =>
  known.find((value) => value === text) ?? otherwise;

/** Ids that a caller gave may have signs in them. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function viewOf(search: string): View {
  const params = new URLSearchParams(search);
  const account = params.get('account') || null;
  return {
    account,
    mailbox: (account !== null && params.get('mailbox')) || ALL_MAIL.mailbox,
    q: params.get('q') ?? '',
    sort: oneOf(SORTS, params.get('sort'), '-received'),
    group: oneOf(GROUPS, params.get('group'), 'none'),
    refused: params.get('refused') === '1',
  };
}

export function searchOf({ account, mailbox, q, sort, group, refused }: View): string {
  const params = new URLSearchParams();
  if (account !== null) params.set('account', account);
  if (account !== null && mailbox !== ALL_MAIL.mailbox) params.set('mailbox', mailbox);
  if (q !== '') params.set('q', q);
  if (sort !== '-received') params.set('sort', sort);
  if (group !== 'none') params.set('group', group);
  if (refused) params.set('refused', '1');
  return params.size === 0 ? '' : `?${params.toString()}`;
}

/** First part of the path → what the parts after it say. */
const PLACES: Readonly<Record<string, (parts: readonly string[], lastTab: Tab) => Partial<Route>>> = {
  m: ([id, tab], lastTab) => (idOf(id) === null ? {} : { id: idOf(id), tab: oneOf(TABS, tab, lastTab) }),
  refused: ([id]) => ({ session: idOf(id) }),
  sessions: ([id]) => ({ sessions: true, session: idOf(id) }),
  faults: ([fault]) => ({ faults: true, fault: fault ? decoded(fault) : null }),
  receivers: ([domain]) => ({ receivers: true, domain: domain ? decoded(domain) : null }),
  queue: () => ({ queue: true }),
  compose: ([draft, id]) => ({ compose: oneOf(DRAFTS, draft, 'new'), id: idOf(id) }),
  settings: ([section]) => ({ section: oneOf(SECTIONS, section, 'appearance') }),
};

/** `#/inbox`, `#/m/:id/:tab`, `#/refused/:session`, `#/sessions/:id?find=`, `#/faults/:id`, `#/receivers/:domain`, `#/queue?find=`, `#/compose/:draft/:id`, `#/settings/:section`, each with `?account=&mailbox=&q=&sort=&group=&refused=1`. */
export function parseHash(hash: string, lastTab: Tab): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [screen = '', ...parts] = path.split('/');
  const place = PLACES[screen]?.(parts, lastTab);
  const find = place?.sessions === true || place?.queue === true ? (new URLSearchParams(search).get('find') ?? '') : '';
  return { ...viewOf(search), ...LEFT, id: null, tab: lastTab, ...place, find };
}

function pathOf({ id, tab, sessions, session, faults, fault, receivers, domain, queue, compose, section }: Route): string {
  if (section !== null) return `settings/${section}`;
  if (compose !== null) return id === null ? `compose/${compose}` : `compose/${compose}/${id}`;
  if (sessions) return session === null ? 'sessions' : `sessions/${session}`;
  if (faults) return fault === null ? 'faults' : `faults/${encodeURIComponent(fault)}`;
  if (receivers) return domain === null ? 'receivers' : `receivers/${encodeURIComponent(domain)}`;
  if (queue) return 'queue';
  if (session !== null) return `refused/${session}`;
  return id === null ? 'inbox' : `m/${id}/${tab}`;
}

export function hashOf(route: Route): string {
  const search = searchOf(route);
  const find =
    (route.sessions || route.queue) && route.find !== ''
      ? `${search === '' ? '?' : '&'}${new URLSearchParams({ find: route.find }).toString()}`
      : '';
  return `#/${pathOf(route)}${search}${find}`;
}
