import { describe, expect, it } from 'vitest';
import type { Part } from '../../../../server/http/contract/types.ts';
import { decodeText, firstOf, isOdd, kindOf, nodesOf, partById, rasterType } from '../../../../ui/screens/message/parts.ts';

const part = (partId: string, type: string, children: Part[] = [], disposition: string | null = null): Part => ({
  partId,
  type,
  charset: null,
  encoding: '7bit',
  disposition,
  filename: null,
  contentId: null,
  size: 0,
  start: 0,
  bodyStart: 0,
  bodyEnd: 0,
  defects: [],
  children,
});
const tree = part('', 'multipart/mixed', [
  part('1', 'multipart/alternative', [part('1.1', 'text/plain'), part('1.2', 'text/html')]),
  part('2', 'text/plain', [], 'attachment'),
]);

it('lists the tree from top to bottom, with the place of each node', () => {
  expect(nodesOf(tree, new Set()).map(({ part: { type }, path, level, place, siblings }) => [type, path, level, place, siblings])).toEqual([
    ['multipart/mixed', '0', 1, 1, 1],
    ['multipart/alternative', '0.0', 2, 1, 2],
    ['text/plain', '0.0.0', 3, 1, 2],
    ['text/html', '0.0.1', 3, 2, 2],
    ['text/plain', '0.1', 2, 2, 2],
  ]);
});

it('hides what is in a closed node', () => {
  expect(nodesOf(tree, new Set(['0.0'])).map(({ path }) => path)).toEqual(['0', '0.0', '0.1']);
});

it('finds the text that is no attachment, and a part by its number', () => {
  expect(firstOf(tree, 'text/plain')?.partId).toBe('1.1');
  expect(firstOf(tree, 'text/calendar')).toBeUndefined();
  expect(partById(tree, '2')?.type).toBe('text/plain');
});

describe('a picture by its first octets', () => {
  it.each([
    ['\x89PNG\r\n\x1a\n....', 'image/png'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['GIF89a', 'image/gif'],
    ['RIFF\0\0\0\0WEBP', 'image/webp'],
    ['<svg xmlns="http://www.w3.org/2000/svg">', null],
    ['<html>', null],
    ['', null],
  ])('%j is %s', (text, type) => {
    expect(rasterType(Uint8Array.from(text, (char) => char.charCodeAt(0)))).toBe(type);
  });
});

it.each([
  ['image/png', 'image/png', 'picture'],
  ['application/octet-stream', 'image/png', 'picture'],
  ['image/png', 'text/html', 'text'],
  ['image/svg+xml', 'image/svg+xml', 'text'],
  ['text/csv', null, 'text'],
  ['application/json', null, 'text'],
  ['application/ld+json', null, 'text'],
  ['application/pdf', 'application/pdf', 'other'],
  ['text/plain', 'application/zip', 'other'],
  ['application/octet-stream', null, 'other'],
])('%s that looks like %s is shown as %s', (type, sniffed, kind) => {
  expect(kindOf(type, sniffed)).toBe(kind);
});

it.each([
  ['application/pdf', 'application/pdf', false],
  ['application/pdf', null, false],
  ['application/pdf', 'application/x-msdownload', true],
  ['image/png', 'text/html', true],
  ['text/plain', 'text/html', false],
])('%s that looks like %s is odd: %s', (type, sniffedType, odd) => {
  expect(isOdd({ type, sniffedType })).toBe(odd);
});

it.each([
  [[0xfc], 'iso-8859-1', 'ü'],
  [[0xc3, 0xbc], null, 'ü'],
  [[0x61], 'no-such-charset', 'a'],
])('%j in %s is %s', (octets, charset, text) => {
  expect(decodeText(Uint8Array.from(octets), charset)).toBe(text);
});
