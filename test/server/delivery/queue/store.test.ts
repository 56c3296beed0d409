// The queue, the real store and hosts' acceptances together: copies in inboxes, backups that hand on, what is deleted, what a restart finds.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../server/base/clock.ts';
import { Refusal } from '../../../../server/base/errors.ts';
import { createIds } from '../../../../server/base/ids.ts';
import type { MovableClock } from '../../../../server/base/sandbox-clock.ts';
import { createSandboxClock } from '../../../../server/base/sandbox-clock.ts';
import { createAcceptance } from '../../../../server/delivery/accept.ts';
import type { Outcome } from '../../../../server/delivery/client/outcome.ts';
import { queueStore } from '../../../../server/delivery/queue/kept.ts';
import type { Queue, QueueStore } from '../../../../server/delivery/queue/queue.ts';
import { createQueue } from '../../../../server/delivery/queue/queue.ts';
import { createSubmit } from '../../../../server/delivery/submit.ts';
import type { Submission } from '../../../../server/smtp/deps.ts';
import { inMemory, openStore } from '../../../../server/store/store.ts';
import type { Store } from '../../../../server/store/store.ts';
import { BEGIN, receiver } from './rig.ts';

const raise = (error: unknown): never => {
  throw error;
};

const SHOP = receiver('shop.test', {
  hosts: [
    { name: 'mx1', preference: 10 },
    { name: 'mx2', preference: 20, backup: 'relays' },
  ],
  policy: { schedule: '5m', giveUpAfter: '1d' },
});

const OK: Outcome = { stage: 'end-of-data', code: 250, enhanced: '2.0.0', text: 'Ok', outcome: 'delivered', lost: false, unsure: false };
const REFUSED: Outcome = {
  ...OK,
  stage: 'connect',
  code: null,
  enhanced: '4.4.1',
  text: 'Connection refused',
  outcome: 'transient',
  lost: true,
};
const LOST_REPLY: Outcome = { ...REFUSED, stage: 'end-of-data', enhanced: '4.4.2', text: 'No reply', unsure: true };

/** `hangs`: has it, and says nothing more. */
type State = 'up' | 'down' | 'loses-reply' | 'hangs';
let states: Record<string, State>;
let store: Store;
let clock: MovableClock;
let queue: Queue;
let send: (to: readonly string[]) => Promise<string>;
let startQueue: (of?: QueueStore) => Queue;
let hanging: () => void;
let reported: unknown[];

const standing = (): MovableClock => createSandboxClock({ system: { now: () => BEGIN }, frozenAt: BEGIN, report: raise });

function submission(to: readonly string[], host: string, client: string): Submission {
  return {
    envelope: { sender: 'app@client.test', recipients: to.map((address) => ({ address })) },
    refused: [],
    raw: Buffer.from('Subject: hello\r\n\r\nhello\r\n'),
    origin: { source: 'smtp', sessionId: null, client, user: null, host, helo: 'mailrig.test', protocol: 'ESMTP', by: host },
  };
}

beforeEach(async () => {
  states = { mx1: 'up', mx2: 'up' };
  store = await openStore({ ...inMemory(), clock: systemClock, openedAt: Date.now(), report: raise });
  clock = standing();
  reported = [];
  const ids = createIds();
  const receiverOf = (address: string): typeof SHOP | undefined => (address.endsWith('@shop.test') ? SHOP : undefined);
  const submit = createSubmit({ store, ids, limits: { maxMessages: 2000, maxSize: 0, maxAge: 0 }, outward: { clock, receiverOf } });
  const acceptance = createAcceptance({ store, clock, ids, receiverOf, submit });
  send = (to) => submit(submission(to, 'submission', '192.0.2.1:5000'));
  let port = 40_000;
  startQueue = (of = queueStore(store)) =>
    createQueue({
      store: of,
      clock,
      receiver: (domain) => (domain === 'shop.test' ? SHOP : undefined),
      register: acceptance.register,
      sessionOf: () => null,
      settings: { seed: 1, maxHostConnections: 20, hostRest: 500, maxInflight: 0, shutdownTimeout: 10 },
      report: (error) => void reported.push(error),
      connect({ name }, { connected, served }) {
        const client = `127.0.0.1:${port++}`;
        return {
          async converse({ recipients }) {
            if (states[name] === 'down') return { outcomes: recipients.map(() => REFUSED), client: null, durationMs: 0, open: false };
            connected(client);
            served();
            await acceptance.submitAt(name)(
              submission(
                recipients.map(({ address }) => address),
                name,
                client,
              ),
            );
            if (states[name] === 'hangs') await new Promise(() => hanging());
            const outcome = states[name] === 'loses-reply' ? LOST_REPLY : OK;
            return { outcomes: recipients.map(() => outcome), client, durationMs: 0, open: outcome === OK };
          },
          close: () => Promise.resolve(),
        };
      },
    });
  queue = startQueue();
});
afterEach(() => expect(reported).toEqual([]));

