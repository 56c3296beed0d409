// The counted values that the search box proposes: fetched while somebody types, and never in their way.

import type { Facets } from '../../../../server/http/contract/types.ts';
import { getFacets } from '../../../api/client.ts';
import type { Scope } from '../../../route.ts';
import type { CountedFor } from './suggest.ts';

/** Of rest after a key, ms. */
const REST = 120;
/** So many of a kind are counted at once; there may be more. */
const COUNTED = 50;

export class Values {
  facets: Facets | undefined = $state.raw();
  #wanted: string | undefined;
  #scope: Scope | undefined;
  #rest: { readonly q: string; readonly facets: Facets } | undefined;
  #asking: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `known`: what is counted already. */
  count(wanted: CountedFor, known: (q: string) => Facets | undefined, scope: Scope): void {
    const key = JSON.stringify([wanted, scope]);
    if (key === this.#wanted) return;
    this.stop();
    this.#wanted = key;
    if (scope.account !== this.#scope?.account || scope.mailbox !== this.#scope.mailbox) this.#rest = undefined;
    this.#scope = scope;
    const facets = this.#rest?.q === wanted.rest ? this.#rest.facets : known(wanted.rest);
    if (facets) this.#rest = { q: wanted.rest, facets };
    // In the rest of another query other numbers are true.
    else if (this.#rest?.q !== wanted.rest) this.facets = undefined;
    if (facets && !isCut(facets, wanted)) this.facets = facets;
    else this.#timer = setTimeout(() => void this.#ask(wanted, scope), REST);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  async #ask(wanted: CountedFor, scope: Scope): Promise<void> {
    const { signal } = (this.#asking = new AbortController());
    try {
      if (this.#rest?.q !== wanted.rest) this.#rest = { q: wanted.rest, facets: await getFacets(wanted.rest, signal, scope) };
      this.facets = isCut(this.#rest.facets, wanted) ? await getFacets(wanted.narrow, signal, scope) : this.#rest.facets;
    } catch {
      // A query half typed, or no server: there is nothing to propose then.
    }
  }
}

const isCut = (facets: Facets, { name, rest, narrow }: CountedFor): boolean => narrow !== rest && facets[name].length >= COUNTED;
