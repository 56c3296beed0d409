// Mail on its way, as the pictures show it: domains that are well, one whose hosts fail, and every way in which a delivery ends.

import type { Fault, ListOf, Queue, Receiver } from '../../server/http/contract/types.ts';
import type { Rig } from './rig.ts';

const shop = {
  hosts: [{ name: 'mx1.shop.test' }, { name: 'mx2.shop.test', preference: 20, backup: 'stores' }],
  policy: { schedule: '1m,5m,15m,1h,4h*3', giveUpAfter: '5d' },
} as const;
const RECEIVERS = {
  'shop.test': shop,
  'corp.test': { hosts: [{ name: 'mx1.corp.test' }, { name: 'mx2.corp.test', preference: 20, backup: 'relays' }] },
  'partner.example': { hosts: [{ name: 'mail.partner.example' }] },
  'gone.test': { hosts: [{ name: 'mx.gone.test' }] },
  'slow.test': { hosts: [{ name: 'mx.slow.test' }], policy: { schedule: '30s', giveUpAfter: '1m' } },
} as const;

const BUSY = {
  name: 'Busy 50 %',
  on: { protocol: 'smtp', stage: 'rcpt', host: 'mx2.shop.test' },
  when: { probability: 0.5, seed: 4 },
  do: [{ delay: { min: '150ms', max: '250ms' } }, { reply: '451 4.3.2 busy, try later' }],
};

const GONE = { name: 'Gone', on: { stage: 'rcpt', host: 'mx.gone.test' }, do: [{ reply: '550 5.1.1 no such user' }] };
const SLOW = { name: 'Slow to greet', on: { stage: 'banner', host: 'mx1.corp.test' }, do: [{ delay: '10m' }] };

/** How far the clock of this process is behind, ms: what fills five minutes of bars must not take five minutes. */
let behind = 0;
const trueNow = Date.now;
Date.now = () => trueNow() - behind;
const STEPS = 24;
const STEP = 5;
const LATER_STEPS = 8;
const LATER_STEP = 6;

type Mail = Parameters<Rig['send']>[0];

/** `welcome` is delivered by the backup at its second try. The clock stands still in the end. */
export async function deliver(rig: Rig, welcome: Mail): Promise<void> {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(new URL(`v1/${path}`, rig.mailrig.url), {
      method,
      ...(body !== undefined && { headers, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const state = (host: string, to: string, more = {}): Promise<unknown> => ask('PATCH', `hosts/${host}`, { state: to, ...more });
  /** s, of both clocks */
  const pass = async (by: number): Promise<void> => {
    behind = Math.max(0, behind - by * 1000);
    await ask('POST', 'clock/advance', { by: `${by}s` });
  };
  const send = (to: string, subject = 'Your parcel is on its way'): Promise<void> =>
    rig.send({ from: 'Orders <orders@acme.test>', to, subject, text: 'It left our house this morning.' });
  /** Until nothing is being said to a host. */
  const settled = async (): Promise<void> => {
    for (let open = 1; open > 0;) {
      const { counts } = await ask<Queue>('GET', 'deliveries?q=is:open');
      open = counts.active + counts.queued;
    }
  };

  behind = (STEPS * STEP + 65 + LATER_STEPS * LATER_STEP) * 1000;
  await ask('POST', 'clock/freeze', {});
  for (const [domain, rule] of Object.entries(RECEIVERS)) await ask<Receiver>('PUT', `receivers/${domain}`, rule);
  await ask('POST', 'faults', GONE);
  await state('mx.slow.test', 'down');
  await send('kim@gone.test', 'Order 10482 has shipped');
  await send('lea@slow.test', 'Nobody is at home');
  for (let i = 0; i < STEPS; i++) {
    for (let n = (i * 7) % 4; n > 0; n--) await send(`list-${i}@shop.test`);
    if (i % 3 === 0) await send('ops@corp.test', 'Nightly report');
    if (i % 5 === 0) await send('buchhaltung@partner.example', 'Rechnung 2026-1183');
    await settled();
    await pass(STEP);
  }
  await state('mx1.shop.test', 'down', { for: '20m' });
  await state('mx2.shop.test', 'busy');
  for (const name of ['dev', 'jo', 'lena', '佐藤', 'returns']) await send(`${name}@shop.test`, 'Your one-time code is 774 021');
  await rig.send(welcome);
  await settled();
  const { items } = await ask<ListOf<Fault>>('GET', 'faults');
  const busy = items.find(({ on }) => on.host === 'mx2.shop.test');
  await ask('PATCH', `faults/${busy?.id ?? ''}`, BUSY);
  await ask('POST', 'clock/resume', {});
  await pass(65);
  await settled();
  await state('mx.slow.test', 'up');
  for (let i = 0; i < LATER_STEPS; i++) {
    await send(`list-${i}@shop.test`);
    if (i % 4 === 0) await send('ops@corp.test', 'Nightly report');
    await settled();
    await pass(LATER_STEP);
  }
  await send('oncall@shop.test', '[FIRING:1] queue_depth above 500');
  await settled();
  const { items: waiting } = await ask<Queue>('GET', 'deliveries?q=state:deferred');
  const [held] = waiting;
  if (held) await ask('POST', `deliveries/${held.id}/hold`);
  await ask('POST', 'clock/freeze', {});
  await ask('POST', 'faults', SLOW);
  await send('list-42@corp.test', 'Zwölf Ideen für kalte Tage');
  for (let active = 0; active === 0;) active = (await ask<Queue>('GET', 'deliveries?q=state:active')).counts.active;
}
