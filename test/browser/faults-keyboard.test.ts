// The page of faults without a mouse: from the list of mail to a preset, its order, its end, and back.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { Fault, ListOf } from '../../server/http/contract/types.ts';
import { live, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;

const standing = async (): Promise<readonly Fault[]> =>
  ((await (await fetch(new URL('v1/faults', rig.mailrig.url))).json()) as ListOf<Fault>).items;
const order = async (): Promise<readonly (string | null)[]> => (await standing()).map(({ name }) => name);
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
/** What has the focus: its name for who does not see it, or what it says. */
const focused = (): Promise<string> =>
  page.evaluate('document.activeElement.ariaLabel ?? document.activeElement.innerText ?? document.activeElement.id');
const focus = (words: string | RegExp) => expect.poll(focused).toMatch(words);
const rules = () => page.getByRole('list', { name: /^Rules/ }).getByRole('listitem');

beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => {
  expect(rig.problems).toEqual([]);
  await rig.stop();
});
beforeEach(async () => {
  await rig.closePages();
  await fetch(new URL('v1/reset', rig.mailrig.url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  page = await rig.open('#/inbox');
  await live(page).waitFor();
  await press('g', 'f');
  await page.getByRole('heading', { name: 'Nothing goes wrong yet' }).waitFor();
});

async function preset(name: string): Promise<void> {
  await page.getByRole('button', { name: 'Preset', exact: true }).focus();
  await press('Enter');
  const item = page.getByRole('group', { name: 'Presets' }).getByRole('button', { name: new RegExp(`^${name}`) });
  await item.waitFor();
  for (let i = 0; i < 20 && (await item.and(page.locator(':focus')).count()) === 0; i++) await press('ArrowDown');
  await press('Enter');
  await expect.poll(order).toContain(name);
}

it('is reached by g f, and its first preset by Tab from there', async () => {
  for (let i = 0; i < 20 && !(await focused()).startsWith('greylisting'); i++) await press('Tab');
  await press('Enter');
  await expect.poll(order).toEqual(['greylisting']);
  await focus('gets 450');
});

it('goes along the rules, pauses, reorders, deletes, and takes back', async () => {
  await preset('reject');
  await focus('550');
  await preset('busy');
  await focus('421');
  await press('k');
  await focus('550');
  await press('k', 'ArrowDown', 'Alt+ArrowUp');
  await rules().first().filter({ hasText: '421' }).waitFor();
  await expect.poll(order).toEqual(['busy', 'reject']);
  await focus('421');
  await press('Shift+Tab', 'Space');
  await expect.poll(async () => (await standing())[0]?.enabled).toBe(false);
  await press('Tab', '#');
  await expect.poll(order).toEqual(['reject']);
  await focus('550');
  await press('z');
  await expect.poll(order).toEqual(['busy', 'reject']);
});

it('opens a rule, changes it, and comes back to it by Escape', async () => {
  await preset('reject');
  await focus('550');
  await press('Enter');
  const reply = page.getByRole('textbox', { name: 'Reply' });
  await reply.waitFor();
  for (let i = 0; i < 40 && (await focused()) !== 'Reply'; i++) await press('Tab');
  await press('ControlOrMeta+a');
  await page.keyboard.type('551 5.7.1 Moved');
  await press('Escape');
  expect(await reply.inputValue()).toBe('551 5.7.1 Moved');
  await reply.focus();
  await press('Enter');
  await rules().filter({ hasText: 'gets 551 5.7.1' }).waitFor();
  await press('Escape');
  await page.getByText('No rule is open').waitFor();
  await focus('551 5.7.1');
});

it('stops all by ⇧S from every page, and only where nothing is typed', async () => {
  await preset('reject');
  await focus('550');
  await press('g', 'i', '/');
  await page.keyboard.type('S');
  expect(await order()).toEqual(['reject']);
  await press('Backspace', 'Tab', 'g', 'e');
  await page.getByRole('heading', { name: 'Sessions' }).waitFor();
  await press('Shift+S');
  await expect.poll(order).toEqual([]);
  await page.getByRole('button', { name: 'Stop all' }).waitFor({ state: 'detached' });
});
