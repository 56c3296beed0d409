// Where a header block ends, and which fields are in it.

import { describe, expect, test } from 'vitest';
import { fieldOf, headerEnd, readHeader } from '../../../server/mail/header.ts';

test.each([
  ['A: b\r\n\r\nbody', 8],
  ['A: b\n\nbody', 6],
  ['A: b\r\n\nbody', 7],
  ['A: b\n\r\nbody', 7],
  ['\r\nbody', 2],
  ['\nbody', 1],
  ['A: b\r\n', 6],
  ['A: b', 4],
  ['', 0],
  ['A: b\r\n \r\n\r\nbody', 11],
])('the header of %j ends at %i', (text, end) => {
  expect(headerEnd(Buffer.from(text))).toBe(end);
});

describe('fields', () => {
  const read = (text: string): readonly (readonly [string, string])[] =>
    readHeader(Buffer.from(text)).fields.map(({ name, value }) => [name, value]);

  test.each<[string, [string, string][]]>([
    [
      'Subject: Hi\r\nsubject:  again \r\n\r\n',
      [
        ['Subject', 'Hi'],
        ['subject', 'again'],
      ],
    ],
    ['A: one\r\n two\r\n\tthree\r\n\r\n', [['A', 'one two\tthree']]],
    ['A: one\n two\n\n', [['A', 'one two']]],
    [
      'A:\r\nB :x:y\r\n\r\n',
      [
        ['A', ''],
        ['B', 'x:y'],
      ],
    ],
    [
      'A: 1\r\nno field\r\nB: 2\r\n\r\n',
      [
        ['A', '1'],
        ['', 'no field'],
        ['B', '2'],
      ],
    ],
    [
      ' folded first: x\r\nA: 1\r\n\r\n',
      [
        ['', 'folded first: x'],
        ['A', '1'],
      ],
    ],
    [
      'From jo Tue Nov 24 10:00:00 2026\r\nA: 1\r\n\r\n',
      [
        ['', 'From jo Tue Nov 24 10:00:00 2026'],
        ['A', '1'],
      ],
    ],
  ])('%j', (text, fields) => {
    expect(read(text)).toEqual(fields);
  });

  test('every octet of the block is in the raw text of one field, at its offsets', () => {
    const raw = Buffer.from('xA: 1\r\n 2\r\nbad\r\nB: 3\r\n\r\nbody');
    const { fields, end, defects } = readHeader(raw, 1);
    expect(end).toBe(24);
    expect(defects).toEqual(['malformed-header-line']);
    expect(fields.map(({ raw: text }) => text)).toEqual(['A: 1\r\n 2\r\n', 'bad\r\n', 'B: 3\r\n']);
    for (const field of fields) expect(raw.toString('latin1', field.start, field.end)).toBe(field.raw);
  });

  test('8-bit text is UTF-8 when valid and else the given charset', () => {
    expect(read('A: Gr\u00fc\u00dfe\r\n')).toEqual([['A', 'Grüße']]);
    const latin = Buffer.from('A: Gr\xfc\xdfe \x80\r\n', 'latin1');
    expect(readHeader(latin).fields[0]?.value).toBe('Grüße €');
    expect(readHeader(latin, 0, latin.length, 'koi8-r').fields[0]?.value).toBe('GrЭъe ─');
  });

  test('fields beyond the limit are not seen, and the end is still right', () => {
    const raw = Buffer.from(`A: 1\r\n${'B: 2\r\n'.repeat(10)}\r\nbody`);
    const header = readHeader(raw, 0, raw.length, undefined, { headerSize: 12 });
    expect(header.fields).toHaveLength(2);
    expect(header.end).toBe(raw.length - 4);
    expect(header.defects).toEqual(['long-header']);
  });

  test('a field is found by its name whatever the case', () => {
    expect(fieldOf(readHeader(Buffer.from('SUBJECT: x\r\nSubject: y\r\n')).fields, 'subject')?.value).toBe('x');
  });
});
