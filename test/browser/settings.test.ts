// The settings: each is taken over at once, here and in other tabs, and is still there tomorrow.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;

beforeAll(async () => {
  rig = await startRig();
  await rig.send({ subject: 'Welcome', text: 'Hello' });
});
afterAll(() => rig.stop());
afterEach(() => rig.closePages());
beforeEach(async () => {
  page = await rig.open('#/inbox', { colorScheme: 'light' });
  await live(page).waitFor();
  await rowOf(page, 'Welcome').waitFor();
});

const section = async (name: string): Promise<void> => {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name }).click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
};
const radio = (name: string, of: Page = page) => of.getByRole('radio', { name });
const background = (of: Page): Promise<string> => of.evaluate('getComputedStyle(document.body).backgroundColor');

it.each([
  ['Theme', 'Dark'],
  ['Density of the list', 'Compact'],
  ['Time', 'Relative'],
  ['A message opens in', 'Headers'],
])('remembers the choice of %s', async (group, choice) => {
  await section('Appearance');
  await page.getByRole('group', { name: group }).getByRole('radio', { name: choice }).check();
  await page.reload();
  await page.getByRole('heading', { name: 'Appearance' }).waitFor();
  expect(await page.getByRole('group', { name: group }).getByRole('radio', { name: choice }).isChecked()).toBe(true);
});

it('changes the theme at once, by arrow keys too, here and in another tab', async () => {
  const other = await page.context().newPage();
  await other.goto(`${rig.mailrig.url}#/settings/appearance`);
  await radio('System', other).waitFor();
  await section('Appearance');
  await radio('System').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  expect(await radio('Dark').isChecked()).toBe(true);
  await expect.poll(() => background(page)).toBe('rgb(15, 19, 24)');
  await expect.poll(() => radio('Dark', other).isChecked()).toBe(true);
  await expect.poll(() => background(other)).toBe('rgb(15, 19, 24)');
});

it('opens messages in the view that was chosen', async () => {
  await section('Appearance');
  await radio('Headers').check();
  await page.goto(rig.mailrig.url);
  await page.reload();
  await rowOf(page, 'Welcome').click();
  await page.getByRole('tab', { name: 'Headers', selected: true }).waitFor();
});

it('says what remote content gives away before it is switched on', async () => {
  await section('Reading');
  const choice = page.getByRole('checkbox', { name: 'Load remote images and styles without asking' });
  expect(await choice.isChecked()).toBe(false);
  await choice.check();
  await page.getByText(/see your address and when you read it/).waitFor();
  await page.reload();
  await expect.poll(() => choice.isChecked()).toBe(true);
});

it('opens with the keys g s and closes with Escape, back in the list', async () => {
  await page.getByRole('grid').focus();
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.locator('h1:focus', { hasText: 'Settings' }).waitFor();
  expect(await page.title()).toBe('Settings · Mailrig');
  await page.keyboard.press('Escape');
  await page.locator('[role=grid]:focus').waitFor();
});

it('has no key that reaches the messages out of sight', async () => {
  await page.keyboard.press('j');
  await section('Keyboard');
  await page.getByRole('heading', { name: 'Keyboard', exact: true }).click();
  await page.keyboard.press('#');
  await page.keyboard.press('Escape');
  await rowOf(page, 'Welcome').waitFor();
});

it('strikes out the keys that are switched off, also in the sheet of keys', async () => {
  await section('Keyboard');
  const table = page.getByRole('region', { name: 'List' });
  await table.getByText('Next row', { exact: true }).waitFor();
  expect(await table.getByRole('deletion').count()).toBe(0);
  await page.getByRole('checkbox', { name: 'Single keys are on' }).uncheck();
  await table.getByRole('deletion').filter({ hasText: 'j' }).waitFor();
  await page.getByRole('button', { name: 'Keys and query grammar' }).click();
  await page.getByRole('dialog').getByText('Single keys are off').waitFor();
});

it('keeps the filter for the way back to the list', async () => {
  await page.getByLabel('Search messages').fill('subject:welcome');
  await page.waitForURL(/q=subject/);
  await section('About');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Inbox' }).click();
  await page.waitForURL(/#\/inbox\?q=subject/);
});

describe('about', () => {
  it('tells version, what is kept of how much, and that nothing leaves the machine', async () => {
    await section('About');
    await page.getByText(/^Mailrig \d+\.\d+/).waitFor();
    await page.getByText('1 of 10,000 messages').waitFor();
    await page.getByText(/does not phone home/).waitFor();
  });

  it('has the licences of what the page is made of', async () => {
    await section('About');
    const address = await page.getByRole('link', { name: /^Licences/ }).getAttribute('href');
    const answer = await fetch(new URL(address ?? '', rig.mailrig.url));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(await answer.text()).toContain('svelte');
  });
});

it('broke no rule of its own Content-Security-Policy in all of this', () => {
  expect(rig.problems).toEqual([]);
});
