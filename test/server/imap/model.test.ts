// Random steps by three IMAP clients, a POP3 client, the API and arriving mail on one mailbox: what each was told is the mailbox.

import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Mailbox } from '../../../server/store/state.ts';
import { inMemory } from '../../../server/store/store.ts';
import { startImap } from '../../conversations/imap-server.ts';
import { startPop3 } from '../../conversations/pop3-server.ts';
import { createRig } from '../http/rig.ts';
import { openSample } from '../store/sample.ts';
import { ModelClient } from './model-client.ts';
import type { Kind } from './model-client.ts';
import { httpStep } from './model-http.ts';
import { ModelMaildrop } from './model-maildrop.ts';
import { imapStep, one } from './model-steps.ts';
import type { Pick } from './model-steps.ts';

/** Steps of all of them together, and the first seed; many more by hand: STEPS=100000 SEED=1. */
const STEPS = Number(process.env['STEPS'] ?? 900);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const SEEDS = process.env['STEPS'] === undefined ? [SEED, SEED + 1] : [SEED];

/** In a round everybody does a step at the same time. */
const STEPS_A_ROUND = 6;
/** Rounds until everybody stops, and what they know is compared. */
const ROUNDS = 10;
/** Lines of what was said that a failure shows. */
const SHOWN = 150;

function chance(seed: number): Pick {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A journal that takes its time, as one on a disk does: others come in between. */
function slowJournal(pick: Pick): { append(): Promise<void> | undefined } {
  let before = Promise.resolve();
  const write = async (turns: number): Promise<void> => {
    await before;
    for (let i = 0; i < turns; i++) await turn();
  };
  return {
    append: () => {
      before = write(pick(3));
      return before;
    },
  };
}

const LAST: Kind[] = ['plain', 'plain', 'rev2'];

async function start(seed: number) {
  const pick = chance(seed);
  const account = one(pick, ['jo@shop.test', '*']);
  const sample = await openSample({}, { ...inMemory(), journal: slowJournal(pick) });
  const imap = await startImap({ sample, settings: { maxErrors: 0 } });
  const pop3 = await startPop3({ through: () => sample.store });
  let ids = 0;
  const http = await createRig({ deps: { store: sample.store, ids: () => `h${++ids}` } });
  await sample.send();
  const said: string[] = [];
  const note = (text: string): void => void (said.push(text) > 2 * SHOWN && said.splice(0, SHOWN));
  const kinds: readonly Kind[] = ['qresync', 'condstore', one(pick, LAST)];
  const clients = await Promise.all(kinds.map((kind) => ModelClient.open({ port: imap.port, user: account, kind, note })));
  const maildrop = new ModelMaildrop(pop3.port, account, note);
  const mailbox = sample.store.state.accounts.get(account)?.mailboxes.get('INBOX') as Mailbox;
  return {
    ...{ pick, account, sample, imap, pop3, http, said, note, clients, maildrop, mailbox },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.close();
      maildrop.lose();
      await Promise.all([imap[Symbol.asyncDispose](), pop3[Symbol.asyncDispose]()]);
    },
  };
}

type Model = Awaited<ReturnType<typeof start>>;

const idsOf = ({ uidValidity, entries }: Mailbox): string[] => [...entries].map(({ uid }) => `${uidValidity}.${uid}`);

/** What lost connections had under way is done, or never will be. */
async function quiet({ imap, pop3, clients, maildrop }: Model): Promise<void> {
  const live = clients.length + (maildrop.isOpen ? 1 : 0);
  const open = (): number => [...imap.sessions.list(), ...pop3.sessions.list()].filter(({ closedAt }) => closedAt === null).length;
  while (open() > live) await turn();
  if (maildrop.isOpen) await maildrop.ask('NOOP');
}

async function compareImap({ clients, mailbox, note }: Model): Promise<void> {
  for (const client of clients) {
    expect(await client.ask('NOOP')).toMatch(/^OK/);
    await client.learn();
    const kept = [...mailbox.entries].map(({ uid, flags, modseq }) => ({ uid, flags: [...flags].sort(), modseq }));
    const pictured = client.picture.messages.map(({ uid, flags, modseq }, at) => ({
      uid,
      flags: flags === null ? null : [...flags].sort(),
      modseq: client.condstore ? modseq : (kept[at]?.modseq ?? null),
    }));
    note(`${client.kind}: compared`);
    expect(pictured, client.kind).toEqual(kept);
    const { gone } = client.picture;
    expect(
      kept.filter(({ uid }) => gone.has(uid)),
      `${client.kind}: gone`,
    ).toEqual([]);
    expect(client.picture.uidValidity).toBe(mailbox.uidValidity);
    expect(client.picture.modseq).toBeLessThanOrEqual(mailbox.highestModseq);
  }
}

/** While nobody else does anything, only a QUIT removes what is marked. */
async function compareMaildrop({ maildrop, mailbox, pick }: Model): Promise<void> {
  const before = idsOf(mailbox);
  if (!maildrop.isOpen) {
    if (await maildrop.enter()) expect(maildrop.ids).toEqual(before);
    return;
  }
  await maildrop.isFrozen();
  const how = pick(4);
  if (how === 0) {
    const removed = await maildrop.quit();
    expect(idsOf(mailbox)).toEqual(before.filter((id) => !removed.includes(id)));
  } else if (how === 1) {
    maildrop.lose();
    while (!(await maildrop.enter())) await turn();
    expect(maildrop.ids).toEqual(before);
  }
}

async function compareHttp({ http, account, mailbox }: Model): Promise<void> {
  const path = `/v1/accounts/${encodeURIComponent(account)}/mailboxes/INBOX/messages?limit=500`;
  const { items } = (await http.json(path)) as unknown as { items: { uid: number; flags: string[] }[] };
  const newest = [...mailbox.entries].slice(-500).reverse();
  expect(items.map(({ uid, flags }) => ({ uid, flags }))).toEqual(newest.map(({ uid, flags }) => ({ uid, flags })));
}

async function round({ clients, maildrop, http, sample, account, pick }: Model): Promise<void> {
  const mail = pick(3) === 0 ? sample.send(account === '*' ? { to: ['ann@shop.test'] } : {}) : Promise.resolve();
  const others = Promise.all([mail, maildrop.step(pick), httpStep(http, account, pick)]);
  await Promise.all([others, ...clients.map((client) => imapStep(client, pick, others))]);
}

async function play(seed: number): Promise<void> {
  await using model = await start(seed);
  const { imap, pop3, mailbox, said } = model;
  let highest = mailbox.highestModseq;
  try {
    for (let done = 1; done <= STEPS / STEPS_A_ROUND; done++) {
      await round(model);
      if (done % ROUNDS > 0) continue;
      await quiet(model);
      await compareImap(model);
      await compareHttp(model);
      await compareMaildrop(model);
      expect(mailbox.highestModseq).toBeGreaterThanOrEqual(highest);
      highest = mailbox.highestModseq;
    }
    expect([...imap.errors, ...pop3.errors]).toEqual([]);
  } catch (error) {
    throw new Error(`seed ${seed}, the last that was said:\n${said.slice(-SHOWN).join('\n')}`, { cause: error });
  }
}

describe('everybody who reads one mailbox', () => {
  for (const seed of SEEDS) it(`knows it as it is (SEED=${seed})`, () => play(seed), STEPS * 100 + 20_000);
});
