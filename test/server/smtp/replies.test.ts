// Replies as they go out, and what refusals from below become.

import { describe, expect, it } from 'vitest';
import type { RefusalCode } from '../../../server/base/errors.ts';
import * as replies from '../../../server/smtp/replies.ts';
import { isMistake, refusalReply, reply } from '../../../server/smtp/replies.ts';
import type { Reply } from '../../../server/smtp/replies.ts';

const isReply = (value: unknown): value is Reply => typeof value === 'object' && value !== null && 'enhanced' in value;
const all: Reply[] = Object.values(replies).flatMap((value: unknown) =>
  isReply(value) ? [value] : typeof value === 'object' && value !== null ? Object.values(value).filter(isReply) : [],
);

describe('a reply', () => {
  it('has its codes on every line', () => {
    expect(reply(250, '2.0.0', 'last', ['first', 'second'])).toMatchObject({
      before: '250-2.0.0 first\r\n250-2.0.0 second\r\n',
      line: '250 2.0.0 last',
    });
    expect(reply(354, null, 'go').line).toBe('354 go');
    expect([reply(421, '4.3.2', 'x').parting, reply(221, '2.0.0', 'x').parting]).toEqual(['close', 'close']);
  });

  it.each(all.map((one) => [one.line, one] as const))('%s is short, plain, and of one class', (line, { code, enhanced }) => {
    expect(line).toMatch(/^[\x20-\x7e]{1,510}$/);
    if (code === 354) expect(enhanced).toBe(null);
    else expect(enhanced?.[0]).toBe(String(code)[0]);
  });

  it('counts as a mistake of the client only when it is one', () => {
    expect(all.filter(isMistake).map(({ code }) => code)).toEqual(expect.arrayContaining([500, 501, 503, 530, 535]));
    expect([reply(550, '5.1.1', ''), reply(552, '5.3.4', ''), reply(452, '4.5.3', '')].some(isMistake)).toBe(false);
  });
});

describe('a refusal from below', () => {
  const codes: Record<RefusalCode, string> = {
    malformed: '501 5.5.4',
    'not-found': '550 5.1.1',
    gone: '550 5.1.1',
    conflict: '503 5.5.1',
    'too-large': '552 5.3.4',
    unprocessable: '554 5.6.0',
    'storage-full': '452 4.3.1',
    busy: '451 4.3.2',
    unavailable: '421 4.3.2',
    'auth-required': '530 5.7.0',
    'auth-failed': '535 5.7.8',
    forbidden: '550 5.7.1',
  };
  it.each(Object.entries(codes))('%s is %s', (code, line) => {
    expect(refusalReply(code as RefusalCode, 'why').line).toBe(`${line} why`);
  });

  it('stays one line of bearable length', () => {
    const { line } = refusalReply('busy', `first\r\n250 second${'x'.repeat(2_000)}`);
    expect(line).toMatch(/^451 4\.3\.2 first 250 secondx+$/);
    expect(line.length).toBeLessThan(510);
  });
});
