// Finding deliveries: the query grammar of messages, with the fields that a delivery has.

import { textTest } from '../../base/glob.ts';
import { splitAddress } from '../../mail/address.ts';
import { isOpen } from '../../mail/delivery.ts';
import type { Delivery } from '../../mail/delivery.ts';
import type { Field } from '../../store/fields.ts';
import { parseQuery } from '../../store/query.ts';
import type { Query } from '../../store/query.ts';
import { deliveryState } from '../contract/deliveries.ts';

type Test = (delivery: Delivery) => boolean;

const FIELDS: Readonly<Record<string, Field>> = {
  state: { kind: 'choice', choices: deliveryState.options },
  is: { kind: 'choice', choices: ['open', 'over'] },
  rcpt: { kind: 'address' },
  sender: { kind: 'address' },
  domain: { kind: 'domain' },
  host: { kind: 'text' },
  via: { kind: 'text' },
  receiver: { kind: 'text' },
  message: { kind: 'text' },
  fault: { kind: 'text' },
};

const lowered = (text: string | null): string => text?.toLowerCase() ?? '';

/** A full address or domain is meant as it is. */
function addressTest(value: string, isFull: RegExp): (text: string) => boolean {
  const wanted = value.toLowerCase();
  return isFull.test(wanted) ? (text) => text.toLowerCase() === wanted : (text) => textTest(wanted)(text.toLowerCase());
}

const ADDRESS = /^[^@\s*]+@[^@\s*]+$/;
const DOMAIN = /^[^*]+\.[^*]+$/;

const TESTS: Readonly<Record<string, (value: string) => Test>> = {
  text(value) {
    const test = textTest(value);
    return ({ recipient, sender, receiver, attempts }) =>
      [recipient.address, sender, receiver, ...attempts.flatMap(({ host, text }) => [host, text])].some((text) => test(lowered(text)));
  },
  state: (value) => (one) => one.state === value.toLowerCase(),
  is: (value) => (one) => isOpen(one) === (value.toLowerCase() === 'open'),
  rcpt(value) {
    const test = addressTest(value, ADDRESS);
    return ({ recipient }) => test(recipient.address);
  },
  sender(value) {
    const test = addressTest(value, ADDRESS);
    return ({ sender }) => test(sender);
  },
  domain(value) {
    const test = addressTest(value, DOMAIN);
    return ({ recipient }) => test(splitAddress(recipient.address).domain);
  },
  host(value) {
    const test = textTest(value);
    return ({ attempts, relayedBy }) =>
      attempts.some(({ host }) => test(lowered(host))) || (relayedBy !== null && test(lowered(relayedBy)));
  },
  via(value) {
    const test = textTest(value);
    return ({ via }) => via !== null && test(lowered(via));
  },
  receiver(value) {
    const test = textTest(value);
    return ({ receiver }) => test(lowered(receiver));
  },
  message: (value) => (one) => one.messageId === value,
  fault(value) {
    const test = textTest(value);
    return ({ attempts }) => attempts.some(({ faultId }) => faultId !== null && test(lowered(faultId)));
  },
};

function compile(query: Query): Test {
  if (query.kind === 'term') return (TESTS[query.field] ?? (() => () => false))(query.value);
  if (query.kind === 'not') {
    const inner = compile(query.term);
    return (one) => !inner(one);
  }
  const tests = query.terms.map(compile);
  return query.kind === 'and' ? (one) => tests.every((test) => test(one)) : (one) => tests.some((test) => test(one));
}

/** Newest first. @throws ParseError */
export function matchingDeliveries(all: ReadonlyMap<string, Delivery>, q = ''): Delivery[] {
  const test = compile(parseQuery(q, FIELDS));
  return [...all.values()].filter(test).sort((a, b) => (a.id < b.id ? 1 : -1));
}
