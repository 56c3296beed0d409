import { describe, expect, it } from 'vitest';
import type { RefusalCode } from '../../../server/base/errors.ts';
import { refusalReply } from '../../../server/pop3/replies.ts';

const CASES: readonly (readonly [code: RefusalCode, line: string])[] = [
  ['malformed', '-ERR why'],
  ['not-found', '-ERR why'],
  ['gone', '-ERR why'],
  ['conflict', '-ERR why'],
  ['too-large', '-ERR [SYS/PERM] why'],
  ['unprocessable', '-ERR [SYS/PERM] why'],
  ['storage-full', '-ERR [SYS/TEMP] why'],
  ['busy', '-ERR [SYS/TEMP] why'],
  ['unavailable', '-ERR [SYS/TEMP] why'],
  ['auth-required', '-ERR why'],
  ['auth-failed', '-ERR [AUTH] why'],
  ['forbidden', '-ERR [SYS/PERM] why'],
];

describe('a refusal from below', () => {
  for (const [code, line] of CASES) it(`${code} is ${line}`, () => expect(refusalReply(code, 'why').line).toBe(line));

  it('stays on one line', () => expect(refusalReply('gone', 'a\r\n+OK b').line).toBe('-ERR a +OK b'));
});
