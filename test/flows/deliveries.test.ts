// A message's way through our own queue, over real connections: to the primary, to the backup, through a time in which nobody listens, to its end.

import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMailrig } from '../../server/app.ts';
import type { Mailrig } from '../../server/app.ts';
import type { ClockAdvance, Delivery, ListOf } from '../../server/http/contract/types.ts';
import { api } from './api.ts';

let rig: Mailrig;

const call = <T>(method: string, path: string, body?: unknown): Promise<T> => api(rig, method, path, body);

const advance = (goal: object): Promise<ClockAdvance> => call('POST', '/clock/advance', goal);
const put = (name: string, state: string): Promise<unknown> => call('PATCH', `/hosts/${name}`, { state });
const deliveries = async (): Promise<Delivery[]> => (await call<ListOf<Delivery>>('GET', '/deliveries')).items;
const arrived = async (account: string): Promise<number> =>
  (await call<ListOf<unknown>>('GET', `/messages?account=${encodeURIComponent(account)}`).catch(() => ({ items: [] }))).items.length;

async function send(...to: string[]): Promise<void> {
  await sendText('.hello\n', ...to);
}

async function sendText(text: string, ...to: string[]): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: rig.ports.smtp ?? 0, ignoreTLS: true });
  await transport.sendMail({ from: 'app@client.test', to, subject: 'hello', text });
  transport.close();
}

const MB = 1_000_000;

beforeEach(async () => {
  rig = createMailrig({ clockFrozen: true, host: ['127.0.0.1'], receiverPort: 0, maxInflight: 1.5 * MB, maxMessageSize: 1.5 * MB });
  await rig.start();
  await call('PUT', '/receivers/shop.test', {
    hosts: [
      { name: 'mx1.shop.test', preference: 10 },
      { name: 'mx2.shop.test', preference: 20, backup: 'relays' },
    ],
    policy: { schedule: '5m', giveUpAfter: '1h' },
  });
});
afterEach(() => rig.stop());

it('it goes to the primary, over TLS, and is the same message there', async () => {
  await send('jo@shop.test', 'al@home.test');
  await advance({ by: '0s' });
  expect(await deliveries()).toMatchObject([{ state: 'delivered', via: 'mx1.shop.test', attempts: [{ code: 250, unsure: false }] }]);
  expect([await arrived('jo@shop.test'), await arrived('al@home.test')]).toEqual([1, 1]);
  expect((await call<ListOf<unknown>>('GET', '/messages')).total).toBe(1);
  const [delivery] = await deliveries();
  expect(await call('GET', `/sessions/${delivery?.attempts[0]?.sessionId}`)).toMatchObject({ host: 'mx1.shop.test', helo: 'mailrig.test' });
});

it('the primary is busy: the backup takes it in the same try, and hands it on when the primary is well', async () => {
  await put('mx1.shop.test', 'busy');
  await send('jo@shop.test');
  await advance({ by: '0s' });
  const [relayed, first] = await deliveries();
  expect(first).toMatchObject({
    state: 'delivered',
    via: 'mx2.shop.test',
    attempts: [{ host: 'mx1.shop.test', code: 421 }, { code: 250 }],
  });
  expect(first?.attempts[0]?.faultId).not.toBeNull();
  expect(relayed).toMatchObject({ state: 'deferred', relayedBy: 'mx2.shop.test' });
  await put('mx1.shop.test', 'up');
  await advance({ by: '15m' });
  expect((await deliveries()).map(({ via }) => via)).toEqual(['mx1.shop.test', 'mx2.shop.test']);
  expect(await arrived('jo@shop.test')).toBe(1);
});

it('nobody listens: it waits, and is delivered when somebody does; or it is given up in the end', async () => {
  for (const host of ['mx1.shop.test', 'mx2.shop.test']) await put(host, 'down');
  await send('jo@shop.test');
  await advance({ by: '21m' });
  expect(await deliveries()).toMatchObject([{ state: 'deferred', rounds: 5, attempts: { length: 10 } }]);
  await put('mx1.shop.test', 'up');
  await advance({ by: '5m' });
  expect(await deliveries()).toMatchObject([{ state: 'delivered', via: 'mx1.shop.test' }]);
  await put('mx1.shop.test', 'down');
  await send('al@shop.test');
  await advance({ until: 'idle' });
  expect((await deliveries())[0]).toMatchObject({ recipient: 'al@shop.test', state: 'expired', rounds: 13, attemptsPlanned: 13 });
});

it('messages that are more than may be in memory at one time go one after the other, each at its first try', async () => {
  for (let i = 0; i < 8; i++) await sendText(`${'x'.repeat(76)}\n`.repeat(MB / 76), `user${i}@shop.test`);
  await advance({ by: '0s' });
  expect((await deliveries()).map(({ state, attempts }) => `${state} ${attempts.length}`)).toEqual(Array(8).fill('delivered 1'));
});
