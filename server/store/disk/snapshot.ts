// A snapshot: the state as it was when its generation began, written in slices while the state goes on changing.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Delivery } from '../../mail/delivery.ts';
import type { Hop } from '../../mail/trace.ts';
import { indexDelivery } from '../deliveries.ts';
import { createEntries, createLog } from '../mailbox.ts';
import { newKept } from '../state.ts';
import type { Account, Entry, Kept, Mailbox, Saved, State } from '../state.ts';
import type { File } from './files.ts';
import { record } from './record.ts';

/** Octets of JSON in one record. */
const RECORD_SIZE = 64 * 1024;

type EntryRow = readonly [
  uidValidity: number,
  uid: number,
  flags: readonly string[],
  modseq: number,
  internalDate: number,
  savedAt: number,
  deliveredTo: readonly string[],
  hops?: readonly Hop[],
];

type Row =
  | { readonly row: 'counters'; readonly nextUidValidity: number; readonly newestId: string }
  | (Omit<Mailbox, 'entries' | 'log' | 'saved'> & {
      readonly row: 'mailbox';
      readonly floor: number;
      readonly changes: readonly (readonly [number, number])[];
    })
  | (Omit<Kept, 'entries' | 'deliveries' | 'folded' | 'saved'> & { readonly row: 'message'; readonly entries: readonly EntryRow[] })
  | { readonly row: 'delivery'; readonly delivery: Delivery }
  /** An account with subscriptions that no mailbox has. */
  | { readonly row: 'subscriptions'; readonly account: string; readonly names: readonly string[] }
  | { readonly row: 'end'; readonly rows: number };

function mailboxRow({ entries: _entries, log, saved: _saved, ...mailbox }: Mailbox): Row {
  const changes = log.changes.slice().map(({ modseq, uid }) => [modseq, uid] as const);
  return { row: 'mailbox', ...mailbox, floor: log.floor, changes };
}

function messageRow({ entries, deliveries: _deliveries, folded: _folded, saved: _saved, ...kept }: Kept): Row {
  const rows = entries.map(({ mailbox, uid, flags, modseq, internalDate, savedAt, deliveredTo, hops }): EntryRow => {
    const { uidValidity } = mailbox;
    return hops
      ? [uidValidity, uid, flags, modseq, internalDate, savedAt, deliveredTo, hops]
      : [uidValidity, uid, flags, modseq, internalDate, savedAt, deliveredTo];
  });
  return { row: 'message', ...kept, entries: rows };
}

const isMailbox = (item: Saved): item is Mailbox => 'uidValidity' in item;

/**
 * Writes the state as it is at the moment of the call. Whatever changes before its turn has come is written first, as it
 * was: `state.saving` is asked by every change. The loop is held for `sliceMs` at most between two turns.
 * Resolves when all is written; the file is not synced yet.
 */
export async function writeSnapshot(state: State, generation: number, file: File, sliceMs: number): Promise<void> {
  let rows = 0;
  let lines: string[] = [];
  let octets = 0;
  let full: Buffer[] = [];
  let position = 0;

  const close = (): void => {
    if (lines.length > 0) full.push(record(Buffer.from(lines.join('\n'))));
    lines = [];
    octets = 0;
  };
  const add = (row: Row): void => {
    const line = JSON.stringify(row);
    lines.push(line);
    octets += line.length;
    rows++;
    if (octets >= RECORD_SIZE) close();
  };
  const save = (item: Saved): void => {
    if (item.saved === generation) return;
    item.saved = generation;
    add(isMailbox(item) ? mailboxRow(item) : messageRow(item));
  };
  const flush = async (): Promise<void> => {
    const buffers = full;
    full = [];
    if (buffers.length === 0) return nextTurn();
    const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    const written = await file.write(position, buffers);
    if (written < length) throw new Error(`only ${written} of ${length} octets of the snapshot could be written`);
    position += length;
  };

  state.generation = generation;
  state.saving = { generation, before: save };
  try {
    add({ row: 'counters', nextUidValidity: state.nextUidValidity, newestId: state.newestId });
    // Few and small: they are written at once, as the counters are.
    for (const { name: account, subscriptions } of state.accounts.values()) {
      if (subscriptions.size > 0) add({ row: 'subscriptions', account, names: [...subscriptions] });
    }
    const items: Saved[] = [...state.accounts.values()].flatMap(({ mailboxes }) => [...mailboxes.values()]);
    for (const kept of state.messages.values()) items.push(kept);
    for (const messages of state.trash.values()) items.push(...messages);
    // These are values, which never change: what is there now can be written later.
    const deliveries = [...state.deliveries.values()];
    for (const messages of state.trash.values()) for (const kept of messages) deliveries.push(...kept.deliveries);
    let until = performance.now() + sliceMs;
    const inSlices = async <T>(all: readonly T[], write: (one: T) => void): Promise<void> => {
      for (const one of all) {
        write(one);
        if (performance.now() > until) {
          await flush();
          until = performance.now() + sliceMs;
        }
      }
    };
    await inSlices(items, save);
    await inSlices(deliveries, (delivery) => add({ row: 'delivery', delivery }));
  } finally {
    state.saving = null;
  }
  add({ row: 'end', rows: rows + 1 });
  close();
  await flush();
}

