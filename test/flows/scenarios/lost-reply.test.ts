// Scenario 9, lost reply: the server has taken the message, but the connection breaks before it says so (RFC 1047).
// The app cannot know, and has to send again: two copies. What it can do is to give both the same Message-ID, so that they are known as one.

import { expect, it } from 'vitest';
import type { ListOf, MessageDetail } from '../../../server/http/contract/types.ts';
import { sendOnce, startRig, withRetries } from './rig.ts';
import type { Rig } from './rig.ts';

const BACK_OFF = [20, 40];
const TO = 'jo+dot-lost.first1@shop.test';

async function messageIds(rig: Rig): Promise<(string | undefined)[]> {
  const { items } = await rig.api<ListOf<MessageDetail>>('GET', `/messages/wait?count=2&q=rcpt:${encodeURIComponent(TO)}`);
  return items.map(({ headers }) => headers.find(({ name }) => name === 'Message-ID')?.value);
}

it('an app that names its message before it sends it: both copies have one Message-ID', async () => {
  await using rig = await startRig();
  const messageId = '<order-42@client.test>';

  await withRetries(() => sendOnce(rig, { to: TO, subject: 'Order 42', messageId }), BACK_OFF);

  expect(await messageIds(rig)).toEqual([messageId, messageId]);
  expect(await rig.messages(`message-id:"${messageId}"`)).toHaveLength(2);
  // The first time, the last thing that the app heard was that it may send.
  const [first = [], second = []] = await rig.transcripts();
  expect(first.filter((line) => line.startsWith('S: ')).at(-1)).toMatch(/^S: 354/);
  expect(second.find((line) => line.startsWith('S: 250 2.0.0'))).toBeDefined();
});

it('an app that leaves the name to its library sends two messages that nobody can tell to be one', async () => {
  await using rig = await startRig();
  await withRetries(() => sendOnce(rig, { to: TO, subject: 'Order 42' }), BACK_OFF);
  expect(new Set(await messageIds(rig)).size).toBe(2);
});
