// Hostile mail in a real browser: nothing of it runs, nothing of it reaches out, until somebody loads what is remote; and then only pictures and styles.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

const mail = readFileSync(new URL('../../fixtures/hostile/preview.eml', import.meta.url));

/** What the fixture calls the traps that only a script, a frame, a form or a plug-in could spring. */
const ACTIVE =
  /manifest|onload|title|refresh|prefetch|style-end|pageshow|script|inline|nested|onerror|iframe|srcdoc|frame|object|embed\.|applet|form|focus|newline|control|data|ping|attribution|link|animate|foreign|desc|math|noscript|template|textarea|xmp|noembed|comment|cdata|instruction|toggle|marquee|portal|fenced|custom|overlay|plaintext/;

let rig: Rig;
let page: Page;
let trap: Server;
let connections = 0;
const requests: string[] = [];
const dialogs: string[] = [];

beforeAll(async () => {
  trap = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.end();
  });
  trap.on('connection', () => connections++);
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
  const { port } = trap.address() as AddressInfo;
  // Every name in the mail leads to the trap, so that a mere connection or look-up followed by one is seen.
  rig = await startRig({}, [`--host-resolver-rules=MAP *.test 127.0.0.1:${port}`]);
  await rig.sendRaw(mail);
});
afterAll(async () => {
  await rig.stop();
  trap.closeAllConnections();
  await new Promise((resolve) => trap.close(resolve));
});

afterEach(() => rig.closePages());
beforeEach(async () => {
  connections = 0;
  requests.length = 0;
  page = await rig.open();
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await rowOf(page, 'Hostile preview').click();
});

const shown = (): Promise<void> => page.frameLocator('iframe').getByText('Last kept paragraph').waitFor();

it('shows what is harmless of it', async () => {
  await shown();
  await page.frameLocator('iframe').getByText('Kept cell').waitFor();
  await page.getByRole('heading', { name: 'Hostile preview <img src=x onerror=alert(1)>' }).waitFor();
});

it('makes no request and opens no connection, runs nothing, opens nothing and stays where it is', async () => {
  await shown();
  const before = page.url();
  for (const tab of ['Text', 'Headers', 'Attachments', 'Raw', 'Preview']) await page.getByRole('tab', { name: tab }).click();
  await shown();
  await page.waitForLoadState('networkidle');
  expect({ connections, requests, dialogs }).toEqual({ connections: 0, requests: [], dialogs: [] });
  expect(page.context().pages()).toHaveLength(1);
  expect(new URL(page.url()).pathname).toBe(new URL(before).pathname);
  expect(page.frames()[1]?.url()).toMatch(/\/v1\/messages\/[^/]+\/preview\?remote=0/);
});

it('makes none either when the preview is opened by itself', async () => {
  await shown();
  const address = page.frames()[1]?.url() ?? '';
  await page.goto(address, { waitUntil: 'networkidle' });
  await page.getByText('Last kept paragraph').waitFor();
  expect({ connections, requests, dialogs }).toEqual({ connections: 0, requests: [], dialogs: [] });
});

it('loads pictures and styles when asked to, and nothing else', async () => {
  await shown();
  await page.getByText(/\d+ remote blocked/).waitFor();
  await page.getByRole('button', { name: 'Load' }).click();
  await page.getByText(/\d+ remote loaded/).waitFor();
  await shown();
  await page.waitForLoadState('networkidle');
  expect(requests).toContain('/26-image.png');
  expect(requests.filter((path) => ACTIVE.test(path))).toEqual([]);
  expect(dialogs).toEqual([]);
});

it('blocks again for the next look', async () => {
  await shown();
  await page.getByText(/\d+ remote blocked/).waitFor();
  expect(requests).toEqual([]);
});

it.each([
  ['page.html', 'text/html', '<script>alert(1)</script>'],
  ['picture.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ['feed.xml', 'application/xml', '<x xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></x>'],
])('only ever downloads the attachment %s', async (filename, contentType, content) => {
  await rig.send({ subject: `With ${filename}`, text: 'See there', attachments: [{ filename, contentType, content }] });
  await page.reload();
  await rowOf(page, `With ${filename}`).click();
  await page.getByRole('heading', { name: `With ${filename}` }).waitFor();
  await page.getByRole('tab', { name: 'Attachments' }).click();
  const address = (await page.getByRole('link', { name: 'Download', exact: true }).getAttribute('href')) ?? '';
  const [download] = await Promise.all([page.waitForEvent('download'), page.goto(address).catch(() => null)]);
  expect(download.suggestedFilename()).toBe(filename);
  expect(dialogs).toEqual([]);
});
