// The selected mailbox as one client knows it, and what has changed since: read from the mailbox's change log.

import type { Entry, Mailbox } from '../store/state.ts';
import type { Recents } from './recent.ts';
import { parseSet } from './syntax/sequence-set.ts';
import type { Range } from './syntax/sequence-set.ts';
import type { Numbered, View } from './view.ts';

/** What the client must be told. */
export interface Update {
  /** Removed UIDs, ascending, and their message numbers as they were before. */
  readonly removed: readonly number[];
  readonly numbers: readonly number[];
  readonly added: number;
  /** Entries whose flags the client does not know as they are. */
  readonly changed: readonly Entry[];
  readonly newKeywords: boolean;
  /** Where removals are held back: the modseq up to which everything is told. */
  readonly wholeUpTo: number | null;
}

/** Position of the first number that is `key` or more. */
function lowerBound(numbers: readonly number[], key: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `n:*` has at least the last message, whatever n is (RFC 9051 §9, seq-number). */
function within(ranges: readonly Range[], set: string, length: number): Range[] | null {
  if (!set.includes('*')) return ranges.some(({ last }) => last > length) ? null : [...ranges];
  return ranges.map(({ first, last }) => ({ first: Math.min(first, length), last: Math.min(last, length) }));
}

export class SelectedView implements View {
  readonly mailbox: Mailbox;
  readonly readOnly: boolean;
  readonly #recents: Recents;
  /** Told to the client and not told to be removed, ascending. */
  #uids: number[];
  /** Nobody else has these numbers: they may be added to. */
  #own = true;
  /** Every change up to this one is told, but for removals that had to wait. */
  #modseq: number;
  /** The same, removals included. */
  #whole: number;
  #uidNext: number;
  /** UIDs whose flags have changed and were not told. */
  #untold = new Set<number>();
  /** UIDs removed of which the client has not been told. */
  #gone = new Set<number>();
  /** Modseqs with which the client knows entries by an answer to a command of its own. */
  #told = new Map<number, number>();
  /** From each first UID up to before the second. */
  #recent: { first: number; end: number }[] = [];
  readonly #keywords: Map<string, string> = new Map<string, string>();

  /** `from` is a view of the same mailbox that knows all that has happened: it is cheaper to copy than to look at every message. */
  constructor(mailbox: Mailbox, readOnly: boolean, recents: Recents, from: SelectedView | null = null) {
    this.mailbox = mailbox;
    this.readOnly = readOnly;
    this.#recents = recents;
    if (from) from.#own = this.#own = false;
    this.#uids = from ? from.#uids : mailbox.entries.slice().map(({ uid }) => uid);
    this.#modseq = mailbox.highestModseq;
    this.#whole = mailbox.highestModseq;
    this.#uidNext = mailbox.uidNext;
    this.#claim();
    if (from) this.#keywords = new Map(from.#keywords);
    else for (const { flags } of mailbox.entries) this.learn(flags);
  }

  #claim(): void {
    const first = this.#recents.from(this.mailbox, this.readOnly);
    const last = this.#recent.at(-1);
    const { uidNext } = this.mailbox;
    // One that only looks claims nothing, and sees what it saw before again.
    if (last && last.end >= first) last.end = uidNext;
    else if (first < uidNext) this.#recent.push({ first, end: uidNext });
  }

  /** True where a keyword among the flags was not known here. */
  learn(flags: readonly string[]): boolean {
    let learnt = false;
    for (const flag of flags) {
      if (flag.startsWith('\\')) continue;
      const key = flag.toLowerCase();
      if (this.#keywords.has(key)) continue;
      this.#keywords.set(key, flag);
      learnt = true;
    }
    return learnt;
  }

  get keywords(): readonly string[] {
    return [...this.#keywords.values()];
  }

  get length(): number {
    return this.#uids.length;
  }

  get recentCount(): number {
    return this.#recent.reduce((sum, { first, end }) => sum + lowerBound(this.#uids, end) - lowerBound(this.#uids, first), 0);
  }

  uidAt(number: number): number {
    return this.#uids[number - 1] ?? 0;
  }

  numberOf(uid: number): number {
    const position = lowerBound(this.#uids, uid);
    return this.#uids[position] === uid ? position + 1 : 0;
  }

  isRecent(uid: number): boolean {
    for (const { first, end } of this.#recent) if (uid >= first && uid < end) return true;
    return false;
  }

  told({ uid, modseq }: Entry): void {
    this.#untold.delete(uid);
    if (modseq > this.#modseq) this.#told.set(uid, modseq);
  }

  /** Whether the client knows the flags that the entry has. */
  knows({ uid, modseq }: Entry): boolean {
    return (modseq <= this.#modseq && !this.#untold.has(uid)) || this.#told.get(uid) === modseq;
  }

  spelling(flag: string): string {
    return this.#keywords.get(flag.toLowerCase()) ?? flag;
  }

  select(set: string, byUid: boolean, saved: readonly number[]): Numbered[] | null {
    if (set === '$') return this.#numbered(saved.map((uid) => this.numberOf(uid)).filter((number) => number > 0));
    const all = parseSet(set, byUid ? (this.#uids.at(-1) ?? 0) : this.length);
    const ranges = all && !byUid ? within(all, set, this.length) : all;
    if (!ranges) return null;
    const found: Numbered[] = [];
    for (const { first, last } of ranges) {
      const start = byUid ? lowerBound(this.#uids, first) : first - 1;
      const end = byUid ? lowerBound(this.#uids, last + 1) : last;
      const { entries } = this.mailbox;
      // Both ascend: entries are walked along, not looked up one by one.
      let at = entries.lowerBound(this.#uids[start] ?? Infinity);
      for (let i = Math.max(start, 0); i < end; i++) {
        const uid = this.#uids[i] as number;
        let entry = entries.at(at);
        while (entry && entry.uid < uid) entry = entries.at(++at);
        const here = entry?.uid === uid ? entry : undefined;
        found.push({ number: i + 1, uid, entry: here });
      }
    }
    return found;
  }

  #numbered(numbers: readonly number[]): Numbered[] {
    return numbers.map((number) => {
      const uid = this.uidAt(number);
      return { number, uid, entry: this.mailbox.entries.get(uid) };
    });
  }

  /** Entries changed since the last update, and which UIDs are gone: by the log, or by looking at all where it is too short. */
  #differences(): Entry[] {
    const { entries, log, highestModseq } = this.mailbox;
    if (highestModseq === this.#modseq) return [];
    const changed: Entry[] = [];
    const look = (uid: number, entry: Entry | undefined): void => {
      if (!entry) this.#gone.add(uid);
      else if (entry.modseq > this.#modseq && this.#told.get(uid) !== entry.modseq) changed.push(entry);
    };
    if (this.#modseq < log.floor) {
      const all = this.select('1:*', false, []) ?? [];
      for (const { uid, entry } of all) look(uid, entry);
      return changed;
    }
    const seen = new Set<number>();
    for (let i = log.changes.lowerBound(this.#modseq + 1); i < log.changes.length; i++) {
      const uid = log.changes.at(i)?.uid ?? 0;
      if (seen.has(uid) || this.numberOf(uid) === 0) continue;
      seen.add(uid);
      look(uid, entries.get(uid));
    }
    return changed.sort((a, b) => a.uid - b.uid);
  }

  /** Entries whose flags are to be told, those that waited among them; unless `flags` may be told, all of them wait. */
  #changed(flags: boolean): Entry[] {
    const changed = this.#differences();
    if (flags && this.#untold.size === 0) return changed;
    for (const { uid } of changed) this.#untold.add(uid);
    if (!flags) return [];
    const all = [...this.#untold].sort((a, b) => a - b).flatMap((uid) => this.mailbox.entries.get(uid) ?? []);
    this.#untold.clear();
    return all;
  }

  /** Takes in what has happened; what may not be told waits. */
  update(removals: boolean, arrivals = true, flags = true): Update {
    const { mailbox } = this;
    const changed = this.#changed(flags);
    this.#modseq = mailbox.highestModseq;
    this.#told.clear();
    let [removed, numbers]: [number[], number[]] = [[], []];
    if (removals && this.#gone.size > 0) {
      removed = [...this.#gone].sort((a, b) => a - b);
      numbers = removed.map((uid) => this.numberOf(uid));
      this.#uids = this.#uids.filter((uid) => !this.#gone.has(uid));
      this.#own = true;
      this.#gone.clear();
    }
    const held = this.#gone.size > 0;
    if (!held) this.#whole = mailbox.highestModseq;
    let newKeywords = false;
    for (const entry of changed) if (this.learn(entry.flags)) newKeywords = true;
    const added = arrivals ? mailbox.entries.slice(mailbox.entries.lowerBound(this.#uidNext)) : [];
    if (added.length > 0 && !this.#own) {
      this.#uids = this.#uids.slice();
      this.#own = true;
    }
    for (const entry of added) {
      this.#uids.push(entry.uid);
      if (this.learn(entry.flags)) newKeywords = true;
    }
    if (arrivals) this.#uidNext = mailbox.uidNext;
    if (added.length > 0) this.#claim();
    return { removed, numbers, added: added.length, changed, newKeywords, wholeUpTo: held ? this.#whole : null };
  }
}
