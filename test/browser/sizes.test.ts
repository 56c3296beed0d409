// What a browser must fetch stays small: gzipped sizes of the built page.

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const KIB = 1024;
const dist = fileURLToPath(new URL('../../dist/ui/', import.meta.url));
const gz = (file: string): number => gzipSync(readFileSync(dist + file), { level: 9 }).length;
const assets = readdirSync(`${dist}assets`).map((name) => `assets/${name}`);
const html = readFileSync(`${dist}index.html`, 'utf8');
/** What the document names is fetched before the first list. */
const isFirst = (file: string): boolean => html.includes(file);
const total = (files: readonly string[]): number => files.reduce((sum, file) => sum + gz(file), 0);
const scripts = assets.filter((file) => file.endsWith('.js'));

describe('the built page', () => {
  it.each([
    ['scripts before the first list', scripts.filter(isFirst), 60 * KIB],
    ['the whole of its scripts', scripts, 160 * KIB],
    ['all styles', assets.filter((file) => file.endsWith('.css')), 14 * KIB],
  ])('keeps %s within the budget', (_what, files, budget) => {
    expect(files.length).toBeGreaterThan(0);
    expect(total(files)).toBeLessThanOrEqual(budget);
  });

  it('has no files that need each other: one of them would be read before what it stands on is there', () => {
    const needs = new Map(
      scripts.map((file) => [
        file,
        [...readFileSync(dist + file, 'utf8').matchAll(/(?:from|import)"\.\/([^"]+)"/g)].map(([, name]) => `assets/${name ?? ''}`),
      ]),
    );
    const within = (file: string, path: readonly string[]): string[] =>
      path.includes(file) ? [[...path, file].join(' → ')] : (needs.get(file) ?? []).flatMap((other) => within(other, [...path, file]));
    expect([...needs.values()].flat().length).toBeGreaterThan(0);
    expect(scripts.flatMap((file) => within(file, []))).toEqual([]);
  });

  it('fetches the message screen later, and small', () => {
    const later = scripts.filter((file) => !isFirst(file));
    expect(later.length).toBeGreaterThan(0);
    for (const file of later) expect(gz(file)).toBeLessThanOrEqual(25 * KIB);
  });

  it('has no inline script, no inline style and no address of another server', () => {
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=|https?:\/\//);
  });

  it('brings no font', () => {
    expect(assets.filter((file) => /\.(woff2?|ttf|otf|eot)$/.test(file))).toEqual([]);
  });
});
