// Desktop notifications: while the page is hidden, one for each burst of new mail.

import type { LiveEvent, Summary } from '../../server/http/contract/types.ts';
import { preferences } from '../preferences.svelte.ts';
import { announcementOf, type Announcement } from './announcement.ts';

/** What comes within this time is one burst, ms. */
const BURST = 2_000;

/** `unable`: this browser has none, or not for a page without https. */
export type Permission = NotificationPermission | 'unable';

export const permission = (): Permission => (isSecureContext && 'Notification' in globalThis ? Notification.permission : 'unable');

/** Shows it; false where the browser does not let the page. Several tabs show the same one once. */
export function show({ title, body, id }: Announcement, tag: string, onopen: (id: string | null) => void): boolean {
  if (permission() !== 'granted') return false;
  try {
    const notification = new Notification(title, { body, tag, icon: new URL('icon.svg', document.baseURI).href });
    notification.onclick = () => {
      notification.close();
      window.focus();
      onopen(id);
    };
    return true;
  } catch {
    // Browsers of phones have the constructor and refuse to run it.
    return false;
  }
}

export class Notifications {
  readonly #onopen: (id: string | null) => void;
  #burst: Summary[] = [];

  constructor(onopen: (id: string | null) => void) {
    this.#onopen = onopen;
  }

  receive(events: readonly LiveEvent[]): void {
    if (!preferences.notify || !document.hidden) return;
    const before = this.#burst.length;
    for (const event of events) if (event.type === 'message.added') this.#burst.push(event.summary);
    if (before === 0 && this.#burst.length > 0) setTimeout(() => this.#announce(), BURST);
  }

  #announce(): void {
    const burst = this.#burst;
    this.#burst = [];
    if (document.hidden) show(announcementOf(burst), burst.at(-1)?.id ?? '', this.#onopen);
  }
}
