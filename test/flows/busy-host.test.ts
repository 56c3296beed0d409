// A host that is busy at once: who waits for it is not let dial after the first one, so that a fault counts connections, and only those.

import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMailrig } from '../../server/app.ts';
import type { Mailrig } from '../../server/app.ts';
import type { Delivery, Fault, ListOf } from '../../server/http/contract/types.ts';
import { api } from './api.ts';

const MAILS = 30;

let rig: Mailrig;

const call = <T>(method: string, path: string, body?: unknown): Promise<T> => api(rig, method, path, body);

beforeEach(async () => {
  rig = createMailrig({ clockFrozen: true, host: ['127.0.0.1'], receiverPort: 0 });
  await rig.start();
  await call('PUT', '/receivers/shop.test', {
    hosts: [{ name: 'mx1.shop.test' }],
    policy: { schedule: '1m', giveUpAfter: '1h' },
  });
});
afterEach(() => rig.stop());

async function sendAll(): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: rig.ports.smtp ?? 0, ignoreTLS: true, pool: true });
  await Promise.all(
    Array.from({ length: MAILS }, (_, i) => transport.sendMail({ from: 'app@client.test', to: `u${i}@shop.test`, text: 'hello' })),
  );
  transport.close();
}

/** States, each once, and what the last attempts say, each once. */
async function stand(): Promise<readonly unknown[]> {
  const { items } = await call<ListOf<Delivery>>('GET', `/deliveries?limit=${MAILS}`);
  const { hits } = await call<Fault>('GET', '/faults/busy');
  const last = items.map(({ attempts }) => attempts.at(-1)).map((one) => (one?.sessionId === null ? one.text : `${one?.code} heard`));
  return [items.length, [...new Set(items.map(({ state }) => state))], [...new Set(last)].sort(), hits];
}

it.each(['banner', 'ehlo'])('421 at %s to the first two connections: three moments, three dials', async (stage) => {
  await call('POST', '/faults', {
    id: 'busy',
    on: { host: 'mx1.shop.test', stage },
    when: { attempts: { first: 2 } },
    do: [{ reply: '421 4.3.2 Busy' }],
  });
  await sendAll();
  await call('POST', '/clock/advance', { by: '0s' });
  const waits = [MAILS, ['deferred'], ['421 heard', 'Busy (found before, not dialled again)']];
  expect(await stand()).toEqual([...waits, 1]);
  await call('POST', '/clock/advance', { to: 'next' });
  expect(await stand()).toEqual([...waits, 2]);
  await call('POST', '/clock/advance', { to: 'next' });
  expect(await stand()).toEqual([MAILS, ['delivered'], ['250 heard'], 2]);
});

it('a host that takes two connections and no more delivers all that waits over them', async () => {
  await call('POST', '/faults', {
    id: 'busy',
    on: { host: 'mx1.shop.test', stage: 'banner' },
    when: { concurrency: { over: 2, by: 'clientIp' } },
    do: [{ reply: '421 4.7.0 Too many connections' }],
  });
  await sendAll();
  await call('POST', '/clock/advance', { by: '0s' });
  const { items } = await call<ListOf<Delivery>>('GET', `/deliveries?limit=${MAILS}`);
  const { hits } = await call<Fault>('GET', '/faults/busy');
  // Those that were dialled for in the same moment have heard it; nobody has been turned away unheard.
  expect(items.filter(({ state }) => state === 'delivered').length).toBe(MAILS - hits);
  expect(items.every(({ attempts }) => attempts.length === 1 && attempts[0]?.sessionId !== null)).toBe(true);
  await call('POST', '/clock/advance', { until: 'idle' });
  expect((await stand()).slice(0, 2)).toEqual([MAILS, ['delivered']]);
});
