// Where the reader of the page is: kept in the address after `#`, so that every view has a link and Back works.

import { LEFT, hashOf, parseHash, type Route, type Tab } from './route.ts';

export class Router {
  /** The last tab used sticks for the next message. */
  #tab: Tab;
  #route: Route = $state.raw(parseHash('', 'preview'));

  constructor(firstTab: Tab = 'preview') {
    this.#tab = firstTab;
    this.#read();
    addEventListener('hashchange', () => this.#read());
  }

  get route(): Route {
    return this.#route;
  }

  /** Whether something is open beside, or on a phone instead of, the list. */
  get reading(): boolean {
    return this.#route.id !== null || this.#route.session !== null || this.#route.fault !== null;
  }

  /** Another page than the inbox. */
  get elsewhere(): boolean {
    const { section, sessions, faults, receivers, queue } = this.#route;
    return section !== null || sessions || faults || receivers || queue;
  }

  /** The address of this place with a change; what lies over it or replaces it is left unless the change names it. */
  href(change: Partial<Route>): string {
    return hashOf({ ...this.#route, ...LEFT, ...change });
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
