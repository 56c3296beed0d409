// The bytes that an account's readers get.

import { expect, test } from 'vitest';
import { servedPrefix, servedRange, servedSize } from '../../../server/store/served.ts';
import type { Entry } from '../../../server/store/state.ts';
import { EVERYONE } from '../../../server/store/state.ts';
import { openSample } from './sample.ts';

const entryOf = (entries: readonly Entry[], account: string): Entry => {
  const found = entries.find(({ mailbox }) => mailbox.account === account);
  if (!found) throw new Error(`no entry in ${account}`);
  return found;
};

async function delivered() {
  const { store, send } = await openSample();
  const id = await send({ to: ['jo@shop.test', 'jo+shop@shop.test', 'al@shop.test'] });
  const { entries } = store.state.messages.get(id) ?? { entries: [] };
  return { store, raw: await store.body(id), mine: entryOf(entries, 'jo@shop.test'), all: entryOf(entries, EVERYONE) };
}

test('an account gets the trace lines, with every recipient of its own and no other', async () => {
  const { store, raw, mine } = await delivered();
  const whole = await servedRange(store, mine, 0, Infinity, true);
  const lines = whole.toString().split('\r\n');
  expect(lines.slice(0, 3)).toEqual(['Return-Path: <app@client.test>', 'Delivered-To: jo@shop.test', 'Delivered-To: jo+shop@shop.test']);
  expect(whole.toString()).not.toContain('Delivered-To: al@');
  expect(whole.subarray(-raw.length)).toEqual(raw);
  expect(servedSize(mine, true)).toBe(whole.length);
});

test('every range is a range of the whole', async () => {
  const { store, mine } = await delivered();
  const whole = await servedRange(store, mine, 0, Infinity, true);
  const border = servedPrefix(mine, true).length;
  const ranges = [
    [0, 10],
    [5, border],
    [border - 1, border + 1],
    [border, border + 5],
    [border + 3, whole.length + 100],
    [whole.length + 5, whole.length + 9],
  ] as const;
  for (const [start, end] of ranges) expect(await servedRange(store, mine, start, end, true)).toEqual(whole.subarray(start, end));
});

test.each([
  ['account *', true, (message: Awaited<ReturnType<typeof delivered>>) => message.all],
  ['an account without trace lines', false, (message: Awaited<ReturnType<typeof delivered>>) => message.mine],
])('%s has exactly the raw bytes', async (_, traceHeaders, which) => {
  const message = await delivered();
  const entry = which(message);
  expect(await servedRange(message.store, entry, 0, Infinity, traceHeaders)).toEqual(message.raw);
  expect(servedSize(entry, traceHeaders)).toBe(message.raw.length);
});
