// A long list: only what is in view is in the page, wherever it is scrolled to.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

const COUNT = 10_000;
const MOST_NODES = 250;
let rig: Rig;
let page: Page;

async function inject(count: number): Promise<void> {
  const url = new URL('v1/messages?sender=a@acme.test&rcpt=b@shop.test', rig.mailrig.url);
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < count) {
      const body = `From: a@acme.test\r\nSubject: Message ${next++}.\r\n\r\nHello\r\n`;
      await (await fetch(url, { method: 'POST', headers: { 'content-type': 'message/rfc822' }, body })).arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
}

beforeAll(async () => {
  rig = await startRig({ maxMessages: 0 });
  page = await rig.open();
  await live(page).waitFor();
  await inject(COUNT);
}, 120_000);
afterAll(() => rig.stop());

const nodes = (): Promise<number> => page.evaluate(`document.querySelectorAll('[role=grid], [role=grid] *').length`);
const scrollTo = (share: number) =>
  page.evaluate(`(() => { const grid = document.querySelector('[role=grid]'); grid.scrollTop = ${share} * grid.scrollHeight; })()`);

it('counts them all as they arrive', async () => {
  await page.getByRole('button', { name: 'All mail' }).getByText('10,000', { exact: true }).waitFor();
});

it.each([0, 0.13, 0.5, 0.77, 1])('has at most 250 nodes, all of them filled, at %d of the list', async (share) => {
  await scrollTo(share);
  await expect.poll(() => page.locator('[role=grid] .skeleton').count()).toBe(0);
  await expect.poll(() => page.locator('[role=row][data-index]').count()).toBeGreaterThan(10);
  expect(await nodes()).toBeLessThanOrEqual(MOST_NODES);
});

it('reaches the oldest with End and the newest with Home', async () => {
  // Nothing but the first page is known then.
  await page.reload();
  await live(page).waitFor();
  await page.getByRole('grid').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await expect.poll(() => page.getByRole('grid').getAttribute('aria-activedescendant')).toBe(`row-${COUNT - 1}`);
  await rowOf(page, 'Message').last().waitFor();
  await page.keyboard.press('Home');
  await expect.poll(() => page.getByRole('grid').getAttribute('aria-activedescendant')).toBe('row-0');
});

it('holds new ones back while it is scrolled, and shows them when asked', async () => {
  await scrollTo(0.5);
  await rig.send({ subject: 'The very newest' });
  await page.getByRole('button', { name: '1 new message' }).click();
  await rowOf(page, 'The very newest').waitFor();
});
