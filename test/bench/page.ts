// The page in Chromium over 100,000 messages: first row, scrolling, a burst of mail, the way of one message, memory, a large source.

import { createConnection } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { findBrowser } from '../browser/chrome.ts';
import { percentile, startRig } from './rig.ts';
import type { RunningRig } from './rig.ts';

const COUNT = Number(process.env['COUNT'] ?? 100_000);
const OPENINGS = Number(process.env['OPENINGS'] ?? 20);
const LIVE = 60;
const BURST = { rate: 1_000, seconds: 10 };
const ARRIVALS = Number(process.env['ARRIVALS'] ?? 50_000);

/** In the page, from its start: what it takes to paint, and every frame and long task from `measure()` on. */
const PROBE = `
  const probe = (window.probe = { firstRow: 0, paint: 0, frames: [], tasks: [], seen: {} });
  new PerformanceObserver((list) => { for (const entry of list.getEntriesByName('first-contentful-paint')) probe.paint = entry.startTime; })
    .observe({ type: 'paint', buffered: true });
  new MutationObserver(() => {
    const row = document.querySelector('[role=row][data-index] [role=gridcell]:not(.skeleton)');
    if (!row) return;
    if (probe.firstRow === 0) requestAnimationFrame(() => { if (probe.firstRow === 0) probe.firstRow = performance.now(); });
    const name = row.closest('[role=row]').textContent.match(/LIVE-\\d+/)?.[0];
    if (name && !(name in probe.seen)) { probe.seen[name] = true; window.told?.(name); }
  }).observe(document, { childList: true, subtree: true, characterData: true });
  window.measure = () => {
    Object.assign(probe, { frames: [], tasks: [] });
    let before = performance.now();
    const frame = (now) => { probe.frames.push(now - before); before = now; probe.going = requestAnimationFrame(frame); };
    cancelAnimationFrame(probe.going);
    probe.going = requestAnimationFrame((now) => { before = now; probe.going = requestAnimationFrame(frame); });
  };
  new PerformanceObserver((list) => probe.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
`;

interface Probe {
  readonly firstRow: number;
  readonly paint: number;
  readonly frames: number[];
  readonly tasks: number[];
}

const probeOf = (page: Page): Promise<Probe> => page.evaluate('({ ...window.probe, seen: undefined })');
const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

function tell(what: string, times: readonly number[], wanted: string): void {
  console.log(`  ${what}: p50 ${ms(percentile(times, 0.5))}, p95 ${ms(percentile(times, 0.95))} (wanted ${wanted})`);
}

function tellFrames(what: string, { frames, tasks }: Probe, wanted: string): void {
  const most = tasks.length === 0 ? '' : `, longest ${ms(Math.max(...tasks))}`;
  console.log(`  ${what}: frames p95 ${ms(percentile(frames, 0.95))}, ${tasks.length} tasks over 50 ms${most} (wanted ${wanted})`);
}

/** Sends messages over one connection, at most `rate` a second; resolves when all are accepted. */
function sendMany(port: number, count: number, rate: number, subject: (n: number) => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
    const started = performance.now();
    let [sent, accepted, text] = [0, 0, ''];
    const sendDue = (): void => {
      const due = Math.min(count, accepted + 200, Math.ceil(((performance.now() - started) / 1000) * rate));
      for (; sent < due; sent++)
        socket.write(
          `MAIL FROM:<bench@client.test>\r\nRCPT TO:<user${sent % 40}@shop.test>\r\nDATA\r\nFrom: Bench <bench@client.test>\r\nTo: user${sent % 40}@shop.test\r\nSubject: ${subject(sent)}\r\n\r\nHello number ${sent}\r\n.\r\n`,
        );
    };
    const timer = setInterval(sendDue, 2);
    socket.on('error', reject);
    socket.write('EHLO bench.test\r\n');
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      accepted += text.split('queued as').length - 1;
      text = text.slice(text.lastIndexOf('\n') + 1);
      if (accepted < count) return sendDue();
      clearInterval(timer);
      socket.end('QUIT\r\n');
      resolve();
    });
  });
}

async function opened(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 } });
  const page = await context.newPage();
  await page.addInitScript(PROBE);
  await page.goto(url);
  // Not waitForFunction: the page allows no eval.
  while ((await page.evaluate('window.probe.firstRow')) === 0) await wait(20);
  return page;
}

async function openings(browser: Browser, url: string): Promise<void> {
  const probes: Probe[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    const page = await opened(browser, url);
    await wait(300);
    probes.push(await probeOf(page));
    await page.context().close();
  }
  const first = probes.map(({ firstRow }) => firstRow);
  tell('first row', first, 'p95 ≤ 200 ms; with 1,000 messages MailDev takes 405–504, Mailpit 565–969');
  tell(
    'first paint',
    probes.map(({ paint }) => paint),
    '≤ 250 ms',
  );
}

