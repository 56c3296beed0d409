// The server is killed and started again on the same folder while the page is open.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRig } from '../bench/rig.ts';
import type { RunningRig } from '../bench/rig.ts';
import { findBrowser } from './chrome.ts';
import { live, rowOf } from './rig.ts';

let folder: string;
let rig: RunningRig;
let browser: Browser;
let page: Page;

const start = async (flags: readonly string[] = []): Promise<void> => {
  rig = await startRig(['--data', folder, '--log-level', 'error', ...flags]);
};

async function send(...subjects: readonly string[]): Promise<void> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: rig.smtp, ignoreTLS: true });
  for (const subject of subjects) await transport.sendMail({ from: 'a@acme.test', to: 'b@shop.test', subject, text: 'Hello' });
  transport.close();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailrig-restart-'));
  await start();
  const { executablePath, env } = await findBrowser();
  browser = await chromium.launch({ executablePath, env: { ...process.env, ...env }, args: ['--disable-gpu'] });
  page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
  await send('First', 'Second', 'Third');
  await page.goto(`http://127.0.0.1:${rig.http}/`);
  await live(page).waitFor();
  await rowOf(page, 'Second').click();
  await page.getByRole('tab', { name: 'Text' }).click();
});
afterAll(async () => {
  await browser.close();
  await rig.stop();
  await rm(folder, { recursive: true });
});

/** Without the marks that keep directions of text apart. */
const subjects = async (): Promise<string[]> => {
  const texts = await page.locator('[role=row][data-index] .subject').allTextContents();
  return texts.map((text) => text.replace(/[\u2068\u2069]/g, ''));
};

it('keeps what it shows while nobody answers, and says so', async () => {
  await rig.kill();
  await page.getByText(/Reconnecting in|Reconnecting, try/).waitFor();
  expect(await page.locator('[role=row][data-index]').count()).toBe(3);
  expect(await page.getByRole('tab', { name: 'Text' }).getAttribute('aria-selected')).toBe('true');
});

it('goes on by itself, with what came meanwhile, nothing doubled, the message still open', async () => {
  await start(['--http-port', String(rig.http)]);
  await send('Fourth');
  await live(page).waitFor({ timeout: 20_000 });
  await rowOf(page, 'Fourth').waitFor();
  expect(await subjects()).toEqual(['Fourth', 'Third', 'Second', 'First']);
  await page.getByRole('heading', { name: 'Second' }).waitFor();
  expect(await page.getByRole('tab', { name: 'Text' }).getAttribute('aria-selected')).toBe('true');
});
