// What an answer begins with: to whom, under which subject, in which thread, with what quoted (RFC 5322 §3.6.3, §3.6.4).

import type { Address, Header, MessageDetail } from '../../../server/http/contract/types.ts';
import type { HeaderRow, Written } from '../../state/written.ts';
import { readAddresses, writeAddress } from './addresses.ts';

export type Answered = Pick<MessageDetail, 'from' | 'to' | 'headers' | 'envelope' | 'subject' | 'text' | 'html' | 'receivedAt'>;

/** Words that a page may say in its own language. */
export interface AnswerWords {
  attribution(time: string, who: string): string;
  readonly forwarded: string;
}

/** More of a text than this is not quoted, characters. */
const QUOTED = 100_000;
/** `Re:`, and what other programs write in its place, with a count as some have it. */
const RE = /^\s*(?:re|aw|sv|vs|antw|odp|rif|res|ref)(?:\s*\[\d+\]|\s*\(\d+\)|\^\d+)?\s*[:：]\s*/i;
const FWD = /^\s*(?:fwd?|wg|vb|vl|enc|tr|rv)(?:\s*\[\d+\])?\s*[:：]\s*/i;

/** Without any of the prefixes that it begins with. */
function bare(subject: string, prefix: RegExp): string {
  let rest = subject;
  while (prefix.test(rest)) rest = rest.replace(prefix, '');
  return rest.trim();
}

export const replySubject = (subject: string): string => `Re: ${bare(subject, RE)}`.trim();
export const forwardSubject = (subject: string): string => `Fwd: ${bare(subject, FWD)}`.trim();

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const has = (list: readonly Address[], address: string): boolean => list.some((other) => same(other.address, address));

const values = (headers: readonly Header[], name: string): string[] =>
  headers.filter((header) => same(header.name, name)).map(({ value }) => value);
const addressesIn = (headers: readonly Header[], name: string): Address[] => values(headers, name).flatMap(readAddresses);
const idsIn = (headers: readonly Header[], name: string): string[] =>
  values(headers, name).flatMap((value) => value.match(/<[^<>\s]+>/g) ?? []);

/** The recipient that got it, with the name that it was called by; of several, one that the header names. */
export function selfOf({ headers, to, envelope }: Pick<Answered, 'headers' | 'to' | 'envelope'>): Address | undefined {
  const called = [...to, ...addressesIn(headers, 'cc')];
  const [first, ...others] = envelope.recipients;
  if (first === undefined) return undefined;
  const self = [first, ...others].find((recipient) => has(called, recipient)) ?? first;
  return called.find(({ address }) => same(address, self)) ?? { name: '', address: self };
}

/** Null senders are never answered (RFC 5321 §4.5.5). */
function authorsOf({ headers, from, envelope }: Answered): Address[] {
  if (envelope.sender === '') return [];
  const replyTo = addressesIn(headers, 'reply-to');
  return replyTo.length > 0 ? replyTo : [...from];
}

function without(list: readonly Address[], ...known: readonly (readonly Address[])[]): Address[] {
  const left: Address[] = [];
  for (const address of list) if (![left, ...known].some((others) => has(others, address.address))) left.push(address);
  return left;
}

/** The thread: what the answered message refers to, and then itself. */
export function thread(headers: readonly Header[]): HeaderRow[] {
  const [own] = idsIn(headers, 'message-id');
  const inReplyTo = idsIn(headers, 'in-reply-to');
  const references = idsIn(headers, 'references');
  const before = references.length > 0 ? references : inReplyTo.length === 1 ? inReplyTo : [];
  const all = [...new Set(own === undefined ? before : [...before.filter((id) => id !== own), own])];
  return [
    ...(own === undefined ? [] : [{ name: 'In-Reply-To', value: own }]),
    ...(all.length === 0 ? [] : [{ name: 'References', value: all.join(' ') }]),
  ];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The words of an HTML mail, good enough to be quoted; it only ever becomes text. */
export const wordsOf = (html: string): string =>
  html
    .replace(/<!--[^]*?-->|<(head|style|script|title)\b[^]*?<\/\1\s*>/gi, '')
    .replace(/\s+/g, ' ')
    .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h[1-6]|\/table|\/ul|\/ol|hr)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(x?)([0-9a-f]{1,6});/gi, (whole, hex: string, digits: string) => {
      const code = parseInt(digits, hex === '' ? 10 : 16);
      return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : whole;
    })
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => ENTITIES[name] ?? '')
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

const textOf = ({ text, html }: Answered): string =>
  (text ?? wordsOf(html ?? '')).replace(/\r\n?/g, '\n').slice(0, QUOTED).replace(/\s+$/, '');

/** Each line behind `> `; one that is quoted already only gets deeper. */
export const quote = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line === '' || line.startsWith('>') ? `>${line}` : `> ${line}`))
    .join('\n');

/** Day and time as they were here, with the offset: `31 Jan 2026 at 14:02`. */
function timeOf(receivedAt: string): string {
  const time = new Date(receivedAt);
  const day = time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
  return `${day} at ${time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
}

function replyText(message: Answered, words: AnswerWords): string {
  const who = message.from.map(writeAddress).join(', ') || message.envelope.sender;
  const text = textOf(message);
  return `\n\n${words.attribution(timeOf(message.receivedAt), who)}\n${text === '' ? '' : `${quote(text)}\n`}`;
}

const SHOWN = ['From', 'Date', 'Subject', 'To', 'Cc'];

function forwardText(message: Answered, words: AnswerWords): string {
  const fields = SHOWN.flatMap((name) => values(message.headers, name).map((value) => `${name}: ${value}`));
  return `\n\n${words.forwarded}\n${fields.join('\n')}\n\n${textOf(message)}\n`;
}

/** What the form holds before anybody writes. */
export function answer(kind: 'reply' | 'reply-all' | 'forward', message: Answered, words: AnswerWords): Written {
  const self = selfOf(message);
  const begun = { from: self ? writeAddress(self) : '', to: [], cc: [], bcc: [], html: null, headers: [] };
  if (kind === 'forward') return { ...begun, subject: forwardSubject(message.subject), text: forwardText(message, words) };
  const authors = without(authorsOf(message));
  const me = self ? [self] : [];
  const all = kind === 'reply-all';
  const to = all ? [...authors, ...without(message.to, authors, me)] : authors;
  return {
    ...begun,
    to,
    cc: all ? without(addressesIn(message.headers, 'cc'), to, me) : [],
    subject: replySubject(message.subject),
    text: replyText(message, words),
    headers: thread(message.headers),
  };
}
