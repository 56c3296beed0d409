// Finds the message that an id means, and says of one that is not there whether it ever was.

import { Refusal } from '../../base/errors.ts';
import type { Unsubscribe } from '../../base/events.ts';
import { search } from '../../store/search.ts';
import { parseQuery } from '../../store/query.ts';
import type { Kept } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import { HttpRefusal } from '../errors.ts';

export interface Finder {
  /** `latest` is the newest that matches `q`. @throws Refusal not-found, gone */
  find(id: string, q?: string): Promise<Kept>;
  readonly stop: Unsubscribe;
}

/** Remembers the ids of `remembered` deleted messages. */
export function createFinder(store: Store, remembered: number): Finder {
  const gone = new Set<string>();
  const stop = store.events.on((event) => {
    if (event.type !== 'messages.deleted') return;
    for (const id of event.ids) gone.add(id);
    for (const id of gone) {
      if (gone.size <= remembered) break;
      gone.delete(id);
    }
  });

  async function latest(q: string): Promise<Kept> {
    const { items } = await search(store, parseQuery(q), { limit: 1 });
    const [newest] = items;
    if (newest) return newest;
    throw new Refusal('not-found', q === '' ? 'there is no message yet' : 'no message matches');
  }

  return {
    stop,
    async find(id, q) {
      if (id === 'latest') return latest(q ?? '');
      if (q !== undefined) throw new HttpRefusal('malformed', 'q: goes with the id "latest" only', { details: { field: 'q' } });
      const kept = store.state.messages.get(id);
      if (kept) return kept;
      if (gone.has(id)) throw new Refusal('gone', `message ${id} was deleted`);
      throw new Refusal('not-found', `no message ${id}`);
    },
  };
}
