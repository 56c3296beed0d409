import { describe, expect, test } from 'vitest';
import { decodeUtf7, encodeUtf7, nameText, readName } from '../../../server/imap/names.ts';
import { Cursor } from '../../../server/imap/syntax/cursor.ts';

describe('modified UTF-7', () => {
  test.each([
    ['INBOX', 'INBOX'],
    ['a & b', 'a &- b'],
    ['Entwürfe', 'Entw&APw-rfe'],
    ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
    ['📬', '&2D3c7A-'],
    ['a\\b', 'a\\b'],
  ])('%s is %s', (name, text) => {
    expect([encodeUtf7(name), decodeUtf7(text)]).toEqual([text, name]);
  });

  test.each(['&', 'a&b', '&AGE-', '&APw', '&2D0-', '&A-', '&AP!-'])('%s is none', (text) => {
    expect(decodeUtf7(text)).toBe(null);
  });
});

describe('a name in a command', () => {
  test.each([
    ['inbox', 'INBOX'],
    ['"InBoX"', 'INBOX'],
    ['inbox/x', 'INBOX/x'],
    ['inboxes', 'inboxes'],
    ['Entw&APw-rfe', 'Entwürfe'],
    // Sent without asking whether that may be.
    ['"Entw\u00c3\u00bcrfe"', 'Entwürfe'],
  ])('%s is %s', (text, name) => {
    expect(readName(new Cursor([text]), new Set())).toBe(name);
  });

  test('is UTF-8 once that is agreed upon', () => {
    expect(readName(new Cursor(['"a&-u\u00cc\u0088"']), new Set(['UTF8=ACCEPT']))).toBe('a&-ü');
  });
});

test.each([
  ['INBOX', 'INBOX'],
  ['a b', '"a b"'],
  ['nil', '"nil"'],
  ['q"\\', '"q\\"\\\\"'],
  ['', '""'],
  ['ü', '&APw-'],
])('%s is written as %s', (name, text) => {
  expect(nameText(name, new Set())).toBe(text);
});