async function scrolling(page: Page): Promise<void> {
  await page.locator('#list').hover();
  await page.evaluate('window.measure()');
  for (let i = 0; i < 200; i++) {
    await page.mouse.wheel(0, 800);
    await wait(16);
  }
  tellFrames('scrolling', await probeOf(page), 'p95 ≤ 20 ms, no task');
  await page.evaluate('window.measure()');
  for (let i = 1; i <= 40; i++) {
    await page.evaluate(
      `(() => { const list = document.getElementById('list'); list.scrollTop = ${(i * 0.381) % 1} * list.scrollHeight; })()`,
    );
    await wait(50);
  }
  tellFrames('jumping', await probeOf(page), 'p95 ≤ 20 ms, no task');
  const nodes = await page.evaluate<number>(`document.querySelectorAll('#list, #list *').length`);
  console.log(`  nodes of the list: ${nodes} (wanted ≤ 250; MailDev 29,784 after 2,700 rows)`);
}

/** From the moment a message is accepted until its row is in the page. */
async function liveRows(page: Page, rig: RunningRig): Promise<void> {
  const told = new Map<string, number>();
  await page.exposeFunction('told', (name: string) => told.set(name, performance.now()));
  await page.evaluate(`document.getElementById('list').scrollTop = 0`);
  await page.mouse.move(1200, 700);
  const times: number[] = [];
  for (let i = 0; i < LIVE; i++) {
    await sendMany(rig.smtp, 1, 1_000, () => `LIVE-${i}`);
    const accepted = performance.now();
    while (!told.has(`LIVE-${i}`)) await wait(1);
    times.push(Math.max(0, (told.get(`LIVE-${i}`) ?? 0) - accepted));
    await wait(40);
  }
  tell('row after the 250', times, '≤ 50 ms; MailDev 913, Mailpit 115');
}

async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

async function burst(page: Page, rig: RunningRig): Promise<void> {
  await page.evaluate('window.measure()');
  await sendMany(rig.smtp, BURST.rate * BURST.seconds, BURST.rate, (n) => `Burst ${n}`);
  tellFrames(
    `burst of ${BURST.rate} a second for ${BURST.seconds} s`,
    await probeOf(page),
    'p95 ≤ 20 ms, at most 2 tasks, none over 100 ms',
  );
  const before = await heap(page);
  await sendMany(rig.smtp, ARRIVALS, 5_000, (n) => `Arrival ${n}`);
  await wait(1_000);
  console.log(`  heap: ${before.toFixed(0)} MB, after ${ARRIVALS} more messages ${(await heap(page)).toFixed(0)} MB (wanted ≤ 80)`);
}

async function largeSource(browser: Browser, rig: RunningRig): Promise<void> {
  const line = `${'QUJDREVGR0hJ'.repeat(6)}\r\n`;
  const body = `From: a@b.test\r\nTo: c@d.test\r\nSubject: Large\r\n\r\n${line.repeat(Math.ceil(50e6 / line.length))}`;
  const answer = await fetch(`http://127.0.0.1:${rig.http}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body,
  });
  const { id } = (await answer.json()) as { id: string };
  const times: number[] = [];
  for (let i = 0; i < 10; i++) {
    const page = await opened(browser, `http://127.0.0.1:${rig.http}/#/m/${id}/headers`);
    await page.getByRole('tab', { name: 'Raw' }).waitFor();
    const took = await page.evaluate<number>(`new Promise((done) => {
      const started = performance.now();
      new MutationObserver((_, observer) => {
        if (!document.getElementById('panel')?.textContent.includes('Subject: Large')) return;
        observer.disconnect();
        requestAnimationFrame(() => done(performance.now() - started));
      }).observe(document, { childList: true, subtree: true, characterData: true });
      document.getElementById('tab-raw').click();
    })`);
    times.push(took);
    await page.context().close();
  }
  tell('first screen of a source of 50 MB', times, '≤ 200 ms');
}

export async function benchPage(): Promise<void> {
  const rig = await startRig(['--max-messages', '0', '--max-message-size', '60mb', '--log-level', 'error']);
  const { executablePath, env } = await findBrowser();
  const browser = await chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    const url = `http://127.0.0.1:${rig.http}/`;
    await sendMany(rig.smtp, COUNT, Infinity, (n) => `Message number ${n}`);
    while (((await (await fetch(`${url}v1/info`)).json()) as { index: { pending: number } }).index.pending > 0) await wait(200);
    console.log(`the page over ${COUNT} messages`);
    await openings(browser, url);
    const page = await opened(browser, url);
    await scrolling(page);
    await liveRows(page, rig);
    await burst(page, rig);
    await page.context().close();
    await largeSource(browser, rig);
  } finally {
    await browser.close();
    await rig.stop();
  }
}
