// Desktop notifications: asked for when they are switched on, shown only while the page is hidden, once for each burst.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

interface Shown {
  title: string;
  body: string;
}

let rig: Rig;
let page: Page;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
afterEach(() => rig.closePages());

/** Stands in for the desktop, which no test can see, and for the person who answers the browser's question. */
const desktop = (answer: string): string => `
  window.shown = [];
  window.Notification = class {
    static permission = sessionStorage.answered ?? 'default';
    static async requestPermission() { return (this.permission = sessionStorage.answered = '${answer}'); }
    constructor(title, options) { window.shown.push(Object.assign(this, { title, ...options })); }
    close() {}
  };
  window.away = false;
  Object.defineProperty(document, 'hidden', { get: () => window.away });
`;
const shown = (): Promise<Shown[]> => page.evaluate('window.shown.map(({ title, body }) => ({ title, body }))');
const choice = () => page.getByRole('checkbox', { name: 'Tell of new mail while this page is hidden' });

async function open(answer: string): Promise<void> {
  page = await rig.open('#/settings/notifications');
  await page.addInitScript(desktop(answer));
  await page.reload();
  await live(page).waitFor();
  await choice().waitFor();
}

describe('where the browser lets them', () => {
  beforeEach(async () => {
    await open('granted');
    await choice().click();
    await page.getByText('The browser lets this page show them.').waitFor();
    expect(await choice().isChecked()).toBe(true);
  });

  it('shows one to try', async () => {
    await page.getByRole('button', { name: 'Show one now' }).click();
    await page.getByText(/^Sent to the desktop/).waitFor();
    expect(await shown()).toEqual([{ title: 'Mailrig', body: 'New mail looks like this.' }]);
  });

  it('stays silent while the page is seen', async () => {
    await page.getByRole('link', { name: 'Inbox' }).click();
    await rig.send({ subject: 'In sight' });
    await rowOf(page, 'In sight').waitFor();
    await page.evaluate('window.away = true');
    await rig.send({ subject: 'Out of sight' });
    await expect.poll(shown, { timeout: 10_000 }).toEqual([{ title: 'Acme Team', body: 'Out of sight' }]);
  });

  it('makes one of a burst', async () => {
    await page.evaluate('window.away = true');
    for (const subject of ['One', 'Two']) await rig.send({ subject });
    await expect.poll(shown, { timeout: 10_000 }).toEqual([{ title: '2 new messages', body: 'Acme Team: Two\nAcme Team: One' }]);
  });

  it('opens the message when it is clicked', async () => {
    await page.evaluate('window.away = true');
    await rig.send({ subject: 'Click me' });
    await expect.poll(shown, { timeout: 10_000 }).toHaveLength(1);
    await page.evaluate('window.shown[0].onclick()');
    await page.getByRole('heading', { name: 'Click me' }).waitFor();
  });
});

it('are not on after the browser was told no, and the page says where to change that', async () => {
  await open('denied');
  await choice().click();
  await page.getByText(/^The browser has blocked them/).waitFor();
  expect([await choice().isChecked(), await choice().isDisabled()]).toEqual([false, true]);
});
