// Deleting, and taking it back: at once, later, of everything, in two tabs; and for ever.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;

const api = (path: string, init: RequestInit = {}) => fetch(new URL(`v1/${path}`, rig.mailrig.url), init);
const count = async (q = ''): Promise<number> =>
  ((await (await api(`messages?q=${encodeURIComponent(q)}`)).json()) as { total: number }).total;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
afterEach(() => rig.closePages());
beforeEach(async () => {
  await api('reset', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  for (const subject of ['Fourth', 'Third', 'Second', 'First']) await rig.send({ subject });
  page = await rig.open();
  await live(page).waitFor();
  await rowOf(page, 'First').waitFor();
});

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const subjects = async (of = page): Promise<string> => (await of.locator('[role=row] .subject').allTextContents()).join(' ');
const menu = async (entry: string | RegExp): Promise<void> => {
  await page.getByRole('button', { name: 'More for the list' }).click();
  await page.getByRole('button', { name: entry }).click();
};

describe('a deletion', () => {
  it('is undone by z: everything is back in its place, and the list keeps the focus', async () => {
    await press('j', 'j', '#');
    await page.getByText('Deleted 1', { exact: true }).waitFor();
    await expect.poll(() => subjects()).toBe('First Third Fourth');
    await press('z');
    await expect.poll(() => subjects()).toBe('First Second Third Fourth');
    await page.locator('[role=grid]:focus').waitFor();
    expect(await count()).toBe(4);
  });

  it('is undone from its toast, which stays while it is pointed at', async () => {
    await press('j', 'x', 'j', 'x', '#');
    const toast = page.getByRole('status').filter({ hasText: 'Deleted 2' });
    await toast.getByRole('button', { name: 'Undo (z)' }).click();
    await expect.poll(() => subjects()).toBe('First Second Third Fourth');
    await toast.waitFor({ state: 'detached' });
    await page.locator('[role=grid]:focus').waitFor();
  });

  it('is undone later from the menu, the latest first', async () => {
    await press('j', '#');
    await page.getByText('Deleted 1', { exact: true }).waitFor();
    await expect.poll(() => subjects()).toBe('Second Third Fourth');
    await press('x', 'j', 'x', '#');
    await page.getByText('Deleted 2', { exact: true }).waitFor();
    await menu(/^Undo: deleted 1/);
    await expect.poll(() => subjects()).toBe('First Fourth');
    await menu(/^Undo: deleted 2/);
    await expect.poll(() => subjects()).toBe('First Second Third Fourth');
  });

  it('can be undone in an order other than of arrival too', async () => {
    await page.getByRole('combobox', { name: 'Order' }).selectOption('Subject');
    await expect.poll(() => subjects()).toBe('First Fourth Second Third');
    await page.getByRole('grid').focus();
    await press('j', 'j', '#');
    await expect.poll(() => subjects()).toBe('First Second Third');
    await page.getByText('Deleted 1', { exact: true }).waitFor();
    await press('z');
    await expect.poll(() => subjects()).toBe('First Fourth Second Third');
  });

  it('and its undoing show in another tab', async () => {
    const other = await rig.open();
    await live(other).waitFor();
    await rowOf(other, 'Second').waitFor();
    await press('j', 'j', '#');
    await expect.poll(() => subjects(other)).toBe('First Third Fourth');
    await page.getByText('Deleted 1', { exact: true }).waitFor();
    await press('z');
    await expect.poll(() => subjects(other)).toBe('First Second Third Fourth');
  });

  it('that fails puts the row back and says so', async () => {
    await page.route('**/v1/messages', (route) =>
      route.request().method() === 'DELETE'
        ? route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'A bug.' } } })
        : route.fallback(),
    );
    await press('j', '#');
    await page.getByRole('alert').filter({ hasText: 'A bug.' }).waitFor();
    await expect.poll(() => subjects()).toBe('First Second Third Fourth');
  });

  it('of the open message opens the next one, and of the last row the one before', async () => {
    await rowOf(page, 'Third').click();
    await page.getByRole('heading', { name: 'Third' }).waitFor();
    await press('#');
    await page.getByRole('heading', { name: 'Fourth' }).waitFor();
    await press('#');
    await page.getByRole('heading', { name: 'Second' }).waitFor();
  });
});

describe('all at once', () => {
  it('goes what the filter shows; the menu says how many, pinned ones stay, and it can be undone', async () => {
    await press('j', 'p');
    await expect.poll(() => count('is:pinned')).toBe(1);
    await page.getByLabel('Search messages').fill('subject:fi OR subject:se');
    await page.getByLabel('Search messages').press('Enter');
    await expect.poll(() => subjects()).toBe('First Second');
    await menu('Delete all 1');
    await page.getByText('Deleted 1', { exact: true }).waitFor();
    await expect.poll(() => subjects()).toBe('First');
    expect(await count()).toBe(3);
    await press('z');
    await expect.poll(() => subjects()).toBe('First Second');
  });

  it('an empty inbox still offers to undo', async () => {
    await menu('Delete all 4');
    await page.getByRole('heading', { name: 'The inbox is empty' }).waitFor();
    await press('z');
    await expect.poll(() => subjects()).toBe('First Second Third Fourth');
  });

  it('is marked as read', async () => {
    await menu('Mark all as read');
    await expect.poll(() => count('is:read')).toBe(4);
    expect(await page.getByRole('gridcell', { name: 'Unread.' }).count()).toBe(0);
  });

  it('goes for ever only after a question', async () => {
    await menu('Delete for ever…');
    await page.getByRole('heading', { name: 'Delete 4 messages for ever?' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await count()).toBe(4);
    await menu('Delete for ever…');
    await page.getByRole('button', { name: 'Delete for ever', exact: true }).click();
    await page.getByText('Deleted 4 for ever', { exact: true }).waitFor();
    expect(await count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
  });

  it.each([
    ['mbox', 'From '],
    ['zip', 'PK'],
  ])('is exported as .%s, as the filter says', async (format, start) => {
    await page.getByLabel('Search messages').fill('subject:first');
    await expect.poll(() => subjects()).toBe('First');
    await page.getByRole('button', { name: 'More for the list' }).click();
    const href = await page.getByRole('link', { name: `Export as .${format}` }).getAttribute('href');
    const text = await (await fetch(href ?? '')).text();
    expect(text.startsWith(start)).toBe(true);
    expect(text).not.toContain('Subject: Second');
    if (format === 'mbox') expect(text).toContain('Subject: First');
  });
});

it('broke no rule of its own Content-Security-Policy in all of this', () => {
  expect(rig.problems).toEqual([]);
});
