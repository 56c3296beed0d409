// Where recipients go when a message is sent, and what a receiver's host does with what it has taken.

import { beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/base/clock.ts';
import { createIds } from '../../../server/base/ids.ts';
import { createAcceptance } from '../../../server/delivery/accept.ts';
import type { Acceptance } from '../../../server/delivery/accept.ts';
import type { Arriving } from '../../../server/delivery/submit.ts';
import { createSubmit } from '../../../server/delivery/submit.ts';
import type { Submission } from '../../../server/smtp/deps.ts';
import { inMemory, openStore } from '../../../server/store/store.ts';
import type { Store } from '../../../server/store/store.ts';
import { BEGIN, receiver } from './queue/rig.ts';

const SHOP = receiver('shop.test', {
  hosts: [
    { name: 'mx1', preference: 10 },
    { name: 'mx2', preference: 20, backup: 'relays' },
    { name: 'mx3', preference: 20, backup: 'stores' },
  ],
});
const CLIENT = '127.0.0.1:40000';

let store: Store;
let submit: (arriving: Arriving) => Promise<string>;
let acceptance: Acceptance;

const raise = (error: unknown): never => {
  throw error;
};

beforeEach(async () => {
  store = await openStore({ ...inMemory(), clock: systemClock, openedAt: Date.now(), report: raise });
  const ids = createIds();
  const clock = { now: () => BEGIN, offset: 0 };
  const receiverOf = (address: string): typeof SHOP | undefined => (address.endsWith('@shop.test') ? SHOP : undefined);
  submit = createSubmit({ store, ids, limits: { maxMessages: 100, maxSize: 0, maxAge: 0 }, outward: { clock, receiverOf } });
  acceptance = createAcceptance({ store, clock, ids, receiverOf, submit });
});

function submission(to: readonly string[], host = 'submission', client = '192.0.2.1:5000'): Submission {
  return {
    envelope: { sender: 'app@client.test', recipients: to.map((address) => ({ address })) },
    refused: [],
    raw: Buffer.from('Subject: hello\r\n\r\nhello\r\n'),
    origin: { source: 'smtp', sessionId: null, client, user: null, host, helo: 'web-1', protocol: 'ESMTP', by: `${host}.test` },
  };
}

const inbox = (account: string): string[] =>
  [...(store.state.accounts.get(account)?.mailboxes.get('INBOX')?.entries ?? [])].map(({ kept }) => kept.message.id);
const queued = (): string[] => [...store.state.deliveries.values()].map(({ recipient, relayedBy }) => `${recipient.address} ${relayedBy}`);

describe('what is submitted', () => {
  it('is in the inbox of who is here, and queued for who is not, in one commit', async () => {
    const id = await submit(submission(['jo@home.test', 'al@shop.test', 'al+tag@shop.test']));
    expect([inbox('jo@home.test'), inbox('al@shop.test'), queued()]).toEqual([[id], [], ['al@shop.test null', 'al+tag@shop.test null']]);
    expect([...store.state.deliveries.values()][0]).toMatchObject({
      messageId: id,
      sender: 'app@client.test',
      receiver: 'shop.test',
      state: 'queued',
      queuedAt: BEGIN,
      nextAttemptAt: BEGIN,
      expiresAt: BEGIN + 30_000,
      attemptsPlanned: 7,
    });
    expect(inbox('*')).toEqual([id]);
  });

  it('is at its end where it is brought from elsewhere', async () => {
    const id = await submit({ ...submission(['al@shop.test']), receivedAt: BEGIN });
    expect([inbox('al@shop.test'), queued()]).toEqual([[id], []]);
  });
});

describe('what a host has taken', () => {
  it('is a new message where a stranger brought it', async () => {
    const id = await acceptance.submitAt('mx1')(submission(['al@shop.test', 'jo@home.test'], 'mx1'));
    expect([inbox('al@shop.test'), inbox('jo@home.test'), queued(), store.state.messages.size]).toEqual([[id], [id], [], 1]);
  });

  it('is the same message where our own queue brought it: once more in the inbox for each time', async () => {
    const id = await submit(submission(['al@shop.test']));
    const carried = { messageId: id, deliveries: [...store.state.deliveries.values()] };
    const forget = acceptance.register('mx1', CLIENT, () => carried);
    const again = submission(['al@shop.test'], 'mx1', CLIENT);
    expect(await acceptance.submitAt('mx1')(again)).toBe(id);
    await acceptance.submitAt('mx1')(again);
    expect([inbox('al@shop.test'), store.state.messages.size]).toEqual([[id, id], 1]);
    forget();
    expect(await acceptance.submitAt('mx1')(again)).not.toBe(id);
    expect(store.state.messages.size).toBe(2);
  });

  it('is the message of that connection, where one to another host has the same port at the same time', async () => {
    const [first, second] = [await submit(submission(['al@shop.test'])), await submit(submission(['bo@shop.test']))];
    acceptance.register('mx1', CLIENT, () => ({ messageId: first, deliveries: [] }));
    const forget = acceptance.register('mx3', CLIENT, () => ({ messageId: second, deliveries: [] }));
    const take = (to: string, host: string): Promise<string> => acceptance.submitAt(host)(submission([to], host, CLIENT));
    expect([await take('al@shop.test', 'mx1'), await take('bo@shop.test', 'mx3')]).toEqual([first, second]);
    forget();
    expect(await take('al@shop.test', 'mx1')).toBe(first);
  });

  it.each([
    ['mx2', [], ['al@shop.test mx2']],
    ['mx3', ['al@shop.test'], []],
    ['mx1', ['al@shop.test'], []],
  ])('%s keeps it, unless it is a backup that hands on', async (host, kept, relayed) => {
    const id = await submit(submission(['al@shop.test']));
    const own = queued();
    const forget = acceptance.register(host, CLIENT, () => ({ messageId: id, deliveries: [] }));
    await acceptance.submitAt(host)(submission(['al@shop.test'], host, CLIENT));
    expect([inbox('al@shop.test').map(() => 'al@shop.test'), queued().slice(own.length)]).toEqual([kept, relayed]);
    forget();
    const strange = await acceptance.submitAt(host)(submission(['al@shop.test'], host));
    expect(inbox('al@shop.test').includes(strange)).toBe(host !== 'mx2');
  });

  it('one that is forgotten late takes nothing away from the connection that has its port by now', async () => {
    const id = await submit(submission(['al@shop.test']));
    const first = acceptance.register('mx1', CLIENT, () => null);
    acceptance.register('mx1', CLIENT, () => ({ messageId: id, deliveries: [] }));
    first();
    expect(await acceptance.submitAt('mx1')(submission(['al@shop.test'], 'mx1', CLIENT))).toBe(id);
  });
});
