// Every view has an address: it can be opened directly, and Back and Forward lead through them.

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let id: string;

beforeAll(async () => {
  rig = await startRig();
  await rig.send({ subject: 'Older one', text: 'Nothing special' });
  await rig.send({ subject: 'The one', text: 'A special word' });
  const { items } = (await (await fetch(new URL('v1/messages?q=subject:one&limit=1', rig.mailrig.url))).json()) as {
    items: { id: string }[];
  };
  id = items[0]?.id ?? '';
});
afterAll(() => rig.stop());
afterEach(() => rig.closePages());

const place = (page: Page): string => new URL(page.url()).hash;
const chosen = (page: Page, tab: string) => page.getByRole('tab', { name: tab, selected: true });

it.each([
  ['preview', 'Preview'],
  ['text', 'Text'],
  ['headers', 'Headers'],
  ['mime', 'MIME'],
  ['raw', 'Raw'],
  ['attachments', 'Attachments'],
  ['transcript', 'Transcript'],
])('#/m/:id/%s opens that view of the message, its row marked', async (tab, name) => {
  const page = await rig.open(`#/m/${id}/${tab}`);
  await page.getByRole('heading', { name: 'The one' }).waitFor();
  await chosen(page, name).waitFor();
  await expect.poll(() => rowOf(page, 'The one').getAttribute('aria-current')).toBe('true');
});

it('#/inbox?q= searches', async () => {
  const page = await rig.open('#/inbox?q=special');
  await rowOf(page, 'The one').waitFor();
  await rowOf(page, 'Older one').waitFor();
  const other = await rig.open('#/inbox?q=subject%3Aolder');
  await rowOf(other, 'Older one').waitFor();
  expect(await rowOf(other, 'The one').count()).toBe(0);
});

it('a message that does not exist says that it is gone', async () => {
  const page = await rig.open('#/m/nothing1/text');
  await page.getByText('This message is gone').waitFor();
});

it('Back goes from message to message, then to the list, and Forward again', async () => {
  const page = await rig.open();
  await live(page).waitFor();
  await rowOf(page, 'The one').click();
  await page.getByRole('heading', { name: 'The one' }).waitFor();
  await rowOf(page, 'Older one').click();
  await page.getByRole('heading', { name: 'Older one' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'The one' }).waitFor();
  await page.goBack();
  await expect.poll(() => place(page)).toMatch(/^$|#\/inbox/);
  await expect.poll(() => page.getByRole('heading', { name: 'The one' }).count()).toBe(0);
  await page.goForward();
  await page.getByRole('heading', { name: 'The one' }).waitFor();
});
