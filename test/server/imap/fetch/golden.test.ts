// Every message in fixtures/mail has the ENVELOPE, BODYSTRUCTURE and sections that the text beside it says; `vitest run --update` writes it anew.

import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { FIXTURES, fixture, fixtureNames } from '../../mail/projection.ts';
import { goldenText } from './golden.ts';

test.each(fixtureNames)('%s', async (name) => {
  // Line ends as in any text file: a literal has its own.
  await expect((await goldenText(fixture(name))).replaceAll('\r\n', '\n')).toMatchFileSnapshot(
    fileURLToPath(new URL(`${name}.imap`, FIXTURES)),
  );
});

test('there are many', () => {
  expect(fixtureNames.length).toBeGreaterThan(75);
});
