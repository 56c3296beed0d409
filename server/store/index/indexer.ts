// Reads every message once, after its 250 and when nothing else is to do: its snippet, attachments and signature.

import { setTimeout as wait } from 'node:timers/promises';
import { contentOf } from '../../mail/content.ts';
import type { MessageId } from '../../mail/message.ts';
import { snippet } from '../../mail/snippet.ts';
import type { BodyRef } from '../bodies.ts';
import { pause, SLICE_MS, sliceOver } from '../slices.ts';
import type { Indexed, Kept } from '../state.ts';
import type { Store } from '../store.ts';
import { foldedOf } from '../folded.ts';
import { fromStored, signing, toStored } from './signature.ts';
import { signaturesOf } from './signatures.ts';

export interface IndexerParts {
  readonly store: Store;
  readonly report: (error: unknown) => void;
}

export interface Indexer {
  /** Messages whose signature is not there yet: a search reads their text. */
  readonly pending: number;
  /** Resolves when the message at hand is done; the rest stays as it is. */
  stop(): Promise<void>;
}

/** What is found is committed together, so many at most. */
const GROUP = 64;
/** While mail comes in: so long it works, and then waits so long. 50 messages in a second are indexed as they come, a flood when it ebbs. */
const BUSY_SLICE_MS = 1;
const BUSY_WAIT_MS = 20;

interface Found {
  readonly kept: Kept;
  readonly indexed: Omit<Indexed, 'signature'>;
  /** Null where the message could not be read: its text is looked at in every search. */
  readonly signature: Uint32Array | null;
}

export function createIndexer({ store, report }: IndexerParts): Indexer {
  const { state, signatures: storage } = store;
  const signatures = signaturesOf(state);
  const queue = new Set<MessageId>();
  let found: Found[] = [];
  let arrived = 0;
  let seen = 0;
  let sliceEnds = 0;
  let stopped = false;
  let working: Promise<void> | null = null;

  const isDue = (): boolean => sliceOver() || performance.now() > sliceEnds;

  async function rest(): Promise<void> {
    const busy = arrived > seen;
    seen = arrived;
    await (busy ? wait(BUSY_WAIT_MS, undefined, { ref: false }) : pause());
    sliceEnds = performance.now() + (busy ? BUSY_SLICE_MS : SLICE_MS);
  }

  /** Takes steps to their end, resting in between. */
  async function inSlices<T>(steps: Iterator<unknown, T>): Promise<T> {
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (isDue()) await rest();
    }
  }

  async function read(kept: Kept): Promise<Found> {
    const content = contentOf(await store.body(kept.message.id));
    await inSlices(content.decoding[Symbol.iterator]());
    const signature = await inSlices(signing(content.words));
    return { kept, indexed: { snippet: snippet(content.opening, null), attachments: content.attachments }, signature };
  }

  /** Takes the signature that was kept before; false where there is none that can be used. */
  async function load(kept: Kept): Promise<boolean> {
    const { id } = kept.message;
    const ref = kept.indexed?.signature;
    if (!storage || !ref) return false;
    try {
      const signature = fromStored(await storage.get(ref));
      if (signature && state.messages.has(id)) signatures.set(id, signature);
      return signature !== null;
    } catch (error) {
      // Not if it was moved or deleted meanwhile.
      if (state.messages.get(id)?.indexed?.signature === ref) report(error);
      return false;
    }
  }

  async function look(kept: Kept): Promise<Found | null> {
    foldedOf(kept); // so that the first search does not have to do it for all
    if (await load(kept)) return null;
    try {
      return await read(kept);
    } catch (error) {
      if (!state.messages.has(kept.message.id)) return null;
      report(error);
      return { kept, indexed: { snippet: '', attachments: 0 }, signature: null };
    }
  }

  async function keepSignature({ signature }: Found): Promise<BodyRef | null> {
    return signature && storage ? storage.put(toStored(signature)) : null;
  }

  async function commit(group: readonly Found[]): Promise<void> {
    const refs = await Promise.all(group.map(keepSignature));
    const unused = group.map(({ kept }) => kept.indexed?.signature ?? null);
    const outcomes = await store.commit(
      group.map(({ kept, indexed }, i) => ({
        type: 'message.indexed',
        id: kept.message.id,
        indexed: { ...indexed, signature: refs[i] ?? null },
      })),
    );
    for (const [i, { kept, signature }] of group.entries()) {
      if (outcomes[i]?.changed === 0) unused[i] = refs[i] ?? null;
      if (signature && state.messages.has(kept.message.id)) signatures.set(kept.message.id, signature);
    }
    await storage?.drop(unused.filter((ref) => ref !== null));
  }

  async function commitFound(): Promise<void> {
    const group = found.filter(({ kept }) => state.messages.has(kept.message.id));
    if (group.length > 0) await commit(group).catch(report);
    found = [];
  }

  /** Afterwards nothing is pending, or it was stopped. */
  async function work(): Promise<void> {
    // A set may grow and shrink while it is walked: what comes meanwhile is looked at too.
    for (const id of queue) {
      if (stopped) break;
      const kept = state.messages.get(id);
      const result = kept ? await look(kept) : null;
      if (result) found.push(result);
      queue.delete(id);
      if (found.length >= GROUP || isDue()) {
        await commitFound();
        await rest();
      }
    }
    await commitFound();
  }

  function wake(): void {
    if (working || stopped) return;
    working = rest()
      .then(work)
      .catch(report)
      .finally(() => {
        working = null;
        if (queue.size > 0) wake();
      });
  }

  const lacks = ({ message: { id }, indexed }: Kept): boolean => indexed === null || !signatures.has(id);

  const unsubscribe = store.events.on((event) => {
    if ((event.type === 'message.added' || event.type === 'message.appended') && lacks(event.kept)) {
      queue.add(event.kept.message.id);
      arrived++;
      wake();
    } else if (event.type === 'messages.deleted') {
      for (const id of event.ids) queue.delete(id);
    } else if (event.type === 'messages.forgotten') {
      for (const { message } of event.messages) signatures.delete(message.id);
    }
  });

  for (const kept of state.messages.values()) if (lacks(kept)) queue.add(kept.message.id);
  if (queue.size > 0) wake();

  return {
    get pending() {
      return queue.size + found.length;
    },
    async stop() {
      stopped = true;
      unsubscribe();
      await working;
    },
  };
}
