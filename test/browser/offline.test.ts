// The page while the server is out of reach, or can be reached in some ways only: it says so, stays readable, and comes back by itself.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { createMailrig } from '../../server/app.ts';
import { startProxy, type Proxy } from './proxy.ts';
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

it('says so when the server comes back as another version, and loads it only when told', async () => {
  const { http, smtp } = rig.mailrig.ports;
  const info = (await (await fetch(new URL('v1/info', rig.mailrig.url))).json()) as object;
  await rig.mailrig.stop();
  await page.getByRole('button', { name: /^Reconnecting/ }).waitFor();
  await page.route('**/v1/info', (route) => route.fulfill({ json: { ...info, version: '99.0.0' } }));
  const second = createMailrig({ logLevel: 'silent', httpPort: http ?? 0, smtpPort: smtp ?? 0 });
  await second.start();
  try {
    await page.getByText('Server updated to 99.0.0.').waitFor();
    await page.getByText('This message is gone').waitFor();
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByText('Server updated to 99.0.0.').waitFor({ state: 'detached' });
    await live(page).waitFor();
  } finally {
    await second.stop();
  }
});

describe('behind a proxy', () => {
  let proxy: Proxy;

  beforeEach(async () => {
    proxy = await startProxy(rig.mailrig.ports.http ?? 0);
  });
  afterEach(() => proxy.stop());

  it('that knows no WebSocket, it is live all the same', async () => {
    proxy.refuses = ['live'];
    await page.goto(proxy.url);
    await live(page).waitFor();
    await rig.send({ subject: 'By the event stream' });
    await rowOf(page, 'By the event stream').waitFor();
  });

  it('that lets nothing stay open, it asks now and then, until something does', async () => {
    proxy.refuses = ['live', 'events'];
    await page.goto(proxy.url);
    await page.getByText('Polling', { exact: true }).waitFor();
    await rig.send({ subject: 'Asked for' });
    await rowOf(page, 'Asked for').waitFor();
    await rowOf(page, 'Asked for').click();
    const message = page.getByRole('region', { name: 'Message' });
    expect(await message.getByRole('button', { name: 'Delete', exact: true }).isDisabled()).toBe(false);
    proxy.refuses = [];
    // It tries less and less often.
    await live(page).waitFor({ timeout: 40_000 });
    await message.getByRole('heading', { name: 'Asked for' }).hover();
    await rig.send({ subject: 'Told again' });
    await rowOf(page, 'Told again').waitFor();
  }, 60_000);
});
