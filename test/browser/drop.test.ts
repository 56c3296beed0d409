// Files of mail: dropped on the page or chosen, taken whole, and what of them failed.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

afterEach(async () => {
  expect(rig.problems).toEqual([]);
  await rig.closePages();
});
beforeEach(async () => {
  await fetch(new URL('v1/messages', rig.mailrig.url), { method: 'DELETE' });
  page = await rig.open();
  await live(page).waitFor();
});

const eml = (subject: string): string => `From: a@x.test\r\nTo: b@x.test\r\nSubject: ${subject}\r\n\r\nHello\r\n`;
const mbox = ['First', 'Second'].map((subject) => `From a@x.test Sat Jan 31 14:02:11 2026\n${eml(subject).replace(/\r/g, '')}\n`).join('');

type Step = 'dragenter' | 'dragover' | 'drop' | 'dragleave';

/** As a hand does it, over what has the focus, or the page. */
async function drag(files: Record<string, string>, steps: readonly Step[]): Promise<void> {
  await page.evaluate(`(() => {
    const dataTransfer = new DataTransfer();
    for (const [name, content] of Object.entries(${JSON.stringify(files)})) dataTransfer.items.add(new File([content], name));
    for (const step of ${JSON.stringify(steps)})
      document.activeElement.dispatchEvent(new DragEvent(step, { dataTransfer, bubbles: true, cancelable: true }));
  })()`);
}
const drop = (files: Record<string, string>) => drag(files, ['dragenter', 'dragover', 'drop']);

it('shows where to drop, until it is dropped or taken away', async () => {
  await drag({ 'a.eml': eml('A') }, ['dragenter', 'dragover']);
  await page.getByText('Drop to put it in').waitFor();
  await drag({ 'a.eml': eml('A') }, ['dragleave']);
  await page.getByText('Drop to put it in').waitFor({ state: 'hidden' });
});

it('takes messages and mbox files that are dropped', async () => {
  await drop({ 'a.eml': eml('Alone'), inbox: mbox });
  await page.getByText('3 messages imported.').waitFor();
  for (const subject of ['Alone', 'First', 'Second']) await rowOf(page, subject).waitFor();
});

it('tells what could not be taken, file by file', async () => {
  await drop({ 'a.eml': eml('Good'), 'cat.png': '\x89PNG', 'bad.zip': 'PK\x03\x04 this is no zip' });
  await page.getByText('1 imported, 2 failed.').waitFor();
  await page.getByRole('button', { name: 'Show' }).click();
  const list = page.getByRole('dialog', { name: 'What could not be imported' });
  await list.getByText('cat.png').waitFor();
  await list.getByText('bad.zip').waitFor();
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'hidden' });
});

it('lets files be chosen before the first message', async () => {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import…' }).click();
  const chooser = await choosing;
  await chooser.setFiles([{ name: 'a.eml', mimeType: 'message/rfc822', buffer: Buffer.from(eml('Chosen')) }]);
  await rowOf(page, 'Chosen').waitFor();
});

it('shows a slow import, and can stop it', async () => {
  await page.route('**/v1/messages/import?*', () => undefined);
  await drop({ 'slow.eml': eml('Slow') });
  await page.getByRole('progressbar', { name: 'Importing slow.eml' }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('progressbar').waitFor({ state: 'hidden' });
});

it('attaches instead while something is written', async () => {
  await page.keyboard.press('c');
  await page.getByLabel('Subject', { exact: true }).waitFor();
  await drop({ 'a.eml': eml('Beside') });
  expect(await page.getByText('Drop to put it in').count()).toBe(0);
  await page.getByRole('list', { name: 'Attached files' }).getByText('a.eml').waitFor();
  expect(await page.getByText('imported.').count()).toBe(0);
});
