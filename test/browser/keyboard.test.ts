// The whole path by keyboard alone: from the list into a message and back, marking and deleting on the way.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

afterEach(() => rig.closePages());
beforeEach(async () => {
  await fetch(new URL('v1/messages', rig.mailrig.url), { method: 'DELETE' });
  for (const subject of ['Third', 'Second', 'First']) await rig.send({ subject, text: 'Your code is 482913.' });
  page = await rig.open();
  await live(page).waitFor();
  await rowOf(page, 'First').waitFor();
});

/** The row that `aria-activedescendant` names: what a screen reader reads. */
async function active(): Promise<string> {
  const id = await page.getByRole('grid').getAttribute('aria-activedescendant');
  return id === null ? '' : ((await page.locator(`#${id} .subject`).textContent()) ?? '').replace(/[\u2068\u2069]/g, '');
}

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const heading = (name: string) => page.getByRole('heading', { name, exact: true });

describe('in the list', () => {
  it.each([
    [['j'], 'First'],
    [['j', 'j'], 'Second'],
    [['j', 'ArrowDown', 'ArrowDown'], 'Third'],
    [['j', 'j', 'j', 'j', 'j'], 'Third'],
    [['j', 'k', 'k'], 'First'],
    [['j', 'End'], 'Third'],
    [['j', 'End', 'Home'], 'First'],
    [['j', 'j', 'j', 'ArrowUp'], 'Second'],
  ])('%j marks %s', async (keys, subject) => {
    await press(...keys);
    await expect.poll(active).toBe(subject);
  });

  it('opens with Enter and keeps the focus in the list', async () => {
    await press('j', 'j', 'Enter');
    await heading('Second').waitFor();
    await press('j');
    await expect.poll(active).toBe('Third');
    await heading('Second').waitFor();
  });

  it('deletes the marked row and marks the one after it', async () => {
    await press('j', 'j', '#');
    await expect.poll(() => rowOf(page, 'Second').count()).toBe(0);
    await expect.poll(active).toBe('Third');
    await press('Delete');
    await expect.poll(active).toBe('First');
  });

  it.each([
    ['s', 'starred'],
    ['p', 'pinned'],
    ['u', 'read'],
  ])('%s marks the row as %s', async (key, mark) => {
    await press('j', key);
    await expect
      .poll(async () => ((await (await fetch(new URL(`v1/messages?q=is:${mark}`, rig.mailrig.url))).json()) as { total: number }).total)
      .toBe(1);
    if (mark === 'pinned') await press(key);
  });
});

describe('in a message', () => {
  beforeEach(async () => {
    await press('j', 'Enter');
    await heading('First').waitFor();
  });

  it('steps to the neighbours with ] and [', async () => {
    await press(']');
    await heading('Second').waitFor();
    await press('[');
    await heading('First').waitFor();
  });

  it('changes the view with a number', async () => {
    await press('3');
    await page.getByRole('tab', { name: 'Headers', selected: true }).waitFor();
  });

  it('moves along the tabs with arrows, opening costly ones only on Enter', async () => {
    await page.getByRole('tab', { name: 'Preview' }).focus();
    await press('End');
    await page.getByRole('tab', { name: 'Preview', selected: true }).waitFor();
    await press('Enter');
    await page.getByRole('tab', { name: 'Delivery', selected: true }).waitFor();
    await press('ArrowLeft');
    await page.locator('#tab-transcript:focus').waitFor();
    await page.getByRole('tab', { name: 'Delivery', selected: true }).waitFor();
    await press('Enter');
    await page.getByRole('tab', { name: 'Transcript', selected: true }).waitFor();
    await press('ArrowLeft');
    await page.getByRole('tab', { name: 'Attachments', selected: true }).waitFor();
  });

  it('closes with Escape and gives the focus back to the list', async () => {
    await press('Escape');
    await page.getByText('No message is open').waitFor();
    await page.locator('[role=grid]:focus').waitFor();
  });
});

describe('anywhere', () => {
  it('/ goes to the search, where letters are only letters', async () => {
    await press('/');
    await page.keyboard.type('sjpu?#');
    expect(await page.getByLabel('Search messages').inputValue()).toBe('sjpu?#');
  });

  it('? shows every key, Escape hides it, and single keys can be switched off', async () => {
    await press('?');
    const sheet = page.getByRole('dialog');
    await sheet.getByText('Open the marked row').waitFor();
    await sheet.getByRole('checkbox', { name: 'Single keys are on' }).uncheck();
    await press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    await press('j');
    expect(await active()).toBe('');
    await page.getByRole('grid').focus();
    await press('ArrowDown');
    await expect.poll(active).toBe('First');
  });

  it('moves the edge between list and message with arrows, as far as both stay usable', async () => {
    const edge = page.getByRole('separator', { name: 'Width of the list' });
    await edge.focus();
    await press('ArrowRight');
    await expect.poll(() => edge.getAttribute('aria-valuenow')).toBe('488');
    expect((await page.getByRole('grid').boundingBox())?.width).toBe(488);
    await press('Home');
    await expect.poll(() => edge.getAttribute('aria-valuenow')).toBe('340');
    await press('End');
    expect((await page.getByRole('region', { name: 'Message' }).boundingBox())?.width).toBeGreaterThanOrEqual(419);
  });

  it('leads from a search to a message to its code on the clipboard, without a pointer', async () => {
    await rig.closePages();
    page = await rig.open('', { permissions: ['clipboard-read', 'clipboard-write'] });
    await live(page).waitFor();
    await press('/');
    await page.keyboard.type('subject:second');
    await press('Enter');
    await expect.poll(() => rowOf(page, 'First').count()).toBe(0);
    await press('ArrowDown', 'Enter');
    await heading('Second').waitFor();
    await press('y');
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe('482913');
  });

  it('the first Tab offers a way past the bars', async () => {
    await press('Tab', 'Enter');
    await page.locator('[role=grid]:focus').waitFor();
  });
});