const inbox = (account: string): string[] =>
  [...(store.state.accounts.get(account)?.mailboxes.get('INBOX')?.entries ?? [])].map(
    ({ hops }) => hops?.at(-1)?.origin.host ?? 'submission',
  );
const stood = (): string[] => [...store.state.deliveries.values()].map(({ state, via, relayedBy }) => `${state} ${via} ${relayedBy}`);

it('what is sent is in the inbox when a host has taken it, and not before', async () => {
  await send(['jo@shop.test', 'al@home.test']);
  expect([inbox('al@home.test'), inbox('jo@shop.test')]).toEqual([['submission'], []]);
  await clock.advance({ by: 0 });
  expect([inbox('jo@shop.test'), stood(), store.state.messages.size]).toEqual([['mx1'], ['delivered mx1 null'], 1]);
});

it('a backup that relays hands it on when the primary is back: one message, one copy', async () => {
  states['mx1'] = 'down';
  await send(['jo@shop.test']);
  await clock.advance({ by: 0 });
  expect([inbox('jo@shop.test'), stood()]).toEqual([[], ['delivered mx2 null', 'deferred null mx2']]);
  states['mx1'] = 'up';
  await clock.advance({ by: 15 * 60_000 });
  expect([inbox('jo@shop.test'), stood()]).toEqual([['mx1'], ['delivered mx2 null', 'delivered mx1 mx2']]);
  expect(store.state.messages.size).toBe(1);
});

it('a reply that was lost makes two copies, as it does in the world', async () => {
  states = { mx1: 'loses-reply', mx2: 'down' };
  await send(['jo@shop.test']);
  await clock.advance({ by: 0 });
  states['mx1'] = 'up';
  await clock.advance({ until: 'idle' });
  expect(inbox('jo@shop.test')).toEqual(['mx1', 'mx1']);
});

it('what is deleted is tried no more, and waits for a person when that is undone', async () => {
  states = { mx1: 'down', mx2: 'down' };
  const id = await send(['jo@shop.test']);
  await clock.advance({ by: 0 });
  await store.commit([{ type: 'messages.deleted', ids: [id], reason: 'deleted', undo: { id: 'u1', at: 0 } }]);
  expect(clock.pending).toEqual([]);
  await store.commit([{ type: 'deletion.undone', undo: 'u1' }]);
  expect([stood(), clock.pending]).toEqual([['held null null'], []]);
  states['mx1'] = 'up';
  const [delivery] = store.state.deliveries.keys();
  await queue.order('release', delivery ?? '');
  await clock.advance({ by: 0 });
  expect(inbox('jo@shop.test')).toEqual(['mx1']);
});

it('a queue that is begun anew finds what the one before has left', async () => {
  states = { mx1: 'down', mx2: 'down' };
  await send(['jo@shop.test']);
  await clock.advance({ by: 0 });
  await queue.stop();
  expect(clock.pending).toEqual([]);
  await send(['al@shop.test']);
  states['mx1'] = 'up';
  const again = startQueue();
  await clock.advance({ until: 'idle' });
  expect([inbox('jo@shop.test'), inbox('al@shop.test')]).toEqual([['mx1'], ['mx1']]);
  await again.stop();
});

