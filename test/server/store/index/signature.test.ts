// Signatures: what a text contains is never rejected, most of what it does not contain is.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldText } from '../../../../server/mail/content.ts';
import { fromStored, mayContain, signatureOf, toStored, trigramsOf } from '../../../../server/store/index/signature.ts';
import { createSignatures } from '../../../../server/store/index/signatures.ts';
import { english, seeded } from '../../../bench/english.ts';

const rejects = (signature: Uint32Array, word: string): boolean => !mayContain(signature, 0, signature.length, trigramsOf(word));
const ones = (signature: Uint32Array): number => signature.reduce((sum, word) => sum + word.toString(2).replaceAll('0', '').length, 0);

test('a text that contains a word is never rejected', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.lorem({ maxCount: 200 }));
  fc.assert(
    fc.property(text, fc.nat(), fc.nat(), (source, a, b) => {
      const folded = foldText(source);
      const start = a % (folded.length + 1);
      const word = folded.slice(start, start + (b % 40));
      expect(rejects(signatureOf(folded), word)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test.each([100, 500, 1_000, 2_000, 5_000, 20_000, 100_000])('less than a fifth of the bits is set for %i characters', (length) => {
  const signature = signatureOf(foldText(english(seeded(3))(length)));
  expect(ones(signature) / (signature.length * 32)).toBeLessThan(0.21);
});

test.each([
  ['', 64],
  ['Hello Jo', 64],
  [english(seeded(3))(5_000), 1024],
  [Array.from({ length: 100_000 }, (_, i) => String.fromCharCode(0x4e00 + ((i * 7919) % 20_000))).join(''), 4096],
])('the size follows the text', (text, octets) => {
  expect(signatureOf(text).byteLength).toBe(octets);
});

test('a word of five letters that is not there is rejected by most texts', () => {
  const text = english(seeded(5));
  const signatures = Array.from({ length: 300 }, () => signatureOf(foldText(text(5_000))));
  expect(signatures.filter((signature) => !rejects(signature, 'zebra')).length).toBeLessThan(30);
});

test('a text in two steps has the trigrams at the seam', () => {
  const step = 512 * 1024;
  const text = `${'a'.repeat(step - 1)}xyz${'a'.repeat(10)}`;
  for (const word of ['axy', 'xyz', 'yza']) expect(rejects(signatureOf(text), word)).toBe(false);
  expect(rejects(signatureOf(text), 'zyx')).toBe(true);
});

test('words of less than three letters reject nothing', () => {
  expect(trigramsOf('zz')).toEqual([]);
  expect(rejects(signatureOf('hello'), 'zz')).toBe(false);
});

test('what was stored comes back, and what is no signature of ours does not', () => {
  const signature = signatureOf('Some text to be found again');
  const stored = toStored(signature);
  expect(fromStored(stored)).toEqual(signature);
  const otherFormat = Buffer.from(stored);
  otherFormat[0] = 99;
  for (const bad of [otherFormat, stored.subarray(0, -1), stored.subarray(0, 13), Buffer.alloc(0)]) expect(fromStored(bad)).toBe(null);
});

test('the table knows every signature through any order of setting, replacing and deleting', () => {
  const sizes = [16, 32, 256, 1024];
  const action = fc.record({ id: fc.nat(30).map(String), size: fc.constantFrom(0, ...sizes) });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 300 }), (actions) => {
      const table = createSignatures();
      const expected = new Map<string, number>();
      actions.forEach(({ id, size }, i) => {
        if (size === 0) table.delete(id);
        else table.set(id, new Uint32Array(size).fill(i));
        if (size === 0) expected.delete(id);
        else expected.set(id, i);
      });
      expect(table.size).toBe(expected.size);
      for (let id = 0; id <= 30; id++) {
        const fill = expected.get(String(id));
        expect(table.has(String(id))).toBe(fill !== undefined);
        // The trigram `bit` is known where that bit of the fill is set; nothing is known of an id that is not there.
        for (let bit = 0; bit < 9; bit++) expect(table.mayContain(String(id), [bit])).toBe(fill === undefined || ((fill >> bit) & 1) === 1);
      }
    }),
  );
});

test('freed places are used again, and blocks in which nothing is left are given back', () => {
  const table = createSignatures();
  const signature = new Uint32Array(256);
  for (let i = 0; i < 3_000; i++) table.set(`a${i}`, signature);
  const { memory } = table;
  expect(memory).toBe(3 * 1024 * 1024);
  for (let i = 0; i < 3_000; i += 2) table.delete(`a${i}`);
  for (let i = 0; i < 1_500; i++) table.set(`b${i}`, signature);
  expect(table.memory).toBe(memory);
  for (let i = 0; i < 3_000; i++) table.delete(`a${i}`);
  for (let i = 0; i < 1_500; i++) table.delete(`b${i}`);
  expect([table.size, table.memory]).toEqual([0, 0]);
});