/** Takes the rows of a snapshot in and makes them a state. */
export function createSnapshotReader(state: State): { take(payload: Buffer): void; end(): void } {
  const mailboxes = new Map<number, Mailbox>();
  const waiting: { readonly kept: Kept; readonly rows: readonly EntryRow[] }[] = [];
  const deliveries: Delivery[] = [];
  let rows = 0;
  let expected = -1;

  function mailboxOf({ row: _row, floor, changes, ...facts }: Extract<Row, { row: 'mailbox' }>): void {
    const log = createLog();
    log.floor = floor;
    for (const [modseq, uid] of changes) log.changes.push({ modseq, uid });
    const mailbox: Mailbox = { ...facts, entries: createEntries(), log, saved: 0 };
    mailboxes.set(mailbox.uidValidity, mailbox);
    accountOf(mailbox.account).mailboxes.set(mailbox.name, mailbox);
  }

  function accountOf(name: string): Account {
    const account = state.accounts.get(name) ?? { name, mailboxes: new Map<string, Mailbox>(), subscriptions: new Set<string>() };
    state.accounts.set(name, account);
    return account;
  }

  function take(line: string): void {
    const row = JSON.parse(line) as Row;
    rows++;
    if (row.row === 'counters') Object.assign(state, { nextUidValidity: row.nextUidValidity, newestId: row.newestId });
    else if (row.row === 'mailbox') mailboxOf(row);
    else if (row.row === 'delivery') deliveries.push(row.delivery);
    else if (row.row === 'subscriptions') for (const name of row.names) accountOf(row.account).subscriptions.add(name);
    else if (row.row === 'end') expected = row.rows;
    else {
      const { row: _row, entries, ...facts } = row;
      waiting.push({ kept: newKept(facts), rows: entries });
    }
  }

  function takeDeliveries(deleted: readonly Kept[]): void {
    if (deliveries.length === 0) return;
    const trashed = new Map(deleted.map((kept) => [kept.message.id, kept]));
    const byMessage = new Map<Kept, Delivery[]>();
    for (const delivery of deliveries) {
      const { id, messageId } = delivery;
      const live = state.messages.get(messageId);
      const kept = live ?? trashed.get(messageId);
      if (!kept) throw new Error(`delivery ${id} is of a message that is not there`);
      const group = byMessage.get(kept);
      if (group) group.push(delivery);
      else byMessage.set(kept, [delivery]);
      if (live) indexDelivery(state, delivery);
    }
    for (const [kept, group] of byMessage) kept.deliveries = group;
  }

  return {
    take: (payload) => payload.toString().split('\n').forEach(take),
    end() {
      if (rows !== expected) throw new Error(`${rows} rows instead of ${expected < 0 ? 'a whole snapshot' : expected}`);
      // Messages that changed while it was written stand before their turn.
      waiting.sort((a, b) => (a.kept.message.id < b.kept.message.id ? -1 : 1));
      const deleted: Kept[] = [];
      const entries: Entry[] = [];
      for (const { kept, rows: places } of waiting) {
        state.octets += kept.message.size;
        if (kept.deleted) {
          deleted.push(kept);
          continue;
        }
        state.messages.set(kept.message.id, kept);
        if (kept.captured) state.arrivals.push(kept);
        kept.entries = places.map(([uidValidity, uid, flags, modseq, internalDate, savedAt, deliveredTo, hops]) => {
          const mailbox = mailboxes.get(uidValidity);
          if (!mailbox) throw new Error(`message ${kept.message.id} is in a mailbox that is not there`);
          const entry: Entry = { kept, mailbox, uid, flags, modseq, internalDate, savedAt, deliveredTo, ...(hops && { hops }) };
          entries.push(entry);
          return entry;
        });
      }
      deleted.sort((a, b) => (a.deleted?.at ?? 0) - (b.deleted?.at ?? 0));
      for (const kept of deleted) {
        const { undo } = kept.deleted ?? { undo: '' };
        state.trash.set(undo, (state.trash.get(undo) ?? []).concat(kept));
      }
      takeDeliveries(deleted);
      entries.sort((a, b) => a.uid - b.uid);
      for (const entry of entries) entry.mailbox.entries.push(entry);
    },
  };
}
