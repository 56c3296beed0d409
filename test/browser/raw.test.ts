// The source of a message, of whatever length: rows by range, signs for what is no letter, a search that keeps nothing.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { startRig } from './rig.ts';
import type { Rig } from './rig.ts';

/** 200,000 lines, with a needle near the end and one longer than a row. */
const LINES = 200_000;
const body = Array.from({ length: LINES }, (_, i) =>
  i === 150_000 ? 'here is the Needle' : i === 199_990 ? `${'y'.repeat(9_000)}needle` : `line ${i}`,
);
const raw = Buffer.from(`From: a@b.test\r\nSubject: Long\tone\r\nX-Eight: gr\u00fcn\r\n\r\n${body.join('\r\n')}\r\n`);

let rig: Rig;
let page: Page;
let ranges: string[];

beforeAll(async () => {
  rig = await startRig();
  await rig.sendRaw(raw);
});
afterAll(() => rig.stop());

afterEach(() => rig.closePages());
beforeEach(async () => {
  page = await rig.open();
  ranges = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/raw')) ranges.push(request.headers()['range'] ?? 'all');
  });
  const { id } = (await (await fetch(new URL('v1/messages/latest', rig.mailrig.url))).json()) as { id: string };
  await page.goto(`${rig.mailrig.url}#/m/${id}/raw`);
  await source().getByText('Subject: Long').waitFor();
});

const source = () => page.getByRole('document', { name: 'Raw' });
const field = () => page.getByRole('searchbox', { name: 'Search the source' });
/** What a row shows, by its number. */
const row = (number: number) =>
  source()
    .locator('.line')
    .filter({ has: page.getByText(String(number), { exact: true }) });

it('fetches what is in view and no more, also at its end', async () => {
  await page.getByText('200,006 lines').waitFor();
  expect(ranges).toHaveLength(1);
  await source().focus();
  await page.keyboard.press('End');
  await source()
    .getByText(`line ${LINES - 1}`)
    .waitFor();
  const octets = ranges.map((range) => {
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    return start === undefined ? raw.length : Number(end) - Number(start) + 1;
  });
  expect(octets.reduce((sum, n) => sum + n, 0)).toBeLessThan(raw.length / 4);
  expect(await source().locator('.line').count()).toBeLessThan(80);
});

it('shows line ends, tabs and octets of eight bits as signs', async () => {
  await page.getByRole('checkbox', { name: 'Show CR LF' }).check();
  await expect.poll(() => row(2).textContent()).toMatch(/^\s*2\s*Subject: Long→oneCRLF\s*$/);
  await expect.poll(() => row(3).textContent()).toMatch(/gr·c3·bcnCRLF/);
});

it('finds words anywhere, counts them and goes from one to the next', async () => {
  await field().fill('needle');
  await page.getByText('1 of 2').waitFor();
  await source().getByText('here is the').waitFor();
  expect(await source().locator('mark').textContent()).toBe('Needle');
  await field().press('Enter');
  await page.getByText('2 of 2').waitFor();
  await expect.poll(() => source().locator('.current mark').isVisible()).toBe(true);
  await field().press('Shift+Enter');
  await page.getByText('1 of 2').waitFor();
  await page.getByRole('button', { name: 'Previous', exact: true }).click();
  await page.getByText('2 of 2').waitFor();
});

it('says when there is nothing, and forgets the search with Escape', async () => {
  await field().fill('no such thing');
  await page.getByText('none', { exact: true }).waitFor();
  await field().press('Escape');
  expect(await field().inputValue()).toBe('');
  await source().getByText('Subject: Long').waitFor();
});
