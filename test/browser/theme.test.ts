// How the page looks for those who set something: theme, contrast, motion, size of text, print.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { DESKTOP, PHONE, live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
  await rig.send({ subject: 'Welcome to Acme', text: 'Your code is 482913, or https://app.acme.test/confirm' });
});
afterAll(() => rig.stop());
afterEach(() => rig.closePages());

const LIGHT = 'rgb(255, 255, 255)';
const DARK = 'rgb(15, 19, 24)';
const background = (page: Page): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
const bars = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('meta[name=theme-color]')].map(({ content }) => content)`);

const choose = async (page: Page, theme: string): Promise<void> => {
  await page.goto(`${rig.mailrig.url}#/settings/appearance`);
  await page.getByRole('radio', { name: theme }).check();
};

describe('the theme', () => {
  it('is the system’s, and follows it', async () => {
    const page = await rig.open('', { colorScheme: 'dark' });
    await live(page).waitFor();
    expect(await background(page)).toBe(DARK);
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => background(page)).toBe(LIGHT);
    await expect.poll(() => bars(page)).toEqual([LIGHT, LIGHT]);
  });

  it('is the one that was chosen before anything is painted, the bars of a phone’s browser too', async () => {
    const page = await rig.open('', { colorScheme: 'light' });
    await choose(page, 'Dark');
    await expect.poll(() => bars(page)).toEqual([DARK, DARK]);
    // Its code never comes, so that only what stands before it has run.
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.reload();
    expect(await background(page)).toBe(DARK);
  });
});

const looks: readonly [string, BrowserContextOptions][] = [
  ['more contrast', { contrast: 'more' }],
  ['more contrast, in dark', { contrast: 'more', colorScheme: 'dark' }],
];

it.each(looks)('with %s every line between panes can be told from the ground (3:1)', async (_name, options) => {
  const page = await rig.open('', options);
  await rowOf(page, 'Welcome').waitFor();
  const ratio = await page.evaluate<number>(`(() => {
    const light = (color) => {
      const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const header = getComputedStyle(document.querySelector('header'));
    const [one, other] = [light(header.borderBottomColor), light(header.backgroundColor)];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  })()`);
  expect(ratio).toBeGreaterThanOrEqual(3);
});

it('moves nothing for those who want no motion', async () => {
  const page = await rig.open('', { reducedMotion: 'reduce' });
  await rowOf(page, 'Welcome').waitFor();
  const moving = await page.evaluate(`[...document.querySelectorAll('*')]
    .filter((element) => ['transitionDuration', 'animationDuration'].some((name) => parseFloat(getComputedStyle(element)[name]) > 0))
    .map((element) => element.outerHTML.slice(0, 80))`);
  expect(moving).toEqual([]);
});

it('shows in forced colours where one is', async () => {
  const page = await rig.open('', { forcedColors: 'active' });
  await rowOf(page, 'Welcome').waitFor();
  const mark = `getComputedStyle(document.querySelector('nav [aria-current]'), '::before').backgroundColor`;
  expect(await page.evaluate(mark)).not.toBe(await background(page));
});

/** WCAG 1.4.12 */
const SPACING = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`;
const sizes: readonly [string, BrowserContextOptions][] = [
  ['the text is spaced out', { viewport: DESKTOP }],
  ['the text is spaced out on a phone', { viewport: PHONE, hasTouch: true }],
  ['everything is twice as large', { viewport: { width: DESKTOP.width / 2, height: DESKTOP.height / 2 } }],
];
const places = ['#/inbox', '#/settings/appearance', '#/settings/keyboard', '#/settings/notifications', '#/settings/about'];

it.each(sizes)('cuts no control off when %s', async (name, options) => {
  // The policy of the page would refuse the style that the test puts in.
  const page = await rig.open('', { ...options, bypassCSP: true });
  for (const place of places) {
    await page.goto(rig.mailrig.url + place);
    await page.reload();
    await page.getByRole('heading').first().waitFor();
    if (name.includes('spaced')) await page.addStyleTag({ content: SPACING });
    const cut =
      await page.evaluate(`[...document.querySelectorAll('nav a, header .btn, .pill, .banner, label, legend, h1:not(.unseen), h2')]
      .filter((element) => element.checkVisibility() && !element.querySelector('input[type=text]'))
      .filter(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) => scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 4)
      .map((element) => element.outerHTML.slice(0, 120))`);
    expect([place, cut]).toEqual([place, []]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }
});

it('prints the open message without the frame around it', async () => {
  const page = await rig.open('');
  await rowOf(page, 'Welcome').click();
  await page.getByRole('heading', { name: 'Welcome to Acme' }).waitFor();
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('heading', { name: 'Welcome to Acme' }).isVisible()).toBe(true);
  for (const part of [page.getByRole('navigation', { name: 'Main' }), page.getByRole('grid'), page.getByLabel('Search messages')])
    expect(await part.isVisible()).toBe(false);
  expect((await page.getByRole('region', { name: 'Message' }).boundingBox())?.x).toBe(0);
});
