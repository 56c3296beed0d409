// A mailbox of 100,000 messages can be used: bounds with much room above what it takes, so that a slow machine passes.

import { expect, test } from 'vitest';
import { createRecents } from '../../../server/imap/recent.ts';
import { SelectedView } from '../../../server/imap/selected-view.ts';
import { countFlags, countOctets } from '../../../server/imap/counts.ts';
import { openSample } from '../store/sample.ts';
import { startImap } from '../../conversations/imap-server.ts';
import { Client } from '../../conversations/client.ts';
import type { Change } from '../../../server/store/changes.ts';
import type { Sample } from '../store/sample.ts';

async function fill({ store, send }: Sample, messages: number): Promise<void> {
  await send();
  const [kept] = store.state.arrivals;
  if (!kept) throw new Error('nothing was sent');
  const changes: Change[] = Array.from({ length: messages - 1 }, (_, i) => ({
    type: 'message.added',
    message: { ...kept.message, id: `y${String(i).padStart(13, '0')}` },
    body: kept.body,
    captured: false,
    entries: [{ account: 'jo@shop.test', mailbox: 'INBOX', deliveredTo: ['jo@shop.test'] }],
  }));
  await store.commit(changes);
}

function time(work: () => unknown): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

test('100,000 messages are selected and counted at once', async () => {
  const sample = await openSample();
  await fill(sample, 100_000);
  const mailbox = sample.store.state.accounts.get('jo@shop.test')?.mailboxes.get('INBOX');
  if (!mailbox) throw new Error('no INBOX');
  expect(mailbox.entries.length).toBe(100_000);
  const recents = createRecents();
  const view = new SelectedView(mailbox, false, recents);
  expect(time(() => new SelectedView(mailbox, false, recents))).toBeLessThan(250);
  expect(time(() => view.select('1:*', true, []))).toBeLessThan(250);
  countOctets(mailbox, true);
  await sample.send();
  expect(time(() => [countFlags(mailbox), countOctets(mailbox, true)])).toBeLessThan(100);
  expect(time(() => view.update(true))).toBeLessThan(50);
});

test('10,000 messages are flagged and expunged in one go', async () => {
  await using server = await startImap();
  await fill(server.sample, 10_000);
  const client = await Client.connect(server.port);
  const until = async (pattern: RegExp): Promise<number> => {
    let lines = 0;
    for (let line = await client.line(); line !== null && !pattern.test(line); line = await client.line()) lines++;
    return lines;
  };
  client.send('a LOGIN jo@shop.test x\r\nb SELECT INBOX\r\n');
  await until(/^b OK/);
  const begun = performance.now();
  client.send('c STORE 1:* +FLAGS (\\Deleted)\r\n');
  expect(await until(/^c OK/)).toBe(10_000);
  client.send('d EXPUNGE\r\n');
  expect(await until(/^d OK/)).toBe(10_000);
  expect(performance.now() - begun).toBeLessThan(5_000);
  client.end();
});