it('a thousand mails are delivered, none lost, none twice, whatever the primary does meanwhile', async () => {
  const to = Array.from({ length: 1000 }, (_, i) => `u${i}@shop.test`);
  for (const [i, address] of to.entries()) {
    states['mx1'] = i % 300 < 150 ? 'up' : 'down';
    await send([address]);
    if (i % 50 === 0) await clock.advance({ by: 10_000 });
  }
  states['mx1'] = 'up';
  await clock.advance({ until: 'idle' });
  expect(to.filter((address) => inbox(address).length !== 1)).toEqual([]);
});

describe('what is under way when the process ends', () => {
  /** Ends when a host that hangs has it; another process begins with what was kept. */
  async function endAndBegin(): Promise<void> {
    const over = new Promise<void>((resolve) => (hanging = resolve));
    void clock.advance({ by: 0 });
    await over;
    await store.commit([{ type: 'store.opened', at: Date.now() }]);
    states = { mx1: 'up', mx2: 'up' };
    clock = standing();
    queue = startQueue();
    await clock.advance({ until: 'idle' });
  }
  const attempts = (): string[] =>
    [...store.state.deliveries.values()].flatMap((delivery) =>
      delivery.attempts.map(({ round, host, outcome, unsure, code }) => `${round} ${host} ${outcome} ${unsure ? 'unsure' : code}`),
    );

  it('is delivered where the host has it already: not sent again, and said to be so', async () => {
    states['mx1'] = 'hangs';
    await send(['jo@shop.test', 'al@shop.test']);
    await endAndBegin();
    expect([inbox('jo@shop.test'), inbox('al@shop.test'), stood()]).toEqual([['mx1'], ['mx1'], Array(2).fill('delivered mx1 null')]);
    expect(attempts()).toEqual(Array(2).fill('1 mx1 delivered null'));
    expect([...store.state.deliveries.values()].map(({ rounds, attemptCount, taken }) => [rounds, attemptCount, taken])).toEqual(
      Array(2).fill([1, 1, undefined]),
    );
  });

  it('is with the backup that has it to hand on, once', async () => {
    states = { mx1: 'down', mx2: 'hangs' };
    await send(['jo@shop.test']);
    await endAndBegin();
    expect([inbox('jo@shop.test'), stood()]).toEqual([['mx1'], ['delivered mx2 null', 'delivered mx1 mx2']]);
  });

  it('may be there twice where a reply was lost before, which is told', async () => {
    states = { mx1: 'loses-reply', mx2: 'hangs' };
    await send(['jo@shop.test']);
    await endAndBegin();
    expect(inbox('jo@shop.test')).toEqual(['mx1', 'mx1']);
    expect(attempts()).toEqual(['1 mx1 transient unsure', '1 mx2 delivered null', '1 mx1 delivered 250']);
  });
});

it('what a host has while that cannot be kept is not sent again', async () => {
  let full = true;
  await queue.stop();
  const kept = queueStore(store);
  queue = startQueue({
    ...kept,
    commit: async (changes) => {
      if (full && changes[0]?.type === 'delivery.tried') throw new Refusal('storage-full', 'no room');
      return kept.commit(changes);
    },
  });
  await send(['jo@shop.test', 'al@shop.test']);
  await clock.advance({ by: 0 });
  expect([inbox('jo@shop.test'), stood()]).toEqual([['mx1'], Array(2).fill('active null null')]);
  full = false;
  expect((await clock.advance({ until: 'idle' })).ran.map(({ outcome }) => outcome)).toEqual(['delivered', 'delivered']);
  expect([inbox('jo@shop.test'), inbox('al@shop.test'), stood()]).toEqual([['mx1'], ['mx1'], Array(2).fill('delivered mx1 null')]);
  expect(reported.splice(0)).toMatchObject([{ code: 'storage-full' }]);
});
