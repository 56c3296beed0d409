// Finds the rules that a point may meet without asking all: each is filed under a word that the point must have.

import { domainToUnicode } from 'node:url';
import { memo } from '../base/memo.ts';
import { networkList } from '../base/networks.ts';
import { decodeWords } from '../mail/words.ts';
import type { FaultPoint } from './decide.ts';
import type { Match, TextMatch } from './fault.ts';
import { addressOf, recipientsOf } from './matching.ts';

/** The words of a point that a rule can be filed under; `filed` are those that any rule is. */
type WordsOf = (point: FaultPoint) => readonly string[];

const NONE: readonly string[] = [];

const domainWord = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

const localWord = (address: string): string => address.slice(0, Math.max(0, address.indexOf('@'))).toLowerCase();

/** A domain is the same in both its forms. */
function domainWords(address: string): readonly string[] {
  const word = domainWord(address);
  return word.includes('xn--') ? [word, domainToUnicode(word).toLowerCase()] : [word];
}

const wordOf = (text: string | null): readonly string[] => (text === null ? NONE : [text.toLowerCase()]);

/** One look where there is one recipient, as nearly always. */
function ofRecipients(words: (address: string) => readonly string[]): WordsOf {
  return (point) => (point.recipient === null ? recipientsOf(point).flatMap(words) : words(point.recipient));
}

function networksAround(filed: readonly string[]): WordsOf {
  const lists = filed.map((network) => ({ network, has: networkList([network]) }));
  // Dear, and clients are few.
  const around = memo((address): readonly string[] => lists.filter(({ has }) => has(address)).map(({ network }) => network));
  return ({ client }) => around(addressOf(client));
}

function headerWords(filed: readonly string[]): WordsOf {
  const names = [...new Set(filed.map((word) => word.slice(0, word.indexOf(':'))))];
  return ({ valuesOf }) =>
    names.flatMap((name) => valuesOf(name).flatMap((value) => [value, decodeWords(value)].map((one) => `${name}:${one.toLowerCase()}`)));
}

/** By what is filed, what costs least first. */
const KINDS = {
  domain: () => ofRecipients(domainWords),
  recipient: () => ofRecipients((address) => [localWord(address)]),
  sender:
    () =>
    ({ sender }) =>
      sender === null ? NONE : [localWord(sender)],
  senderDomain:
    () =>
    ({ sender }) =>
      sender === null ? NONE : [domainWord(sender)],
  user:
    () =>
    ({ user }) =>
      wordOf(user),
  mailbox:
    () =>
    ({ mailbox }) =>
      wordOf(mailbox),
  client: networksAround,
  helo:
    () =>
    ({ helo }) =>
      wordOf(helo),
  header: headerWords,
} as const satisfies Readonly<Record<string, (filed: readonly string[]) => WordsOf>>;

type Kind = keyof typeof KINDS;

const isGlob = (text: string): boolean => /[*?]/.test(text);

/** The whole text where it is known. */
function whole(match: TextMatch | undefined): string | undefined {
  if (typeof match === 'string') return isGlob(match) ? undefined : match.toLowerCase();
  return match !== undefined && 'equals' in match ? match.equals.toLowerCase() : undefined;
}

/** What an address must have before its first, and behind its last `@`. */
function sides(match: TextMatch | undefined): { readonly local?: string; readonly domain?: string } {
  const text = typeof match === 'string' ? match : whole(match);
  if (!text?.includes('@')) return {};
  const [local, domain] = [localWord(text), domainWord(text)];
  const literal = typeof match !== 'string';
  return { ...((literal || !isGlob(local)) && { local }), ...((literal || !isGlob(domain)) && { domain }) };
}

/** Where a rule is filed; undefined for one that must always be asked. */
export function placeOf(match: Match = {}): readonly [Kind, string] | undefined {
  const [recipient, sender] = [sides(match.recipient), sides(match.sender)];
  const [field] = Object.entries(match.header ?? {}).flatMap(([name, value]) => {
    const word = whole(value);
    return word === undefined ? [] : [`${name.toLowerCase()}:${word}`];
  });
  const words: Readonly<Record<Kind, string | undefined>> = {
    domain: whole(match.domain) ?? recipient.domain,
    recipient: recipient.local,
    sender: sender.local,
    senderDomain: sender.domain,
    user: whole(match.user),
    mailbox: whole(match.mailbox),
    client: match.clientIp,
    helo: whole(match.helo),
    header: field,
  };
  return (Object.entries(words) as [Kind, string | undefined][]).flatMap(([kind, word]) => (word ? [[kind, word] as const] : []))[0];
}

/** Of rules in their order: those that a point may meet, in the same order. */
export function file<R>(rules: readonly R[], matchOf: (rule: R) => Match | undefined): (point: FaultPoint) => readonly R[] {
  const always: R[] = [];
  const drawers = new Map<Kind, Map<string, R[]>>();
  for (const rule of rules) {
    const place = placeOf(matchOf(rule));
    if (place === undefined) {
      always.push(rule);
      continue;
    }
    const [kind, word] = place;
    const drawer = drawers.get(kind) ?? new Map<string, R[]>();
    drawers.set(kind, drawer.set(word, [...(drawer.get(word) ?? []), rule]));
  }
  const files = [...drawers].map(([kind, drawer]) => ({ drawer, wordsOf: KINDS[kind]([...drawer.keys()]) }));
  const order = new Map(rules.map((rule, i) => [rule, i]));
  return (point) => {
    let found: Set<R> | null = null;
    for (const { drawer, wordsOf } of files) {
      for (const word of wordsOf(point)) {
        const here = drawer.get(word);
        if (here === undefined) continue;
        found ??= new Set(always);
        for (const rule of here) found.add(rule);
      }
    }
    return found === null ? always : [...found].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  };
}
