// Every message in fixtures/mail gives what the JSON beside it says. `vitest run --update` writes the JSON anew; check it by hand then.

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FIXTURES, fixture, fixtureNames, project } from './projection.ts';

/** Characters that would turn the text around in an editor are written as escapes. */
const escapeBidi = (json: string): string =>
  json.replace(/[\u202a-\u202e\u2066-\u2069]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

describe('a fixture opens as the JSON beside it says', () => {
  test.each(fixtureNames)('%s', async (name) => {
    const expected = fileURLToPath(new URL(`${name}.json`, FIXTURES));
    await expect(`${escapeBidi(JSON.stringify(await project(fixture(name)), null, 2))}\n`).toMatchFileSnapshot(expected);
  });
});
