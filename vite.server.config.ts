// Builds the server: server/ → dist/server/, with every library in it, and the two files of the API page → dist/docs/.

import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

const apiPage: Plugin = {
  name: 'api-page',
  closeBundle() {
    mkdirSync('dist/docs', { recursive: true });
    for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE'])
      cpSync(`node_modules/swagger-ui-dist/${name}`, `dist/docs/${name}`);
  },
};

export default defineConfig({
  plugins: [apiPage],
  define: { MAILRIG_VERSION: JSON.stringify(version) },
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist/server',
    emptyOutDir: true,
    minify: true,
    license: true,
    // Chunks lie beside the entries, so that `new URL('../ui', import.meta.url)` is right in all of them.
    rolldownOptions: { input: ['server/main.ts', 'server/app.ts'], output: { chunkFileNames: '[name]-[hash].js' } },
  },
  ssr: { noExternal: true, target: 'node' },
});
