// Ticking rows, one, a range or all, and what is done to all of them at once.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { PHONE, live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

const SUBJECTS = ['Fifth', 'Fourth', 'Third', 'Second', 'First'];
let rig: Rig;
let page: Page;

const api = (path: string, init: RequestInit = {}) => fetch(new URL(`v1/${path}`, rig.mailrig.url), init);
const count = async (q: string): Promise<number> =>
  ((await (await api(`messages?q=${encodeURIComponent(q)}`)).json()) as { total: number }).total;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
afterEach(() => rig.closePages());
beforeEach(async () => {
  await api('reset', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  for (const subject of SUBJECTS) await rig.send({ subject });
  page = await rig.open();
  await live(page).waitFor();
  await rowOf(page, 'First').waitFor();
});

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const ticked = async (): Promise<string> => {
  const texts = await page.getByRole('row', { selected: true }).locator('.subject').allTextContents();
  return texts.join(' ');
};
const pick = (subject: string) => rowOf(page, subject).locator('.pick');
const bar = (name: string) => page.getByRole('toolbar').getByRole('button', { name, exact: true });

describe('by keyboard', () => {
  it.each([
    [['j', 'x'], 'First'],
    [['j', 'x', 'j', 'j', 'x'], 'First Third'],
    [['j', 'x', 'x'], ''],
    [['j', 'j', 'Shift+ArrowDown', 'Shift+ArrowDown'], 'Second Third Fourth'],
    [['j', 'j', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowUp'], 'Second Third'],
    [['j', 'j', 'j', 'Shift+ArrowUp', 'Shift+ArrowUp'], 'First Second Third'],
    [['*'], 'First Second Third Fourth Fifth'],
    [['j', 'x', '*'], ''],
    [['j', 'x', 'Escape'], ''],
  ])('%j ticks "%s"', async (keys, subjects) => {
    await press(...keys);
    await expect.poll(ticked).toBe(subjects);
  });

  it('Escape takes away the ticks first, then closes the message, then the filter', async () => {
    await page.getByLabel('Search messages').fill('is:unread');
    await page.getByLabel('Search messages').press('Enter');
    await page.waitForURL(/q=is/);
    await page.getByRole('grid').focus();
    await press('j', 'Enter', 'x');
    await page.waitForURL(/#\/m\//);
    await expect.poll(ticked).toBe('First');
    await press('Escape');
    await expect.poll(ticked).toBe('');
    await page.getByRole('heading', { name: 'First' }).waitFor();
    await press('Escape');
    await page.waitForURL(/#\/inbox\?q=is/);
    await press('Escape');
    await page.waitForURL(/#\/inbox$/);
  });

  it('→ leads into what can be done with the row, ← out of it', async () => {
    await press('j', 'ArrowRight', 'ArrowRight');
    await page.locator('[data-act=starred]:focus').waitFor();
    await press('Enter');
    await expect.poll(() => count('is:starred')).toBe(1);
    await press('ArrowRight', 'ArrowLeft', 'ArrowLeft');
    await page.locator('[role=grid]:focus').waitFor();
    await press('j');
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-activedescendant')).toBe('row-1');
  });
});

describe('by pointer', () => {
  it('a box appears on the row that is pointed at; a press ticks without opening, with Shift the range', async () => {
    expect(await page.getByRole('checkbox', { name: 'Tick', exact: true }).count()).toBe(0);
    await rowOf(page, 'Second').hover();
    await pick('Second').click();
    await expect.poll(ticked).toBe('Second');
    await pick('Fourth').click({ modifiers: ['Shift'] });
    await expect.poll(ticked).toBe('Second Third Fourth');
    await page.getByText('No message is open').waitFor();
    await bar('Clear the ticks').click();
    await expect.poll(ticked).toBe('');
  });

  it('the box above all is empty, mixed or full', async () => {
    const all = page.getByRole('checkbox', { name: 'Tick all' });
    await all.click();
    await expect.poll(ticked).toBe('First Second Third Fourth Fifth');
    expect(await all.isChecked()).toBe(true);
    await pick('Third').click();
    await expect.poll(() => all.evaluate((box: { indeterminate: boolean }) => box.indeterminate)).toBe(true);
    await all.click();
    await expect.poll(ticked).toBe('');
    expect(await all.isChecked()).toBe(false);
  });

  it('on a phone the menu of the list offers to select, and a touch on a row ticks it', async () => {
    page = await rig.open('', { viewport: PHONE, hasTouch: true });
    await page.getByRole('button', { name: 'More for the list' }).tap();
    await page.getByRole('button', { name: 'Select messages' }).tap();
    await rowOf(page, 'Second').tap();
    await expect.poll(ticked).toBe('Second');
    await bar('Star').tap();
    await expect.poll(() => count('is:starred')).toBe(1);
  });
});

describe('what is done to the ticked rows', () => {
  beforeEach(async () => {
    await press('j', 'x', 'j', 'x');
    await page.getByText('2 chosen').waitFor();
  });

  it.each([
    ['s', 'is:starred'],
    ['p', 'is:pinned'],
    ['u', 'is:read'],
  ])('%s marks them', async (key, q) => {
    await press(key);
    await expect.poll(() => count(q)).toBe(2);
    await press(key);
    await expect.poll(() => count(q)).toBe(0);
  });

  it('t tags them, with what is known as suggestions; the tag shows in the rows', async () => {
    await press('t');
    const field = page.getByRole('combobox', { name: 'Tag' });
    await field.fill('invoice');
    await field.press('Enter');
    await rowOf(page, 'First').getByText('invoice').waitFor();
    await expect.poll(() => count('tag:invoice')).toBe(2);
    await page.locator('button:focus').waitFor();
    await press('t');
    await page.locator('datalist option[value=invoice]').waitFor({ state: 'attached' });
    await field.fill('invoice');
    await page.getByRole('button', { name: 'Remove' }).click();
    await expect.poll(() => count('tag:invoice')).toBe(0);
  });

  it('# deletes them, and the row after them is the active one', async () => {
    await press('#');
    await rowOf(page, 'First').waitFor({ state: 'detached' });
    expect(await rowOf(page, 'Second').count()).toBe(0);
    await expect.poll(() => count('')).toBe(3);
    const active = await page.getByRole('grid').getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active ?? ''}`).textContent()).toContain('Third');
  });

  it('they are exported as one file', async () => {
    await bar('Export').click();
    const link = page.getByRole('link', { name: 'Export as .mbox' });
    const file = await (await fetch((await link.getAttribute('href')) ?? '')).text();
    expect(file.match(/^Subject: .*$/gm)?.map((line) => line.trim())).toEqual(['Subject: Second', 'Subject: First']);
  });

  it('ticks of what others delete are gone', async () => {
    await api('messages', { method: 'DELETE', headers: { 'content-type': 'application/json' }, body: '{"q":"subject:first"}' });
    await page.getByText('1 chosen').waitFor();
  });
});

it('a tick on all of a list that is not wholly known means all that match', async () => {
  for (let i = 0; i < 120; i++) {
    const init = { method: 'POST', headers: { 'content-type': 'message/rfc822' }, body: `Subject: Many ${i}\r\n\r\n` };
    await api('messages?sender=a@acme.test&rcpt=b@shop.test', init);
  }
  page = await rig.open('#/inbox?q=subject%3Amany');
  await live(page).waitFor();
  await page.getByRole('region', { name: 'Inbox' }).getByText('120', { exact: true }).waitFor();
  await page.getByRole('checkbox', { name: 'Tick all' }).click();
  await page.getByText('All 120 that match').waitFor();
  await bar('Star').click();
  await expect.poll(() => count('is:starred')).toBe(120);
  await bar('Delete').click();
  await expect.poll(() => count('')).toBe(5);
});

it('a range reaches over rows that were never seen', async () => {
  for (let i = 0; i < 300; i++) {
    const init = { method: 'POST', headers: { 'content-type': 'message/rfc822' }, body: `Subject: Many ${i}\r\n\r\n` };
    await api('messages?sender=a@acme.test&rcpt=b@shop.test', init);
  }
  page = await rig.open('#/inbox?q=subject%3Amany');
  await live(page).waitFor();
  await page.getByRole('region', { name: 'Inbox' }).getByText('300', { exact: true }).waitFor();
  await press('j', 'x', 'End');
  await rowOf(page, 'Many 0').click({ modifiers: ['Shift'] });
  await page.getByText('300 chosen').waitFor();
});

it('broke no rule of its own Content-Security-Policy in all of this', () => {
  expect(rig.problems).toEqual([]);
});
