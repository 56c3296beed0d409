// The trace fields that a final server puts before a message (RFC 5321 §4.4).

import { formatDate } from './date.ts';
import type { EnvelopeRecipient, Message, Origin } from './message.ts';

/** One handing over, as a Received field tells it. */
export interface Hop {
  readonly origin: Origin;
  readonly id: string;
  /** Named only where it was the single recipient, so that nobody learns of the others. */
  readonly recipient: string | null;
  /** ms since 1970. */
  readonly at: number;
}

/** See Hop.recipient. */
export const singleOf = ([first, ...others]: readonly EnvelopeRecipient[]): string | null =>
  first !== undefined && others.length === 0 ? first.address : null;

const WIDTH = 77;

/** Nothing that a client said may start a new field or a comment of its own. */
const clean = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
const word = (text: string): string => clean(text).replace(/[\s()<>;\\"]/g, '?') || 'unknown';

/** `192.0.2.1:5000` as `[192.0.2.1]`, `[::1]:5000` as `[IPv6:::1]` (RFC 5321 §4.1.3). */
function literal(client: string): string {
  const address = client.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return `[${address.includes(':') ? 'IPv6:' : ''}${word(address)}]`;
}

/** Joins with spaces and folds before a clause that would pass the width. */
function fold(clauses: readonly string[]): string {
  const lines: string[] = [];
  for (const clause of clauses) {
    const line = lines[lines.length - 1];
    if (line !== undefined && line.length + 1 + clause.length <= WIDTH) lines[lines.length - 1] = `${line} ${clause}`;
    else lines.push(line === undefined ? clause : `\t${clause}`);
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** When it came, by the clock of the sandbox. */
export const datedOf = ({ receivedAt, clockOffset = 0 }: Message): number => receivedAt + clockOffset;

/** One Received field with its line end. */
export function received({ origin, id, recipient, at }: Hop): string {
  const clauses: string[] = [];
  const address = origin.client === null ? null : literal(origin.client);
  if (origin.helo !== null) clauses.push(`from ${word(origin.helo)}`, ...(address ? [`(${address})`] : []));
  else if (address) clauses.push(`from ${address}`);
  clauses.push(`by ${word(origin.by)}`, `with ${word(origin.protocol)}`, `id ${word(id)}`);
  if (recipient !== null) clauses.push(`for <${clean(recipient)}>`);
  clauses[0] = `Received: ${clauses[0]}`;
  clauses[clauses.length - 1] += ';';
  return fold([...clauses, formatDate(at)]);
}

/**
 * What an account's copy has before the raw bytes: Return-Path, a Delivered-To for each of its recipients, and Received, newest first. `hops` are the
 * receiver's hosts that took it, in this order, where a message came through our own queue.
 */
export function tracePrefix(message: Message, deliveredTo: readonly string[], hops: readonly Hop[] = []): string {
  const submitted: Hop = {
    origin: message.origin,
    id: message.id,
    recipient: singleOf(message.envelope.recipients),
    at: datedOf(message),
  };
  return (
    `Return-Path: <${clean(message.envelope.sender)}>\r\n` +
    deliveredTo.map((address) => `Delivered-To: ${clean(address)}\r\n`).join('') +
    [submitted, ...hops].reverse().map(received).join('')
  );
}
