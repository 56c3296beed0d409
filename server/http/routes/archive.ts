// Joins the routes of export and import with what they do.

import { parseQuery } from '../../store/query.ts';
import type { Kept } from '../../store/state.ts';
import * as routes from '../contract/routes/archive.ts';
import type { HttpDeps, HttpLimits } from '../deps.ts';
import type { Serve } from '../endpoint.ts';
import { HttpRefusal } from '../errors.ts';
import { everyMatch, exportMessages } from '../messages/export.ts';
import { mailboxNamed } from '../messages/list.ts';
import { importMessages } from '../messages/import.ts';

export interface ArchiveParts {
  readonly deps: HttpDeps;
  readonly limits: HttpLimits;
  readonly find: (id: string) => Promise<Kept>;
}

export function serveArchive(serve: Serve, { deps, limits, find }: ArchiveParts): void {
  const { store } = deps;
  let imports = 0;

  async function named(ids: readonly string[]): Promise<Kept[]> {
    const found: Kept[] = [];
    // One after the other, so that it is the first unknown one that is told.
    for (const id of new Set(ids)) found.push(await find(id));
    return found.sort((a, b) => (a.message.id < b.message.id ? -1 : 1));
  }

  serve(routes.exportMessages, async ({ query: { q = '', ids, format, account, mailbox } }) => {
    const place = account === undefined ? undefined : mailboxNamed(store.state, account, mailbox);
    return exportMessages(store, ids ? await named(ids) : await everyMatch(store, parseQuery(q), place), format);
  });

  serve(routes.importMessages, async ({ query: { format }, context }) => {
    if (imports >= limits.imports) throw new HttpRefusal('busy', `${limits.imports} imports are under way already`);
    imports++;
    try {
      return await importMessages({ deps, limits }, format, context);
    } finally {
      imports--;
    }
  });
}
