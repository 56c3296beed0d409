// The page while the server is out of reach: it says so, stays readable, and comes back by itself.

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { createMailrig } from '../../server/app.ts';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;

beforeEach(async () => {
  rig = await startRig();
  page = await rig.open();
  await live(page).waitFor();
  await rig.send({ subject: 'Before the break' });
  await rowOf(page, 'Before the break').click();
  await page.getByRole('heading', { name: 'Before the break' }).waitFor();
});
afterEach(() => rig.stop());

it('says that it reconnects, keeps the list and switches off what needs the server', async () => {
  await rig.mailrig.stop();
  await page.getByRole('button', { name: /^Reconnecting/ }).waitFor();
  await page.getByText(/^as of \d\d:\d\d:\d\d$/).waitFor();
  await rowOf(page, 'Before the break').waitFor();
  expect(await page.getByRole('button', { name: 'Delete', exact: true }).isDisabled()).toBe(true);
});

it('follows a server that was started again, and shows what that one has', async () => {
  const { http, smtp, smtps } = rig.mailrig.ports;
  await rig.mailrig.stop();
  await page.getByRole('button', { name: /^Reconnecting/ }).waitFor();
  const second = createMailrig({ logLevel: 'silent', httpPort: http ?? 0, smtpPort: smtp ?? 0, smtpsPort: smtps ?? 0 });
  await second.start();
  try {
    await rig.send({ subject: 'After the restart' });
    await page.getByRole('button', { name: /^Reconnecting/ }).click();
    await rowOf(page, 'After the restart').waitFor();
    await live(page).waitFor();
    expect(await rowOf(page, 'Before the break').count()).toBe(0);
    await page.getByText('This message is gone').waitFor();
  } finally {
    await second.stop();
  }
});

it('goes on where it left off after a break of the line, without fetching the list again', async () => {
  const lists: string[] = [];
  await page.context().setOffline(true);
  await page.getByRole('button', { name: /^Reconnecting/ }).waitFor();
  await rig.send({ subject: 'While away' });
  page.on('request', (request) => {
    if (request.url().includes('/v1/messages?')) lists.push(request.url());
  });
  await page.getByRole('heading', { name: 'Before the break' }).hover();
  await page.context().setOffline(false);
  await rowOf(page, 'While away').waitFor();
  expect(lists).toEqual([]);
});
