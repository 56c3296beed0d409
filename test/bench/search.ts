// Searching 100,000 messages of 5 kB in memory: how long each kind of query takes of the processor, and how long anything holds the loop.

import { createIds } from '../../server/base/ids.ts';
import { systemClock } from '../../server/base/clock.ts';
import { createSubmit } from '../../server/delivery/submit.ts';
import { facets } from '../../server/store/facets.ts';
import { createIndexer } from '../../server/store/index/indexer.ts';
import { signaturesOf } from '../../server/store/index/signatures.ts';
import { parseQuery } from '../../server/store/query.ts';
import type { SearchOptions } from '../../server/store/search.ts';
import { search } from '../../server/store/search.ts';
import { inMemory, openStore } from '../../server/store/store.ts';
import { english, seeded } from './english.ts';
import { percentile } from './rig.ts';

const report = (error: unknown): void => console.error(error);
const RUNS = 30;
const REST = 4; // ms the loop is left alone between two searches

const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * Tells the longest time since the last call in which the loop did not turn, as the clock or the processor has it, whichever
 * is less: other processes do not count, nor what the collector does beside the loop.
 */
function watchLoop(): () => number {
  let [clock, used, worst] = [performance.now(), cpu(), 0];
  const look = (): void => {
    const [now, usedNow] = [performance.now(), cpu()];
    worst = Math.max(worst, Math.min(now - clock, usedNow - used));
    [clock, used] = [now, usedNow];
  };
  setInterval(look, 1).unref();
  return () => {
    const result = worst;
    look();
    worst = 0;
    return result;
  };
}

const QUERIES: readonly (readonly [name: string, q: string, options?: Partial<SearchOptions>])[] = [
  ['list, first page', ''],
  ['list, at offset 50,000', '', { offset: 50_000 }],
  ['list by subject', '', { sort: 'subject' }],
  ['list by size, offset 50,000', '', { sort: '-size', offset: 50_000 }],
  ['from: one in 50', 'from:sender7@'],
  ['from: everybody', 'from:acme'],
  ['to: one full address, everybody', 'to:jo@shop.test'],
  ['from: glob', 'from:*@acme.test'],
  ['subject: one in 1,000', 'subject:n777'],
  ['subject: none', 'subject:nowhere'],
  ['domain:', 'domain:shop.test'],
  ['is:unread, all', 'is:unread'],
  ['rare word, 10 letters', 'xylophonic'],
  ['word of nobody, 7 letters', 'quaking'],
  ['word of nobody, 5 letters', 'zebra'],
  ['5 letters, common trigrams', 'notha'],
  ['word of nobody, common trigrams', 'ingthe'],
  ['phrase of nobody', '"shipping the quince"'],
  ['word of nobody, 4 letters', 'kiwi'],
  ['4 letters, common trigrams', 'heng'],
  ['word of nobody, 3 letters', 'zoo'],
  ['common word', 'delivery'],
  ['common word, total=true', 'delivery', { total: true }],
  ['rare word, total=true', 'xylophonic', { total: true }],
  ['has:attachment', 'has:attachment'],
];

export async function benchSearch(count = 100_000): Promise<void> {
  const store = await openStore({ ...inMemory(), clock: systemClock, openedAt: Date.now(), report });
  const submit = createSubmit({ store, ids: createIds(), limits: { maxMessages: 0, maxSize: 0, maxAge: 0 } });
  const random = seeded(7);
  const text = english(random);
  const loop = watchLoop();
  const memory = process.memoryUsage.rss();
  for (let i = 0; i < count; i++) {
    const sender = `sender${i % 50}@acme.test`;
    const body = text(5_000) + (i % 10_000 === 77 ? ' xylophonic' : '');
    const head = `From: Acme ${i % 50} <${sender}>\r\nTo: Jo <jo@shop.test>\r\nSubject: Order n${i % 1_000}\r\nMessage-ID: <${i}@acme.test>\r\nDate: Tue, 24 Nov 2026 12:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n`;
    await submit({
      envelope: { sender, recipients: [{ address: 'jo@shop.test' }] },
      refused: [],
      raw: Buffer.from(`${head}\r\n${body}\r\n`),
      origin: {
        source: 'smtp',
        sessionId: null,
        client: null,
        user: null,
        host: 'submission',
        helo: null,
        protocol: 'ESMTP',
        by: 'x.test',
      },
    });
    if (i % 200 === 0) await turn();
  }
  await turn();
  const filled = process.memoryUsage.rss();
  console.log(`${count} messages: ${megabytes(filled - memory)} MB resident`);
  const created = cpu();
  const indexer = createIndexer({ store, report });
  const started = cpu();
  await turn();
  loop();
  while (indexer.pending > 0) await turn();
  const each = ((cpu() - started) / count) * 1000;
  const { memory: octets } = signaturesOf(store.state);
  console.log(
    `index: ${(started - created).toFixed(0)} ms to begin, ${each.toFixed(0)} µs each, loop held ${loop().toFixed(1)} ms at most, signatures ${megabytes(octets)} MB`,
  );
  for (const [name, q, options = {}] of QUERIES) {
    const query = parseQuery(q);
    const times: number[] = [];
    let answer = '';
    loop();
    for (let i = 0; i < RUNS; i++) {
      const start = cpu();
      const { items, total, totalAtLeast } = await search(store, query, { limit: 50, ...options });
      times.push(cpu() - start);
      answer = `${items.length} of ${total ?? `${totalAtLeast} or more`}`;
      await new Promise((resolve) => setTimeout(resolve, REST));
    }
    const [first, p50, p95] = [times[0] ?? NaN, percentile(times, 0.5), percentile(times, 0.95)];
    const shown = [first, p50, p95, loop()].map((time) => time.toFixed(1).padStart(8)).join('');
    console.log(`${name.padEnd(34)}${shown} ms (first, p50, p95, loop held)  ${answer}`);
  }
  loop();
  const before = cpu();
  await facets(store, parseQuery(''));
  console.log(`facets of everything ${(cpu() - before).toFixed(0)} ms, loop held ${loop().toFixed(1)} ms`);
  loop();
  const many = cpu();
  await Promise.all(Array.from({ length: 20 }, () => search(store, parseQuery('zebra'), { limit: 50 })));
  console.log(`20 searches at once ${(cpu() - many).toFixed(0)} ms, loop held ${loop().toFixed(1)} ms`);
  console.log(`${megabytes(process.memoryUsage.rss())} MB resident`);
  await indexer.stop();
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const megabytes = (octets: number): string => (octets / 1e6).toFixed(0);
