// How the tests run: all of test/, in Node; those in test/browser/ drive the built page in Chromium.

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** These look at memory, or end processes. */
const ALONE = ['test/hostile/**/*.test.ts', 'test/crash/**/*.test.ts'];

export default defineConfig({
  plugins: [svelte()],
  test: {
    reporters: ['default', './test/summary-reporter.ts'],
    // As many as there are cores: whoever drives a browser waits for it most of the time.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    projects: [
      // Loading the server anew for each file takes as long as its tests.
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: ALONE, isolate: false } },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
  },
});
