// Asks a query of one message after the other, in slices, and reads bodies only where nothing else decides.

import { contentOf } from '../mail/content.ts';
import type { Matcher } from './match.ts';
import type { Runs } from './order.ts';
import { pause, sliceOver } from './slices.ts';
import type { Kept } from './state.ts';
import type { Store } from './store.ts';

/** Bodies that are read at the same time. */
const AHEAD = 16;

/** What the bytes say. One that is deleted meanwhile, or cannot be read, does not match. */
async function judge(store: Store, matcher: Matcher, kept: Kept, reading: Promise<Buffer | null>): Promise<boolean> {
  const raw = await reading;
  if (raw === null) return false;
  const content = contentOf(raw);
  for (const _ of content.decoding) if (sliceOver()) await pause();
  return matcher.content(kept, content) && store.state.messages.has(kept.message.id);
}

const read = (store: Store, kept: Kept): Promise<Buffer | null> => store.body(kept.message.id).catch(() => null);

/** Whether one message matches. */
export async function decide(store: Store, matcher: Matcher, kept: Kept): Promise<boolean> {
  return matcher.facts(kept) ?? judge(store, matcher, kept, read(store, kept));
}

/** Tells every message that matches, in order, until `enough` answers true; resolves to whether it did. */
export async function walk(store: Store, matcher: Matcher, runs: Runs, enough: (kept: Kept) => boolean): Promise<boolean> {
  for (const run of runs) {
    const verdicts = run.map((kept) => matcher.facts(kept));
    const open = run.filter((_, i) => verdicts[i] === undefined);
    const reading: Promise<Buffer | null>[] = [];
    let judged = 0;
    for (const [i, kept] of run.entries()) {
      let verdict = verdicts[i];
      if (verdict === undefined) {
        if (judged === reading.length) reading.push(...open.slice(judged, judged + AHEAD).map((next) => read(store, next)));
        verdict = await judge(store, matcher, kept, reading[judged++] as Promise<Buffer | null>);
        if (sliceOver()) await pause();
      }
      if (verdict && enough(kept)) return true;
    }
    if (sliceOver()) await pause();
  }
  return false;
}
