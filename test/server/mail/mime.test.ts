// The MIME tree: numbers, offsets, broken and hostile structures.

import { describe, expect, test } from 'vitest';
import { allParts, bodyLines, fileName, findPart, parseMime } from '../../../server/mail/mime.ts';
import type { MimePart } from '../../../server/mail/mime.ts';
import { deepMessages, deepParts, manyParts } from './large.ts';
import { fixture } from './projection.ts';

const crlf = (text: string): Buffer => Buffer.from(text.replace(/\r?\n/g, '\r\n'));
const body = (raw: Buffer, part: MimePart): string => raw.toString('latin1', part.bodyStart, part.bodyEnd);
const bodies = (raw: Buffer, root: MimePart): string[] =>
  [...allParts(root)].filter((part) => part.children.length === 0 && !part.message).map((part) => body(raw, part));

/** The message with `content` as the body of a multipart whose boundary is `abc`. */
const multipart = (content: string, boundary = 'abc'): Buffer =>
  crlf(`Content-Type: multipart/mixed; boundary="${boundary}"\n\n${content}`);

describe('boundaries', () => {
  test.each<[why: string, content: string, bodies: string[], defects: string[]]>([
    ['two parts', '--abc\n\none\n--abc\n\ntwo\n--abc--\n', ['one', 'two'], []],
    ['white space after the boundary', '--abc \t\n\none\n--abc--  \n', ['one'], []],
    ['a longer boundary is another one', '--abc\n\none\n--abcd\n\nstill one\n--abc--\n', ['one\r\n--abcd\r\n\r\nstill one'], []],
    ['a boundary within a line is text', '--abc\n\none --abc\n--abc--\n', ['one --abc'], []],
    ['preamble and epilogue are no parts', 'before\n--abc\n\none\n--abc--\n--abc\n\nafter\n', ['one'], []],
    ['no close boundary', '--abc\n\none', ['one'], ['no-close-boundary']],
    ['the text ends within the boundary line', '--abc\n\none\n--abc', ['one', ''], ['no-close-boundary']],
    ['the text ends after the close mark', '--abc\n\none\n--abc--', ['one'], []],
    ['no boundary at all', 'nothing\n', ['nothing\r\n'], ['boundary-never-found']],
    ['closed at once', '--abc--\n', ['--abc--\r\n'], ['no-parts']],
    ['an empty part', '--abc\n--abc\n\n--abc--\n', ['', ''], []],
    ['a part without the empty line', '--abc\nContent-Type: text/plain\n--abc--\n', [''], []],
    ['a last line end belongs to the boundary', '--abc\n\none\n\n--abc--\n', ['one\r\n'], []],
  ])('%s', (_why, content, expected, defects) => {
    const raw = multipart(content);
    const root = parseMime(raw);
    expect(bodies(raw, root)).toEqual(expected);
    expect(root.defects).toEqual(defects);
  });

  test('a long boundary is compared to its end', () => {
    const raw = multipart('------=_Part_1\n\none\n------=_Part_2\n\ntwo\n------=_Part_1--\n', '----=_Part_1');
    expect(bodies(raw, parseMime(raw))).toEqual(['one\r\n------=_Part_2\r\n\r\ntwo']);
  });

  test('an outer boundary ends inner parts that were never closed', () => {
    const raw = multipart('--abc\nContent-Type: multipart/mixed; boundary=in\n\n--in\n\none\n--abc\n\ntwo\n--abc--\n');
    const root = parseMime(raw);
    expect(bodies(raw, root)).toEqual(['one', 'two']);
    expect(root.children[0]?.defects).toEqual(['no-close-boundary']);
  });

  test('a multipart without a boundary parameter is one part', () => {
    const raw = crlf('Content-Type: multipart/mixed\n\n--x\n\none\n--x--\n');
    const root = parseMime(raw);
    expect(root).toMatchObject({ partId: '1', type: 'multipart', children: [], defects: ['no-boundary'] });
  });
});

