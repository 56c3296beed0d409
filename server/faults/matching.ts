// Whom a rule meets: its `match` made ready to be asked of many points.

import { networkList } from '../base/networks.ts';
import type { FaultPoint } from './decide.ts';
import type { Match, TextMatch } from './fault.ts';

export type Matcher = (point: FaultPoint) => boolean;

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A glob for the whole text, in any case; `*` is any run of characters, `?` one. Walks without trying back more than the last star. */
export function globTest(pattern: string): (text: string) => boolean {
  const wanted = pattern.toLowerCase();
  if (!/[*?]/.test(wanted)) return (text) => text.toLowerCase() === wanted;
  return (text) => {
    const given = text.toLowerCase();
    let [at, p, star, mark] = [0, 0, -1, 0];
    while (at < given.length) {
      if (p < wanted.length && (wanted[p] === '?' || wanted[p] === given[at])) {
        at++;
        p++;
      } else if (wanted[p] === '*') {
        star = p++;
        mark = at;
      } else if (star >= 0) {
        p = star + 1;
        at = ++mark;
      } else return false;
    }
    while (wanted[p] === '*') p++;
    return p === wanted.length;
  };
}

export function textTest(match: TextMatch): (text: string) => boolean {
  if (typeof match === 'string') return globTest(match);
  if ('regex' in match) {
    const regex = new RegExp(match.regex, 'iu');
    return (text) => regex.test(text);
  }
  if ('contains' in match) return (text) => text.toLowerCase().includes(match.contains.toLowerCase());
  const equal = new RegExp(`^${literal(match.equals)}$`, 'iu');
  return (text) => equal.test(text);
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

/** The address of a client, without its port. */
export const addressOf = (client: string): string => client.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');

/** From DATA on a recipient is any of those that were taken. */
export const recipientsOf = ({ recipient, recipients }: FaultPoint): readonly string[] => (recipient === null ? recipients : [recipient]);

function headerTests(header: Readonly<Record<string, TextMatch>>): Matcher[] {
  return Object.entries(header).map(([name, match]) => {
    const test = textTest(match);
    const wanted = name.toLowerCase();
    return ({ fields }) => fields?.some((field) => field.name.toLowerCase() === wanted && test(field.value)) ?? false;
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
    const test = textTest(recipient);
    tests.push((point) => recipientsOf(point).some(test));
  }
  if (domain !== undefined) {
    const test = textTest(domain);
    tests.push((point) => recipientsOf(point).some((address) => test(domainOf(address))));
  }
  if (clientIp !== undefined) {
    const within = networkList([clientIp]);
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
  return tests.length === 0 ? null : (point) => tests.every((test) => test(point));
}
