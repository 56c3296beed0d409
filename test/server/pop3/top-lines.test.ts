import { describe, expect, it } from 'vitest';
import { TopLines } from '../../../server/pop3/top-lines.ts';

function top(message: string, lines: number, size: number): string {
  const wanted = new TopLines(lines);
  let sent = '';
  for (let at = 0; at < message.length; at += size) {
    const chunk = message.slice(at, at + size);
    const end = wanted.feed(Buffer.from(chunk));
    sent += end < 0 ? chunk : chunk.slice(0, end);
    if (end >= 0) break;
  }
  return sent;
}

const CASES: readonly (readonly [title: string, message: string, lines: number, sent: string])[] = [
  ['the header alone', 'A: 1\r\nB: 2\r\n\r\nx\r\ny\r\n', 0, 'A: 1\r\nB: 2\r\n\r\n'],
  ['some lines', 'A: 1\r\n\r\nx\r\ny\r\n', 1, 'A: 1\r\n\r\nx\r\n'],
  ['empty lines of the body', 'A: 1\r\n\r\n\r\n\r\ny\r\n', 2, 'A: 1\r\n\r\n\r\n\r\n'],
  ['more lines than there are', 'A: 1\r\n\r\nx', 9, 'A: 1\r\n\r\nx'],
  ['bare line feeds', 'A: 1\n\nx\ny\n', 1, 'A: 1\n\nx\n'],
  ['no empty line at all', 'A: 1\r\nB: 2\r\n', 0, 'A: 1\r\nB: 2\r\n'],
  ['an empty header', '\r\nx\r\ny\r\n', 1, '\r\nx\r\n'],
  ['a CR that is a line of its own but no line end', 'A: 1\r\n\rB\r\n\r\nx\r\n', 0, 'A: 1\r\n\rB\r\n\r\n'],
  ['two CRs before a line feed', 'A: 1\r\n\r\r\nB: 2\r\n\r\n', 0, 'A: 1\r\n\r\r\nB: 2\r\n\r\n'],
];

describe('TOP', () => {
  for (const [title, message, lines, sent] of CASES) {
    it(`ends after ${title}, however the message comes`, () => {
      for (const size of [1, 2, 3, 5, 100]) expect(top(message, lines, size)).toBe(sent);
    });
  }
});
