// Shows the API's description, offline: two files of Swagger UI and a page of ours without inline script.

import type { HttpApp } from '../deps.ts';
import { HttpRefusal } from '../errors.ts';
import { createFiles } from './folder.ts';
import { fileAnswer } from './ui.ts';

// Swagger UI writes style attributes; it needs no script but its own.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Mailrig API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null, tryItOutEnabled: true });
`;

const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/** `app` is the one below `/v1`. */
export function serveDocs(app: HttpApp, folder: string | null): void {
  const files = folder === null ? null : createFiles(folder, 'swagger-ui.css', (name) => FILES.includes(name));
  const headers = { 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-cache' };
  app.get('/docs', () => new Response(PAGE, { headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' } }));
  app.get('/docs/start.js', () => new Response(START, { headers: { ...headers, 'Content-Type': 'text/javascript; charset=utf-8' } }));
  app.get('/docs/:file', async (context) => {
    const file = (await files?.())?.get(context.req.param('file'));
    if (!file) throw new HttpRefusal('not-found', 'no such file');
    return fileAnswer(context, file, headers);
  });
}
