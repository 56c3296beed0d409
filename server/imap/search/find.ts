// The messages of a view that answer a search, in ascending order; in slices, and with bodies read only where nothing else decides.

import { ParseError, Refusal } from '../../base/errors.ts';
import { signaturesOf } from '../../store/index/signatures.ts';
import { pause, sliceOver } from '../../store/slices.ts';
import { selectedView } from '../selected.ts';
import type { ImapSession } from '../session.ts';
import type { Range } from '../syntax/sequence-set.ts';
import { parseSet } from '../syntax/sequence-set.ts';
import type { Numbered, View } from '../view.ts';
import { threadIdOf } from '../fetch/thread-id.ts';
import { countKeys } from './keys.ts';
import type { Key } from './keys.ts';
import { Reading } from './reading.ts';
import type { Candidate } from './reading.ts';
import { testFor } from './tests.ts';
import type { Scope } from './tests.ts';

/** Questions that are asked, and messages that are looked at, before the clock is; bodies that are read at the same time. */
const QUESTIONS = 4_096;
const RUN = 256;
const AHEAD = 16;

function rangesIn(view: View, saved: readonly number[]): Scope['ranges'] {
  return (set, byUid) => {
    const largest = byUid ? view.uidAt(view.length) : view.length;
    const numbers = (): number[] => (byUid ? [...saved] : saved.map((uid) => view.numberOf(uid)).filter((number) => number > 0));
    const ranges = set === '$' ? numbers().map((number): Range => ({ first: number, last: number })) : parseSet(set, largest);
    if (!ranges) throw new ParseError('no such message', 1);
    return ranges;
  };
}

/** Where a search names its messages, only those are looked at. */
function candidates(view: View, key: Key, saved: readonly number[]): readonly Numbered[] {
  const keys = key.kind === 'and' ? key.keys : [key];
  const named = keys.find((each) => each.kind === 'set');
  return (named && view.select(named.set, named.byUid, saved)) ?? (view.length === 0 ? [] : (view.select('1:*', false, saved) ?? []));
}

/** Throws ParseError for a set that is none. */
export async function find(session: ImapSession, key: Key): Promise<Candidate[]> {
  const { deps, saved } = session;
  const { store, settings } = deps;
  const view = selectedView(session);
  const test = testFor(key, {
    now: store.clock.now(),
    traceHeaders: settings.traceHeaders,
    signatures: signaturesOf(store.state),
    isRecent: (uid) => view.isRecent(uid),
    ranges: rangesIn(view, saved),
    threadIdOf: ({ kept }) => threadIdOf(store, kept),
  });

  /** What is deleted meanwhile does not match. */
  async function read(candidate: Candidate): Promise<boolean> {
    if (sliceOver()) await pause();
    return test.read(new Reading(store, candidate, settings.traceHeaders)).catch((error: unknown) => {
      if (error instanceof Refusal) return false;
      throw error;
    });
  }

  const found: Candidate[] = [];
  const all = candidates(view, key, saved);
  const length = Math.max(1, Math.min(RUN, Math.floor(QUESTIONS / Math.max(1, countKeys(key)))));
  for (let at = 0; at < all.length; at += length) {
    const run = all.slice(at, at + length).filter((one): one is Numbered & Candidate => one.entry !== undefined);
    const verdicts = run.map(test.quick);
    const open = verdicts.flatMap((verdict, i) => (verdict === undefined ? [i] : []));
    for (let next = 0; next < open.length; next += AHEAD) {
      const batch = open.slice(next, next + AHEAD);
      const answers = await Promise.all(batch.map((i) => read(run[i] as Candidate)));
      batch.forEach((i, n) => (verdicts[i] = answers[n]));
    }
    for (const [i, candidate] of run.entries()) if (verdicts[i] === true) found.push(candidate);
    if (sliceOver()) await pause();
  }
  return found;
}
