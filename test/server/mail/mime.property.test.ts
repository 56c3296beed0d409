// Whatever the bytes are, the tree is whole: nothing is thrown, offsets are nested, and no octet of the message is lost.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBody, decodeText } from '../../../server/mail/decode.ts';
import { headerFacts } from '../../../server/mail/facts.ts';
import { allParts, bodyLines, fileName, findPart, parseMime } from '../../../server/mail/mime.ts';
import type { MimePart } from '../../../server/mail/mime.ts';
import { fixture, fixtureNames } from './projection.ts';

function checkNested(part: MimePart, start: number, end: number): void {
  expect(part.headerStart).toBeGreaterThanOrEqual(start);
  expect(part.headerEnd).toBeGreaterThanOrEqual(part.headerStart);
  expect(part.bodyStart).toBe(part.headerEnd);
  expect(part.bodyEnd).toBeGreaterThanOrEqual(part.bodyStart);
  expect(part.bodyEnd).toBeLessThanOrEqual(end);
  let last = part.bodyStart;
  for (const child of part.children) {
    checkNested(child, last, part.bodyEnd);
    last = child.bodyEnd;
  }
  if (part.message) checkNested(part.message, part.bodyStart, part.bodyEnd);
}

function check(raw: Buffer): void {
  const root = parseMime(raw, { mimeParts: 200 });
  checkNested(root, 0, raw.length);
  expect(Buffer.concat([raw.subarray(root.headerStart, root.headerEnd), raw.subarray(root.bodyStart, root.bodyEnd)]).equals(raw)).toBe(
    true,
  );
  for (const part of allParts(root)) {
    expect(findPart(root, part.partId)?.partId).toBe(part.partId);
    expect(part.type).not.toBe('');
    fileName(part);
    bodyLines(raw, part);
    decodeBody(raw, part);
    decodeText(raw, part);
  }
  headerFacts(raw);
}

const fixtures = fixtureNames.map(fixture);

test('random bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => check(Buffer.from(bytes))));
});

test('lines made of pieces of mail', () => {
  const piece = fc.constantFrom(
    ...[
      '\r\n',
      '\n',
      '\r',
      ': ',
      ';',
      '"',
      '(',
      '=',
      '--',
      '--b',
      '--b--',
      'b',
      ' ',
      '\t',
      "filename*0*=utf-8''%",
      '=?utf-8?B?',
      '?=',
      'begin 644 x\n',
    ],
    ...[
      'Content-Type: multipart/mixed; boundary=b',
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: base64',
      'To: a@b.test, ',
      '\xff',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => check(Buffer.from(pieces.join(''), 'latin1'))),
    { numRuns: 300 },
  );
});

test('fixtures with pieces cut out, doubled or overwritten', () => {
  const change = fc.record({
    at: fc.nat(2000),
    length: fc.nat(40),
    how: fc.constantFrom('cut', 'double', 'overwrite'),
    octet: fc.nat(255),
  });
  fc.assert(
    fc.property(fc.constantFrom(...fixtures), fc.array(change, { minLength: 1, maxLength: 6 }), (original, changes) => {
      let raw = Buffer.from(original);
      for (const { at, length, how, octet } of changes) {
        const start = at % (raw.length + 1);
        const piece = raw.subarray(start, start + length);
        const put = how === 'cut' ? [] : how === 'double' ? [piece, piece] : [Buffer.alloc(piece.length, octet)];
        raw = Buffer.concat([raw.subarray(0, start), ...put, raw.subarray(start + length)]);
      }
      check(raw);
    }),
    { numRuns: 300 },
  );
});
