// Plays every SMTP conversation in fixtures/conversations.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { play } from './play.ts';

const FOLDER = new URL('../../fixtures/conversations/', import.meta.url);

describe('SMTP conversations', () => {
  for (const name of readdirSync(FOLDER).filter((file) => file.startsWith('smtp-'))) {
    it(name.replace(/^smtp-|\.txt$/g, '').replaceAll('-', ' '), () => play(readFileSync(new URL(name, FOLDER), 'utf8')));
  }
});
