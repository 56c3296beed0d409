// The preview: as wide, as large and in the colours that somebody wants, without pictures or style, and the same way for the next message.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

const HTML = `<!doctype html><html><head><style>#styled { color: rgb(200, 0, 0) }
@media (prefers-color-scheme: dark) { #scheme::after { content: "dark styles" } }
@media (prefers-color-scheme: light) { #scheme::after { content: "light styles" } }</style></head>
<body><p id="styled">Hello there</p><p id="scheme"></p><script>1</script><p onclick="1">x</p>
<img src="http://images.test/hero.png" alt="Our hero"></body></html>`;

let rig: Rig;
let page: Page;

beforeAll(async () => {
  rig = await startRig();
  await rig.send({ subject: 'Only text', text: 'Nothing but text, see https://example.test/page' });
  await rig.send({ subject: 'Second', html: HTML.replace('Hello there', 'Hello again') });
  await rig.send({ subject: 'First', html: HTML });
});
afterAll(() => rig.stop());

afterEach(() => rig.closePages());
beforeEach(async () => {
  // By default the colours of the frame would be those that the test's browser is told, not those of the frame.
  page = await rig.open('', { colorScheme: null });
  await live(page).waitFor();
  await rowOf(page, 'First').click();
  await shows('Hello there');
});

const mail = () => page.frameLocator('iframe');
const shows = (words: string): Promise<void> => mail().getByText(words).waitFor();
const slider = () => page.getByRole('slider', { name: 'Width of the preview, px' });
/** What an expression is within the mail; the frame may just be going. */
const within = async <T>(expression: string): Promise<T | undefined> =>
  page
    .frames()[1]
    ?.evaluate<T>(expression)
    .catch(() => undefined);
const styleOf = (selector: string, pseudo = ''): string => `getComputedStyle(document.querySelector('${selector}')${pseudo})`;
const widthOfMail = () => within<number>('innerWidth');
const more = () => page.getByRole('button', { name: 'More of the preview' });
const colour = () => within<string>(`${styleOf('#styled')}.color`);
const content = () => within<string>(`${styleOf('#scheme', ', "::after"')}.content`);

describe('the width', () => {
  it('is one of those that are offered', async () => {
    await page.getByRole('radio', { name: '375' }).click();
    await expect.poll(widthOfMail).toBe(375);
    expect(await slider().getAttribute('aria-valuetext')).toBe('375 px');
    await page.keyboard.press('ArrowRight');
    await expect.poll(widthOfMail).toBe(414);
    await page.getByRole('radio', { name: '414', checked: true }).waitFor();
  });

  it('is any number, within reason', async () => {
    const field = page.getByRole('spinbutton', { name: 'Width of the preview, px' });
    await field.fill('555');
    await field.press('Enter');
    await expect.poll(widthOfMail).toBe(555);
    await field.fill('3');
    await field.press('Enter');
    await expect.poll(widthOfMail).toBe(240);
    expect(await field.inputValue()).toBe('240');
  });

  it('is moved by arrow keys on its edge', async () => {
    await page.getByRole('radio', { name: '480' }).click();
    await slider().focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(widthOfMail).toBe(470);
    await page.keyboard.press('Home');
    await expect.poll(widthOfMail).toBe(240);
    await page.keyboard.press('End');
    await page.getByRole('radio', { name: 'Full', checked: true }).waitFor();
  });

  it('follows the pointer that drags the edge, also over the mail', async () => {
    await page.getByRole('radio', { name: '480' }).click();
    await expect.poll(widthOfMail).toBe(480);
    const box = await slider().boundingBox();
    const [x, y] = [(box?.x ?? 0) + 10, (box?.y ?? 0) + 100];
    await page.mouse.move(x, y);
    await page.mouse.down();
    // As a hand does: over the edge first, then over the mail.
    await page.mouse.move(x - 5, y, { steps: 5 });
    await expect.poll(widthOfMail).toBe(470);
    await page.mouse.move(x - 60, y, { steps: 5 });
    await expect.poll(widthOfMail).toBe(360);
    await page.mouse.up();
    await page.mouse.move(x, y);
    expect(await widthOfMail()).toBe(360);
  });

  it('changes with v, from the narrowest to the whole pane', async () => {
    const seen: string[] = [];
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('v');
      seen.push((await page.getByRole('radio', { checked: true }).textContent())?.trim() ?? '');
    }
    expect(seen).toEqual(['320', '375', '414', '480', '600', '768', 'Full', '320']);
  });

  it('stays what it is when the mail is shown larger', async () => {
    await page.getByRole('radio', { name: '320' }).click();
    await more().click();
    await page.getByLabel('Zoom').selectOption('200 %');
    await expect.poll(widthOfMail).toBe(320);
    await expect.poll(async () => (await page.locator('iframe').boundingBox())?.width).toBe(640);
  });
});

