// Whom a rule meets: its `match` made ready to be asked of many points.

import { domainToUnicode } from 'node:url';
import { globTest } from '../base/glob.ts';
import { memo } from '../base/memo.ts';
import { networkList } from '../base/networks.ts';
import { splitAddress } from '../mail/address.ts';
import { decodeWords } from '../mail/words.ts';
import type { FaultPoint } from './decide.ts';
import type { Match, TextMatch } from './fault.ts';
import { regexTest } from './safe-regex.ts';

export type Matcher = (point: FaultPoint) => boolean;

export function textTest(match: TextMatch): (text: string) => boolean {
  if (typeof match === 'string') return globTest(match);
  if ('regex' in match) return regexTest(match.regex);
  if ('contains' in match) {
    const part = match.contains.toLowerCase();
    return (text) => text.toLowerCase().includes(part);
  }
  const whole = match.equals.toLowerCase();
  return (text) => text.toLowerCase() === whole;
}

export const domainOf = (address: string): string => splitAddress(address).domain;

/** Of an address; a domain is the same in both its forms (RFC 5890 §2.3.2.1). */
export function domainTest(match: TextMatch): (address: string) => boolean {
  const test = textTest(match);
  return (address) => {
    const domain = domainOf(address);
    return test(domain) || (/xn--/i.test(domain) && test(domainToUnicode(domain)));
  };
}

/** The address of a client, without its port and the brackets of IPv6. */
export function addressOf(client: string): string {
  const colon = client.lastIndexOf(':');
  return client.startsWith('[') ? client.slice(1, colon - 1) : client.slice(0, colon < 0 ? undefined : colon);
}

/** From DATA on a recipient is any of those that were taken. */
export const recipientsOf = ({ recipient, recipients }: FaultPoint): readonly string[] => (recipient === null ? recipients : [recipient]);

/** ms in which the one of many texts is looked for: each may be hard to compare, and a message can have thousands. */
const PATIENCE = 100;

/** The first that passes; what is not found in time is none. */
export function firstOf<T>(all: readonly T[], test: (one: T) => boolean): T | undefined {
  const until = performance.now() + PATIENCE;
  return all.find((one) => performance.now() < until && test(one));
}

const anyRecipient =
  (test: (address: string) => boolean): Matcher =>
  ({ recipient, recipients }) =>
    recipient === null ? firstOf(recipients, test) !== undefined : test(recipient);

function headerTests(header: Readonly<Record<string, TextMatch>>): Matcher[] {
  return Object.entries(header).map(([name, match]) => {
    const test = textTest(match);
    const wanted = name.toLowerCase();
    return ({ valuesOf }) => firstOf(valuesOf(wanted), (value) => test(value) || test(decodeWords(value))) !== undefined;
  });
}

/** Null where everybody is met. */
export function matcherOf(match: Match = {}): Matcher | null {
  const tests: Matcher[] = [];
  const { sender, recipient, domain, clientIp, helo, user, header, subject, size, mailbox } = match;
  const texts = { sender, helo, user, mailbox } as const;
  for (const name of ['sender', 'helo', 'user', 'mailbox'] as const) {
    const wanted = texts[name];
    if (wanted === undefined) continue;
    const test = textTest(wanted);
    tests.push((point) => point[name] !== null && test(point[name]));
  }
  if (recipient !== undefined) {
    tests.push(anyRecipient(textTest(recipient)));
  }
  if (domain !== undefined) {
    tests.push(anyRecipient(domainTest(domain)));
  }
  if (clientIp !== undefined) {
    // Far dearer than all other tests, and clients are few.
    const within = memo(networkList([clientIp]));
    tests.push(({ client }) => within(addressOf(client)));
  }
  if (size !== undefined) {
    const { over = -1, under = Infinity } = size;
    tests.push((point) => point.size !== null && point.size > over && point.size < under);
  }
  if (subject !== undefined) {
    const test = textTest(subject);
    tests.push((point) => test(point.header?.subject ?? ''));
  }
  if (header !== undefined) tests.push(...headerTests(header));
  const [only] = tests;
  if (tests.length < 2) return only ?? null;
  return (point) => tests.every((test) => test(point));
}
