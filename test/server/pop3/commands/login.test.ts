// What the transcript shows of a line that may hold a password.

import { expect, it } from 'vitest';
import { withoutSecret } from '../../../../server/pop3/commands/login.ts';

it.each([
  ['PASS secret', 'PASS ••••'],
  [' pass  se cret', ' pass ••••'],
  ['PASS', 'PASS'],
  ['USER jo', 'USER jo'],
  ['APOP jo c4c9334bac560ecc979e58001b3e22fb', 'APOP jo ••••'],
  ['AUTH', 'AUTH'],
  ['AUTH PLAIN', 'AUTH PLAIN'],
  ['auth plain AGpvAHNlY3JldA==', 'auth plain ••••'],
  ['RETR 1', 'RETR 1'],
])('%s is shown as %s', (line, shown) => {
  expect(withoutSecret(line)).toBe(shown);
});
