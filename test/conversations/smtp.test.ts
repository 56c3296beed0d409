// Plays every SMTP and LMTP conversation in fixtures/conversations.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { play } from './play.ts';

const FOLDER = new URL('../../fixtures/conversations/', import.meta.url);

describe.each(['smtp', 'lmtp'])('%s conversations', (protocol) => {
  for (const name of readdirSync(FOLDER).filter((file) => file.startsWith(`${protocol}-`))) {
    it(name.replace(/^[^-]*-|\.txt$/g, '').replaceAll('-', ' '), () => play(readFileSync(new URL(name, FOLDER), 'utf8')));
  }
});
