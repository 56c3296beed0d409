// Builds the web page: ui/ → dist/ui/. In development, `vite` serves it and passes the API on to a running server.

import { readdirSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

/** Every component has a number, the same in every build. */
const components = readdirSync('ui', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.svelte'))
  .map((file) => file.replaceAll('\\', '/'))
  .sort();

function nameOf(filename: string): string | undefined {
  const index = components.findIndex((file) => filename.replaceAll('\\', '/').endsWith(`/${file}`));
  return index < 0 ? undefined : `s${index.toString(36)}`;
}

/** All styles come with the document, so there is nothing to fetch before a file but the file. */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  apply: 'build',
  load: (id) => (id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load();' : null),
};

export default defineConfig({
  root: 'ui',
  // Relative addresses, so that the page works under any --base-path.
  base: './',
  // Short names: they stand in every rule and in every element.
  // Components without a rune of their own are of the same kind as the others.
  plugins: [
    plainImports,
    svelte({ compilerOptions: { runes: true, cssHash: ({ filename, hash, css }) => nameOf(filename) ?? `s-${hash(css)}` } }),
  ],
  build: {
    outDir: '../dist/ui',
    emptyOutDir: true,
    // One style sheet: thirty small ones compress badly, and a screen fetched later must not wait for its looks.
    cssCodeSplit: false,
    license: { fileName: 'licences.txt' },
    // light-dark(), :has() and dialog closedby's fallbacks: what the page uses anyway.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // What a file needs of others is found when it is there: between a page and its own server that costs nothing, and a list of it costs bytes.
    modulePreload: false,
    // One file for each subject compresses better than one for each screen, and no name is handed from file to file:
    // what the first list needs, what comes after it, mail on its way, conversations, a message, faults.
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'first', tags: ['$initial'], priority: 1 },
            {
              name: 'list',
              test: /ui\/screens\/(?:inbox|settings|frame\/(?:search\/|HelpSheet|KeyTable|keyGroups|Servers|Importing|badge))|ui\/text\/(?:list|facets|accounts|first-run|settings|help|servers)/,
            },
            {
              name: 'delivery',
              test: /ui\/screens\/(?:queue|receivers|message\/(?:Delivery|lanes))|ui\/text\/(?:queue|receivers)|ui\/api\/deliveries/,
            },
            {
              name: 'conversation',
              test: /ui\/screens\/(?:sessions?|compose|message\/(?:Turns|Transcript|Block|FaultName|swaks|turns))|ui\/text\/(?:sessions|compose|message)|ui\/state\/(?:draft|kept)|ui\/parts\/Find/,
            },
            { name: 'message', test: /ui\/screens\/message|ui\/parts\/Tabs/ },
            { name: 'faults', test: /ui\/screens\/(?:faults|frame\/(?:alarm|Chips))|ui\/(?:state|text|api)\/faults|ui\/parts\/curl/ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/v1': { target: 'http://127.0.0.1:8025', ws: true } } },
});
