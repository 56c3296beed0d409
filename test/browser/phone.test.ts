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
});

it('has controls of at least 44 px', async () => {
  await rowOf(page, 'Donau').tap();
  await page.locator('iframe').waitFor();
  const small = await page.evaluate(`[...document.querySelectorAll('button, a, select, [role=row][data-index]')]
    .filter((element) => element.checkVisibility({ opacityProperty: true }) && !element.matches('.skip, .after'))
    .map((element) => ({ what: element.outerHTML.slice(0, 80), box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.height < 44 || box.width < 44)
    .map(({ what }) => what)`);
  expect(small).toEqual([]);
});