describe('what a header says of its part', () => {
  const read = (header: string): MimePart => parseMime(crlf(`${header}\n\nbody\n`));

  test('nothing means text/plain in 7bit', () => {
    expect(read('Subject: x')).toMatchObject({
      type: 'text',
      subtype: 'plain',
      encoding: '7bit',
      disposition: null,
      id: null,
      defects: [],
    });
  });

  test('all fields are read', () => {
    const part = read(
      'Content-Type: Image/PNG; Name=a.png\nContent-Transfer-Encoding: BASE64 (yes)\nContent-ID: <x@y>\nContent-Description: A picture\n' +
        'Content-Disposition: Inline; filename=b.png\nContent-Language: de, en\nContent-Location: http://x.test/\nContent-MD5: Q2hlY2s=',
    );
    expect(part).toMatchObject({
      type: 'image',
      subtype: 'png',
      encoding: 'base64',
      id: '<x@y>',
      description: 'A picture',
      disposition: { type: 'inline' },
      language: 'de, en',
      location: 'http://x.test/',
      md5: 'Q2hlY2s=',
    });
    expect(fileName(part)).toBe('b.png');
    expect(fileName(read('Content-Type: image/png; name=a.png'))).toBe('a.png');
    expect(fileName(read('Subject: x'))).toBeNull();
  });

  test.each([
    ['Content-Type: text', 'text/plain', 'bad-content-type'],
    ['Content-Type: ', 'text/plain', null],
    ['Content-Type: a/b/c', 'text/plain', 'bad-content-type'],
    ['Content-Type: text/html\nContent-Type: text/plain', 'text/html', 'duplicate-content-type'],
    ['Content-Transfer-Encoding: x-secret', 'text/plain', 'unknown-encoding'],
    ['Content-Type: message/rfc822\nContent-Transfer-Encoding: base64', 'message/rfc822', 'encoded-message'],
    ['Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64', 'multipart/mixed', 'encoded-multipart'],
  ])('%j is %s with the defect %s', (header, type, defect) => {
    const part = read(header);
    expect(`${part.type}/${part.subtype}`).toBe(type);
    expect(part.message).toBeNull();
    if (defect === null) expect(part.defects).toEqual([]);
    else expect(part.defects).toContain(defect);
  });
});

describe('part numbers', () => {
  const root = parseMime(fixture('forwarded'));
  const numbers = (of: MimePart): string[] => [...allParts(of)].map(({ partId }) => partId);

  test('a multipart root has none, a message and its multipart share one, a text message is part 1 of it', () => {
    expect(numbers(root)).toEqual(['', '1', '2', '2', '2.1', '2.2', '2.2.1']);
    expect(numbers(parseMime(fixture('plain')))).toEqual(['1']);
    expect([...allParts(root, false)].map(({ partId }) => partId)).toEqual(['', '1', '2']);
  });

  test.each(['1', '2', '2.1', '2.2', '2.2.1'])('%s is found', (partId) => {
    expect(findPart(root, partId)).toBe([...allParts(root)].find((part) => part.partId === partId));
  });

  test.each(['0', '3', '1.1', '2.3', '2.2.2', '2.2.1.1', 'x', '1.', '01', '1e0', '9999999'])('%s is not', (partId) => {
    expect(findPart(root, partId)).toBeNull();
  });

  test('the body of a message without parts is its part 1', () => {
    const plain = parseMime(fixture('plain'));
    expect(findPart(plain, '1')).toBe(plain);
    expect(findPart(plain, '')).toBe(plain);
    expect(findPart(plain, '2')).toBeNull();
    expect(findPart(plain, '1.1')).toBeNull();
  });
});

test.each([
  ['', 0],
  ['one', 0],
  ['one\r\n', 1],
  ['one\r\ntwo', 1],
  ['\r\n\r\n', 2],
])('the body %j has %i lines', (text, lines) => {
  const raw = Buffer.from(`A: b\r\n\r\n${text}`);
  expect(bodyLines(raw, parseMime(raw))).toBe(lines);
});

describe('limits', () => {
  test('1,000 parts are all there, in order', () => {
    const raw = manyParts(1000);
    const root = parseMime(raw);
    expect(root.children).toHaveLength(1000);
    expect(root.children.map((part) => body(raw, part))).toEqual(Array.from({ length: 1000 }, (_, i) => `part ${i + 1}`));
  });

  test('beyond the number of parts the rest is one closed part', () => {
    const raw = manyParts(20);
    const root = parseMime(raw, { mimeParts: 5 });
    expect(root.children.map(({ defects }) => defects)).toEqual([[], [], [], ['too-many-parts']]);
    expect(body(raw, root.children[3] as MimePart)).toMatch(/^part 4\r\n--b[^]*part 20\r\n--b--\r\n$/);
    expect(parseMime(raw, { mimeParts: 1 })).toMatchObject({ children: [], defects: ['too-many-parts'] });
    expect(parseMime(raw, { mimeParts: 21 }).children.flatMap(({ defects }) => defects)).toEqual([]);
  });

  test.each([
    ['multiparts', deepParts],
    ['messages', deepMessages],
  ])('100 levels of %s are opened, and 10,000 do no harm', (_what, make) => {
    const innermost = (root: MimePart): MimePart => [...allParts(root)].at(-1) as MimePart;
    const open = innermost(parseMime(make(100)));
    expect([open.type, open.defects]).toEqual(['text', []]);
    const parts = [...allParts(parseMime(make(10_000)))];
    expect(parts).toHaveLength(101);
    expect(parts.at(-1)?.defects).toContain('too-deep');
  });
});
