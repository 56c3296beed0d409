// A place in the page as it stands in the address after `#`.

export const TABS = ['preview', 'text', 'headers', 'attachments', 'raw', 'transcript'] as const;
export type Tab = (typeof TABS)[number];

export interface Route {
  /** The filter of the list, in the query grammar. */
  readonly q: string;
  /** The open message. */
  readonly id: string | null;
  readonly tab: Tab;
}

const ID = /^[\w-]+$/;
const isTab = (text: string | undefined): text is Tab => TABS.some((tab) => tab === text);

/** `#/inbox?q=…`, `#/m/:id/:tab?q=…`; whatever else is the inbox. */
export function parseHash(hash: string, lastTab: Tab): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [screen, id, tab] = path.split('/');
  const q = new URLSearchParams(search).get('q') ?? '';
  if (screen !== 'm' || id === undefined || !ID.test(id)) return { q, id: null, tab: lastTab };
  return { q, id, tab: isTab(tab) ? tab : lastTab };
}

export function hashOf({ q, id, tab }: Route): string {
  const search = q === '' ? '' : `?${new URLSearchParams({ q }).toString()}`;
  return id === null ? `#/inbox${search}` : `#/m/${id}/${tab}${search}`;
}