describe('the colours', () => {
  it('are the light ones of the author, then the dark ones, then a guess, with d', async () => {
    expect(await content()).toBe('"light styles"');
    await page.keyboard.press('d');
    await expect.poll(content).toBe('"dark styles"');
    await page.keyboard.press('d');
    await expect.poll(() => within(`${styleOf('html')}.filter`)).toBe('invert(1) hue-rotate(180deg)');
    expect(await content()).toBe('"light styles"');
  });

  it('are chosen from a list too', async () => {
    await page.getByLabel('Colour scheme of the preview').selectOption({ label: 'Dark, as its author means it' });
    await expect.poll(content).toBe('"dark styles"');
  });
});

it('shows a mail as readers do that strip its style sheets', async () => {
  expect(await colour()).toBe('rgb(200, 0, 0)');
  await more().click();
  await page.getByRole('checkbox', { name: 'Style sheets' }).uncheck();
  await expect.poll(colour).not.toBe('rgb(200, 0, 0)');
});

it('shows a mail as readers do that show no images, and loads none', async () => {
  await page.getByRole('button', { name: 'Load' }).click();
  await mail().locator('img[src]').waitFor({ state: 'attached' });
  await more().click();
  await page.getByRole('checkbox', { name: 'Images' }).uncheck();
  await mail().locator('img:not([src])[alt="Our hero"]').waitFor({ state: 'attached' });
});

it.each([
  [1700, '2 things removed', 'Taken out of this mail'],
  [1100, 'More of the preview', 'More of the preview'],
])('says at %i px what was taken out of the mail', async (width, button, list) => {
  await page.setViewportSize({ width, height: 800 });
  await page.getByRole('button', { name: button }).click();
  const removed = page.getByRole('group', { name: list }).getByRole('listitem');
  expect(await removed.allTextContents()).toEqual(['script1', 'event1']);
});

it('loads what is remote with i, for this message only', async () => {
  await page.keyboard.press('i');
  await page.getByText('1 remote loaded').waitFor();
  await page.keyboard.press(']');
  await shows('Hello again');
  await page.getByText('1 remote blocked').waitFor();
  await page.keyboard.press('[');
  await page.getByText('1 remote blocked').waitFor();
});

it('looks at the next message the same way, and leaves no steps for Back', async () => {
  const steps = (): Promise<number> => page.evaluate('history.length');
  const before = await steps();
  await page.getByRole('radio', { name: '600' }).click();
  await page.keyboard.press('d');
  await expect.poll(content).toBe('"dark styles"');
  await page.keyboard.press(']');
  await shows('Hello again');
  await expect.poll(content).toBe('"dark styles"');
  await expect.poll(widthOfMail).toBe(600);
  expect(await steps()).toBe(before);
});

it('loads what is remote at once for who wants that always', async () => {
  await page.evaluate('localStorage.setItem("mailrig", JSON.stringify({ remote: true }))');
  await page.reload();
  await page.getByText('1 remote loaded').waitFor();
});

it('shows the text of a mail that has nothing else', async () => {
  await rowOf(page, 'Only text').click();
  await shows('Nothing but text');
  expect(await mail().getByRole('link').getAttribute('href')).toBe('https://example.test/page');
});

it('lets the keyboard into the mail and out of it', async () => {
  await page.locator('iframe').focus();
  await page.keyboard.press('Tab');
  await page.locator('button:focus').filter({ hasText: 'Back to the message' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('[role=tab]:focus').waitFor();
});

it('does all this without a complaint of the browser', () => {
  expect(rig.problems).toEqual([]);
});
