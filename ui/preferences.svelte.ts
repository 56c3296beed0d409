// What a person chose for this browser: one value in its storage, shared by all its tabs.

import { MediaQuery } from 'svelte/reactivity';
import type { SavedSearch, Tab } from './route.ts';

export interface Preferences {
  theme: 'system' | 'light' | 'dark';
  density: 'comfortable' | 'compact';
  time: 'exact' | 'relative';
  /** The view that a message opens in; `last` is the one used before. */
  firstTab: Tab | 'last';
  /** Keys that are letters and signs; those who speak to the computer switch them off (WCAG 2.1.4). */
  singleKeys: boolean;
  /** Remote content is loaded without asking. */
  remote: boolean;
  /** Desktop notifications for new mail. */
  notify: boolean;
  /** The list scrolls to each new message. */
  follow: boolean;
  /** px of the list. */
  split: number;
  /** px of the list of sessions. */
  sessionsSplit: number;
  /** px of the list of faults. */
  faultsSplit: number;
  /** Protocols whose sessions are not shown. */
  hiddenProtocols: string[];
  saved: SavedSearch[];
  /** From whom something was sent last. */
  sender: string;
  /** What is sent is kept in the sender's Sent. */
  keepSent: boolean;
  /** Queries, the newest first. */
  recent: string[];
}

const DEFAULTS: Preferences = {
  theme: 'system',
  density: 'comfortable',
  time: 'exact',
  firstTab: 'last',
  singleKeys: true,
  remote: false,
  notify: false,
  follow: false,
  split: 464,
  sessionsSplit: 664,
  faultsSplit: 680,
  hiddenProtocols: [],
  saved: [],
  sender: '',
  keepSent: true,
  recent: [],
};

/** `theme.js` reads it too, before the first paint. */
export const STORED = 'mailrig';

/** Whatever is not of the type of its default is left out: an older page may have written it. */
export function readPreferences(stored: string | null): Preferences {
  try {
    const read = Object.entries(JSON.parse(stored ?? '{}') as Record<string, unknown>);
    const fits = ([name, value]: [string, unknown]): boolean =>
      name in DEFAULTS &&
      typeof value === typeof DEFAULTS[name as keyof Preferences] &&
      Array.isArray(value) === Array.isArray(DEFAULTS[name as keyof Preferences]);
    return { ...DEFAULTS, ...(Object.fromEntries(read.filter(fits)) as Partial<Preferences>) };
  } catch {
    return { ...DEFAULTS };
  }
}

export const preferences: Preferences = $state(readPreferences(localStorage.getItem(STORED)));

/** Keeps what is chosen, and follows what another tab chooses, for as long as the page lives. */
export function keepPreferences(): void {
  $effect(() => localStorage.setItem(STORED, JSON.stringify(preferences)));
  const dark = new MediaQuery('prefers-color-scheme: dark');
  $effect(() => {
    const { theme, density } = preferences;
    Object.assign(document.documentElement.dataset, { theme, density });
    void dark.current;
    // The bars of a phone's browser take the colour of the page, whichever theme that has.
    const { backgroundColor } = getComputedStyle(document.body);
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) meta.content = backgroundColor;
  });
  $effect(() => {
    const follow = (event: StorageEvent): void => {
      if (event.key === STORED) Object.assign(preferences, readPreferences(event.newValue));
    };
    addEventListener('storage', follow);
    return () => removeEventListener('storage', follow);
  });
}
