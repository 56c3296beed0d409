// Whether a message answers a key: by the state where that decides, else by reading as little of it as will do.

import { foldedPart, foldedOf, partIncludes } from '../../store/folded.ts';
import { trigramsOf } from '../../store/index/signature.ts';
import type { Signatures } from '../../store/index/signatures.ts';
import { servedSize } from '../../store/served.ts';
import type { Entry } from '../../store/state.ts';
import { emailId } from '../fetch/thread-id.ts';
import type { Range } from '../syntax/sequence-set.ts';
import { inSet } from '../syntax/sequence-set.ts';
import type { AddressField, Key } from './keys.ts';
import type { Candidate, Reading } from './reading.ts';

/** What a search is judged in. */
export interface Scope {
  readonly now: number;
  readonly traceHeaders: boolean;
  readonly signatures: Signatures;
  readonly isRecent: (uid: number) => boolean;
  /** The numbers, or UIDs, that a set stands for; throws ParseError. */
  readonly ranges: (set: string, byUid: boolean) => readonly Range[];
  readonly threadIdOf: (entry: Entry) => Promise<string>;
}

export interface Test {
  /** 0 the state always decides, 1 the header may be read, 2 the body. */
  readonly cost: 0 | 1 | 2;
  /** `undefined`: only `read` can tell. */
  readonly quick: (candidate: Candidate) => boolean | undefined;
  readonly read: (reading: Reading) => Promise<boolean>;
}

function state(quick: (candidate: Candidate) => boolean): Test {
  // Never read: the state has decided.
  return { cost: 0, quick, read: () => Promise.resolve(false) };
}

/** The fields of that name (in lower case) have that text somewhere. */
function fieldHas(header: string, name: string, text: string): boolean {
  const start = `\n${name}:`;
  for (let at = header.indexOf(start); at >= 0; at = header.indexOf(start, at + 1)) {
    const end = header.indexOf('\n', at + 1);
    if (header.slice(at + start.length, end < 0 ? undefined : end).includes(text)) return true;
  }
  return false;
}

/** The fields of the trace lines that an account's copy begins with. */
const TRACE = new Set(['return-path', 'delivered-to', 'received']);

const headerTest = (name: string, text: string): Test => ({
  cost: 1,
  quick: () => undefined,
  read: async (reading) => fieldHas(await reading.header(TRACE.has(name)), name, text),
});

