// What the transcript shows of a line that may hold a password.

import { expect, it } from 'vitest';
import { withoutSecret } from '../../../server/imap/reader.ts';

it.each([
  ['a LOGIN jo secret', 'a LOGIN jo ••••'],
  ['a login "jo \\"x" "se cret"', 'a login "jo \\"x" ••••'],
  ['a LOGIN * secret', 'a LOGIN * ••••'],
  ['a LOGIN jo {6}', 'a LOGIN jo {6}'],
  ['a LOGIN jo {6+}', 'a LOGIN jo {6+}'],
  ['a LOGIN {2}', 'a LOGIN {2}'],
  ['a LOGIN jo secret {6}', 'a LOGIN jo ••••'],
  ['a AUTHENTICATE PLAIN', 'a AUTHENTICATE PLAIN'],
  ['a AUTHENTICATE PLAIN AGpvAHNlY3JldA==', 'a AUTHENTICATE PLAIN ••••'],
  // None of these is a command, and each of them shows a password to whoever types it.
  ['a LOGIN "jo secret', 'a LOGIN ••••'],
  ['a LOGIN "jo"secret', 'a LOGIN ••••'],
  ['a  LOGIN  jo  secret', 'a  LOGIN  jo ••••'],
  ['a\tLOGIN\tjo\tsecret', 'a\tLOGIN\tjo ••••'],
  ['a UID LOGIN jo secret', 'a UID LOGIN jo ••••'],
  ['LOGIN jo secret', 'LOGIN jo ••••'],
  [' LOGIN jo secret', ' LOGIN jo ••••'],
  ['a SELECT login', 'a SELECT login'],
  ['a SEARCH TEXT "login x"', 'a SEARCH TEXT "login x"'],
])('%s is shown as %s', (line, shown) => {
  expect(withoutSecret(line)).toBe(shown);
});
