// The page at the width of a phone: one pane at a time, a way back, targets for fingers, nothing cut off.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { PHONE, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;

beforeAll(async () => {
  rig = await startRig();
  await rig.send({
    subject: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3),
    from: `"${'Averylongnamewithoutanyspace'.repeat(4)}" <long@acme.test>`,
    to: Array.from({ length: 60 }, (_, i) => `list-${i}@corp.test`),
    text: 'Your code is 482913, or follow https://app.acme.test/confirm?t=1',
  });
});
afterAll(() => rig.stop());

afterEach(() => rig.closePages());
beforeEach(async () => {
  page = await rig.open('', { viewport: PHONE, hasTouch: true });
});

it('shows the list, then the message alone, then the list again', async () => {
  await rowOf(page, 'Donau').tap();
  await page.getByRole('heading', { name: /Donau/ }).waitFor();
  expect(await page.getByRole('grid').isVisible()).toBe(false);
  await page.getByRole('link', { name: 'Back to the list' }).tap();
  await page.getByRole('grid').waitFor();
});

it('goes from place to place in a bar at the bottom, which stays while a message is read', async () => {
  const bar = page.getByRole('navigation', { name: 'Main' });
  await rowOf(page, 'Donau').tap();
  await page.getByRole('heading', { name: /Donau/ }).waitFor();
  const box = await bar.boundingBox();
  expect([box?.height, (box?.y ?? 0) + (box?.height ?? 0), box?.width]).toEqual([56, 844, 390]);
  await bar.getByRole('link', { name: 'Settings' }).tap();
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  await bar.getByRole('link', { name: 'Inbox' }).tap();
  await rowOf(page, 'Donau').waitFor();
  expect(await bar.getByRole('link', { name: 'Inbox' }).getAttribute('aria-current')).toBe('page');
});

it('chooses the view from one labelled select', async () => {
  await rowOf(page, 'Donau').tap();
  await page.getByRole('combobox', { name: 'Views of the message' }).selectOption('text');
  await page.getByRole('tabpanel').getByText('Your code is 482913').waitFor();
});

it.each([390, 320])('never scrolls sideways at %i px', async (width) => {
  await page.setViewportSize({ width, height: 844 });
  const excess = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  await rowOf(page, 'Donau').waitFor();
  expect(await page.evaluate(excess)).toBe(0);
  await rowOf(page, 'Donau').tap();
  await page.locator('iframe').waitFor();
  expect(await page.evaluate(excess)).toBe(0);
  for (const section of ['Appearance', 'Reading', 'Keyboard', 'Notifications', 'About']) {
    await page.goto(`${rig.mailrig.url}#/settings/${section.toLowerCase()}`);
    await page.getByRole('heading', { name: section, exact: true }).waitFor();
    expect(await page.evaluate(excess)).toBe(0);
  }
});

const places: readonly [string, () => Promise<void>][] = [
  ['a message', async () => (await rowOf(page, 'Donau').tap(), page.locator('iframe').waitFor())],
  [
    'the settings',
    async () => (await page.getByRole('link', { name: 'Settings' }).tap(), page.getByRole('radio', { name: 'Compact' }).waitFor()),
  ],
  [
    'what it says of itself',
    async () => (await page.goto(`${rig.mailrig.url}#/settings/about`), page.getByText(/of 10,000 messages/).waitFor()),
  ],
];

it.each(places)('has controls of at least 44 px in %s', async (_name, reach) => {
  await reach();
  const small =
    await page.evaluate(`[...document.querySelectorAll('button, a, select, label:has(input[type=radio], input[type=checkbox]), [role=row][data-index]')]
    .filter((element) => element.checkVisibility({ opacityProperty: true }) && !element.matches('.skip, .after'))
    .map((element) => ({ what: element.outerHTML.slice(0, 80), box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.height < 44 || box.width < 44)
    .map(({ what }) => what)`);
  expect(small).toEqual([]);
});