/** What the facts, which have names and addresses alone, do not show. */
const SYNTAX = /[<>"():;,\\]/;

/** Facts have no names of groups, no comments, and a hundred addresses at most; of senders they have all that is ever looked for. */
function addressTest(field: AddressField, text: string): Test {
  const unsure = field !== 'from' || SYNTAX.test(text);
  return {
    cost: 1,
    quick({ entry: { kept } }) {
      if (partIncludes(kept, field, text)) return true;
      return unsure || kept.message.header.from.length === 0 ? undefined : false;
    },
    read: headerTest(field, text).read,
  };
}

function subjectTest(text: string): Test {
  const spaced = text.includes(' ');
  return state(
    ({ entry: { kept } }) =>
      partIncludes(kept, 'subject', text) || (spaced && foldedPart(kept, 'subject').replace(/\s+/g, ' ').includes(text)),
  );
}

/** False only where the text parts, attached ones as well, cannot have it. */
function bodyMayHave({ signatures }: Scope, text: string): (entry: Entry) => boolean {
  const trigrams = [...new Set(trigramsOf(text))];
  return ({ kept }) => kept.indexed?.attachments !== 0 || signatures.mayContain(kept.message.id, trigrams);
}

function bodyTest(text: string, scope: Scope): Test {
  if (text === '') return state(() => true);
  const mayHave = bodyMayHave(scope, text);
  return { cost: 2, quick: ({ entry }) => (mayHave(entry) ? undefined : false), read: (reading) => reading.bodyHas(text) };
}

function textTest(text: string, scope: Scope): Test {
  if (text === '') return state(() => true);
  const mayHave = bodyMayHave(scope, text);
  return {
    cost: 2,
    // The sender and the recipients of the envelope stand there too, but in no header.
    quick: ({ entry: { kept } }) =>
      foldedOf(kept).includes(text) && (['subject', 'from', 'to', 'cc', 'bcc'] as const).some((part) => partIncludes(kept, part, text))
        ? true
        : undefined,
    read: async (reading) => (await reading.header(true)).includes(text) || (mayHave(reading.entry) && (await reading.bodyHas(text))),
  };
}

/** A zone can move a date by so much from its time in UTC. */
const ZONE = 15 * 60 * 60 * 1000;

/** The day that a Date field names, in its own zone (RFC 9051 §6.4.4: "disregarding time and timezone"). */
function dayWritten(header: string, time: number): number {
  const [, sign = '+', hours = '0', minutes = '0'] = /\ndate:[^\n]*?\d:\d\d(?::\d\d)?[^\n]*?\s([+-])(\d\d)(\d\d)\b/.exec(header) ?? [];
  return time + Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function sentTest(from: number, to: number): Test {
  const within = (time: number): boolean => time >= from && time < to;
  return {
    cost: 1,
    quick({ entry: { kept } }) {
      const { date } = kept.message.header;
      if (date === null || date + ZONE < from || date - ZONE >= to) return false;
      return date - ZONE >= from && date + ZONE < to ? true : undefined;
    },
    read: async (reading) => within(dayWritten(await reading.header(false), reading.entry.kept.message.header.date ?? NaN)),
  };
}

function dateTest({ of, from, to }: Extract<Key, { kind: 'date' }>): Test {
  if (of === 'sent') return sentTest(from, to);
  const timeOf = of === 'internal' ? (entry: Entry) => entry.internalDate : (entry: Entry) => entry.savedAt;
  return state(({ entry }) => timeOf(entry) >= from && timeOf(entry) < to);
}

/** `decisive` is the verdict that ends the matter: false for `and`, true for `or`. */
function listTest(tests: readonly Test[], decisive: boolean): Test {
  const cheapFirst = [...tests].sort((a, b) => a.cost - b.cost);
  return {
    cost: cheapFirst.at(-1)?.cost ?? 0,
    quick(candidate) {
      let open = false;
      for (const test of cheapFirst) {
        const verdict = test.quick(candidate);
        if (verdict === decisive) return decisive;
        if (verdict === undefined) open = true;
      }
      return open ? undefined : !decisive;
    },
    async read(reading) {
      for (const test of cheapFirst) if ((await decide(test, reading)) === decisive) return decisive;
      return !decisive;
    },
  };
}

const decide = async (test: Test, reading: Reading): Promise<boolean> => test.quick(reading) ?? test.read(reading);

function notTest(inner: Test): Test {
  return {
    cost: inner.cost,
    quick(candidate) {
      const verdict = inner.quick(candidate);
      return verdict === undefined ? undefined : !verdict;
    },
    read: async (reading) => !(await inner.read(reading)),
  };
}

/** Makes a key ready to be asked of many messages; throws ParseError for a set that is none. */
export function testFor(key: Key, scope: Scope): Test {
  switch (key.kind) {
    case 'and':
    case 'or':
      return listTest(
        key.keys.map((each) => testFor(each, scope)),
        key.kind === 'or',
      );
    case 'not':
      return notTest(testFor(key.key, scope));
    case 'set': {
      const ranges = scope.ranges(key.set, key.byUid);
      return state(key.byUid ? ({ entry }) => inSet(ranges, entry.uid) : ({ number }) => inSet(ranges, number));
    }
    case 'flag':
      return state(({ entry: { flags } }) => flags.some((flag) => flag.toLowerCase() === key.flag));
    case 'recent':
      return state(({ entry }) => scope.isRecent(entry.uid));
    case 'address':
      return addressTest(key.field, key.text);
    case 'subject':
      return subjectTest(key.text);
    case 'body':
      return bodyTest(key.text, scope);
    case 'text':
      return textTest(key.text, scope);
    case 'header':
      return headerTest(key.name, key.text);
    case 'date':
      return dateTest(key);
    case 'larger':
      return state(({ entry }) => servedSize(entry, scope.traceHeaders) > key.size);
    case 'smaller':
      return state(({ entry }) => servedSize(entry, scope.traceHeaders) < key.size);
    case 'older':
      return state(({ entry }) => entry.internalDate <= scope.now - key.age);
    case 'younger':
      return state(({ entry }) => entry.internalDate >= scope.now - key.age);
    case 'modseq':
      return state(({ entry }) => entry.modseq >= key.modseq);
    case 'emailid':
      return state(({ entry }) => emailId(entry.kept.message.id) === key.id);
    case 'threadid':
      return { cost: 1, quick: () => undefined, read: async ({ entry }) => (await scope.threadIdOf(entry)) === key.id };
  }
}
