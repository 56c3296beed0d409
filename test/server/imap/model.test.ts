// Random steps by three clients and arriving mail on one mailbox: in the end each client's picture is the mailbox.

import { describe, expect, it } from 'vitest';
import { startImap } from '../../conversations/imap-server.ts';
import { ModelClient } from './model-client.ts';
import type { Mode } from './model-client.ts';

/** Rounds in which every client does something at the same time; `STEPS` and `SEED` by environment. */
const STEPS = Number(process.env['STEPS'] ?? 120);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const FLAGS = ['\\Seen', '\\Flagged', '\\Deleted', '\\Deleted', 'work', '$Label'];
const MODES: readonly Mode[] = ['+', '+', '-', ''];

async function step(client: ModelClient, pick: (below: number) => number): Promise<void> {
  const { length } = client.messages;
  const number = 1 + pick(length);
  const uid = client.messages[number - 1]?.uid ?? 1;
  const flag = FLAGS[pick(FLAGS.length)] ?? '';
  const mode = MODES[pick(MODES.length)] ?? '';
  const steps: readonly (() => Promise<unknown>)[] = [
    () => client.ask('NOOP'),
    () => client.ask('IDLE'),
    () => client.ask('EXPUNGE'),
    () => client.ask('APPEND INBOX (\\Draft) {3+}\r\nA:b'),
    () => client.ask('SEARCH ALL'),
    () => client.ask(`UID STORE ${uid}:* ${mode}FLAGS (${flag})`),
    () => client.ask(`UID MOVE ${uid} Trash`),
    () => client.ask(`UID EXPUNGE ${uid}:${uid + 3}`),
    // The others speak in message numbers: there must be some.
    () => client.ask(`STORE ${number} ${mode}FLAGS (${flag})`),
    () => client.storeSilently([number], mode, flag),
    () => client.storeSilently(number === length ? [number] : [number, number + 1], mode, flag),
    () => client.ask(`COPY ${number} INBOX`),
    () => client.ask(`FETCH ${number} (UID FLAGS)`),
    () => client.ask(`FETCH ${number} BODY[]`),
    () => client.refresh(number),
  ];
  await steps[pick(length > 0 ? steps.length : 8)]?.();
  await client.learn();
}

async function play(seed: number): Promise<void> {
  await using server = await startImap();
  const pick = chance(seed);
  const { sample } = server;
  await sample.send();
  const clients = await Promise.all([
    ModelClient.open(server.port, 'SELECT INBOX'),
    ModelClient.open(server.port, 'SELECT INBOX (CONDSTORE)'),
    ModelClient.open(server.port, 'ENABLE QRESYNC', 'SELECT INBOX'),
  ]);
  for (let round = 0; round < STEPS; round++) {
    const arriving = pick(3) === 0 ? [sample.send()] : [];
    await Promise.all([...clients.map((client) => step(client, pick)), ...arriving]);
  }
  const { entries } = sample.store.state.accounts.get('jo@shop.test')?.mailboxes.get('INBOX') ?? { entries: [] };
  const kept = [...entries].map(({ uid, flags }) => ({ uid, flags: [...flags].sort() }));
  for (const [i, client] of clients.entries()) {
    expect(await client.ask('NOOP')).toMatch(/^OK/);
    expect(client.messages.length, `client ${i}`).toBe(kept.length);
    const pictured = client.messages.map(({ uid, flags }, at) => ({
      uid: uid ?? kept[at]?.uid,
      flags: flags === null ? kept[at]?.flags : [...flags].sort(),
    }));
    expect(pictured, `client ${i}`).toEqual(kept);
    client.close();
  }
  expect(server.errors).toEqual([]);
}

describe('three clients of one mailbox', () => {
  for (const seed of [SEED, SEED + 1, SEED + 2]) it(`see the same in the end (SEED=${seed})`, () => play(seed), STEPS * 100 + 20_000);
});
