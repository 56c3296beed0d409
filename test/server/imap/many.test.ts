// What is done to thousands of messages is done in one go.

import { expect, test } from 'vitest';
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
  client.send('c STORE 1:* +FLAGS (\\Deleted)\r\n');
  expect(await until(/^c OK/)).toBe(10_000);
  client.send('d EXPUNGE\r\n');
  expect(await until(/^d OK/)).toBe(10_000);
  client.end();
});
