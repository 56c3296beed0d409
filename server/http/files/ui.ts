// Serves the web page: its files as they were built, under a policy that lets nothing else run.

import type { HttpApp, HttpContext } from '../deps.ts';
import { HttpRefusal } from '../errors.ts';
import { createFiles } from './folder.ts';
import type { ServedFile } from './folder.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/** A name with a hash of what is in it never means anything else. */
const HASHED = /-[\w-]{8,}\.\w+$/;

export function fileAnswer(context: HttpContext, { bytes, type, etag }: ServedFile, headers: Readonly<Record<string, string>>): Response {
  const all = { ...headers, 'Content-Type': type, ETag: etag };
  if (context.req.header('if-none-match') === etag) return new Response(null, { status: 304, headers: all });
  return new Response(bytes, { headers: { ...all, 'Content-Length': String(bytes.length) } });
}

export function serveUi(app: HttpApp, folder: string | null, basePath: string): void {
  const files = folder === null ? null : createFiles(folder, 'index.html');
  const prefix = basePath === '/' ? '/' : `${basePath}/`;
  // The page names its files relative to itself, so that it must stand at a path with a slash.
  if (basePath !== '/') app.get(basePath, (context) => context.redirect(prefix, 308));
  app.get(`${prefix}*`, async (context, next) => {
    const path = context.req.path.slice(prefix.length) || 'index.html';
    if (path.startsWith('v1/')) return next();
    if (files === null) throw new HttpRefusal('not-found', 'the web page is not built: npm run build');
    const file = (await files()).get(path);
    if (!file) return next();
    const cache = HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
    return fileAnswer(context, file, { 'Content-Security-Policy': POLICY, 'Cache-Control': cache });
  });
}
