// Joins the routes of export and import with what they do.

import { parseQuery } from '../../store/query.ts';
import * as routes from '../contract/routes/archive.ts';
import type { HttpDeps, HttpLimits } from '../deps.ts';
import type { Serve } from '../endpoint.ts';
import { HttpRefusal } from '../errors.ts';
import { exportMessages } from '../messages/export.ts';
import { importMessages } from '../messages/import.ts';

export function serveArchive(serve: Serve, { deps, limits }: { readonly deps: HttpDeps; readonly limits: HttpLimits }): void {
  let imports = 0;

  serve(routes.exportMessages, ({ query: { q = '', format } }) => exportMessages(deps.store, parseQuery(q), format));

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
