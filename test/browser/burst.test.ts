// A burst of mail: 1,000 messages a second for ten seconds, while somebody reads.

import { createConnection } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

const RATE = 1_000;
const COUNT = 10 * RATE;
const MOST_NODES = 250;
let rig: Rig;
let page: Page;

/** Over one connection, `RATE` a second; resolves when all are accepted. */
function burst(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
    const started = performance.now();
    let [sent, accepted] = [0, 0];
    const timer = setInterval(() => {
      const due = Math.min(COUNT, Math.floor(((performance.now() - started) / 1000) * RATE));
      for (; sent < due; sent++)
        socket.write(
          `MAIL FROM:<a@acme.test>\r\nRCPT TO:<b@shop.test>\r\nDATA\r\nFrom: a@acme.test\r\nSubject: Burst ${sent}.\r\n\r\nHello\r\n.\r\n`,
        );
    }, 5);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      accepted += chunk.toString('latin1').split('queued as').length - 1;
      if (accepted < COUNT) return;
      clearInterval(timer);
      socket.end('QUIT\r\n');
      resolve();
    });
    socket.write('EHLO burst.test\r\n');
  });
}

beforeAll(async () => {
  rig = await startRig({ maxMessages: 0 });
  await rig.send({ subject: 'Read me meanwhile' });
  page = await rig.open();
  await live(page).waitFor();
  await rowOf(page, 'Read me meanwhile').click();
  await page.getByRole('tab', { name: 'Preview' }).waitFor();
  await burst(rig.mailrig.ports.smtp ?? 0);
}, 60_000);
afterAll(() => rig.stop());

it('still shows the message that was open', async () => {
  await page.getByRole('heading', { name: 'Read me meanwhile' }).waitFor();
  expect(rig.problems).toEqual([]);
});

it('has them all, each once', async () => {
  await page.getByRole('heading', { name: 'Read me meanwhile' }).hover();
  await page.getByText('10,001', { exact: true }).first().waitFor();
  await rowOf(page, `Burst ${COUNT - 1}.`).waitFor();
  const subjects = await page.locator('[role=row][data-index] .subject').allTextContents();
  expect(new Set(subjects).size).toBe(subjects.length);
});

it('keeps few nodes', async () => {
  expect(await page.evaluate(`document.querySelectorAll('[role=grid], [role=grid] *').length`)).toBeLessThanOrEqual(MOST_NODES);
});
