// Where the reader of the page is: kept in the address after `#`, so that every view has a link and Back works.

import { hashOf, parseHash, type Route, type Tab } from './route.ts';

export class Router {
  /** The last tab used sticks for the next message. */
  #tab: Tab = 'preview';
  #route: Route = $state.raw(parseHash(location.hash, 'preview'));

  constructor() {
    this.#tab = this.#route.tab;
    addEventListener('hashchange', () => this.#read());
  }

  get route(): Route {
    return this.#route;
  }

  /** The address of this place with a change. */
  href(change: Partial<Route>): string {
    return hashOf({ ...this.#route, ...change });
  }

  /** `replace` leaves no step for Back: for what changes while somebody types or steps from tab to tab. */
  go(change: Partial<Route>, replace = false): void {
    const hash = this.href(change);
    if (hash === location.hash) return;
    if (replace) history.replaceState(null, '', hash);
    else history.pushState(null, '', hash);
    this.#read();
  }

  #read(): void {
    this.#route = parseHash(location.hash, this.#tab);
    this.#tab = this.#route.tab;
  }
}
