// What EHLO offers, and what follows for commands where a fault has left out or added something (RFC 5321 §4.1.1.1).

import { lacks, offered } from '../net/offered.ts';
import type { Offer } from '../net/offered.ts';
import { mechanismsFor } from '../net/sasl.ts';
import type { Dialogue } from './dialogue.ts';
import type { EnvelopeDraft } from './parameters.ts';
import { reply } from './replies.ts';
import type { Reply } from './replies.ts';

/** The keywords of EHLO with their parameters. */
export function extensions({ connection, deps: { settings, users }, offer }: Dialogue): readonly string[] {
  const all: readonly (readonly [keyword: string, offered: boolean])[] = [
    ['PIPELINING', true],
    [`SIZE ${settings.maxMessageSize}`, true],
    ['8BITMIME', true],
    ['SMTPUTF8', true],
    ['ENHANCEDSTATUSCODES', true],
    ['DSN', true],
    ['CHUNKING', true],
    ['BINARYMIME', true],
    ['STARTTLS', connection.canStartTls],
    [`AUTH ${mechanismsFor(users).join(' ')}`, connection.secure || !settings.requireTls],
    [`LIMITS RCPTMAX=${settings.maxRecipients}`, settings.maxRecipients > 0],
    ['HELP', true],
  ];
  return offered(
    offer,
    all.filter(([, here]) => here).map(([keyword]) => keyword),
  );
}

/** The extension that a command belongs to. */
const EXTENSION_OF: ReadonlyMap<string, string> = new Map([
  ['STARTTLS', 'STARTTLS'],
  ['AUTH', 'AUTH'],
  ['BDAT', 'CHUNKING'],
]);

export function isTakenAway(offer: Offer, verb: string): boolean {
  const extension = offer === null ? undefined : EXTENSION_OF.get(verb.toUpperCase());
  return extension !== undefined && lacks(offer, extension);
}

/** The extensions that the parameters of MAIL belong to. */
const NEEDED: readonly (readonly [extension: string, used: (envelope: EnvelopeDraft) => boolean])[] = [
  ['SIZE', ({ size }) => size !== undefined],
  ['8BITMIME', ({ body }) => body !== undefined],
  ['BINARYMIME', ({ body }) => body === 'BINARYMIME'],
  ['SMTPUTF8', ({ smtputf8 }) => smtputf8 === true],
  ['DSN', ({ ret, envid }) => ret !== undefined || envid !== undefined],
];

/** The reply to a parameter of MAIL whose extension is not offered. */
export function notOffered(offer: Offer, envelope: EnvelopeDraft): Reply | null {
  if (offer === null) return null;
  const needed = NEEDED.find(([extension, used]) => used(envelope) && lacks(offer, extension));
  // SIZE is offered again where only its limit is another.
  if (needed === undefined || sizeOf(offer, needed[0]) !== undefined) return null;
  return reply(555, '5.5.4', `Parameter of ${needed[0]}, which is not offered`);
}

const sizeOf = (offer: NonNullable<Offer>, extension = 'SIZE'): string | undefined =>
  extension === 'SIZE' ? offer.add.find((added) => /^SIZE(?: \d+)?$/i.test(added)) : undefined;

/** Octets; 0 = unlimited. What is announced is kept to. */
export function sizeLimit({ offer, deps: { settings } }: Dialogue): number {
  const announced = offer === null ? undefined : sizeOf(offer);
  return announced === undefined ? settings.maxMessageSize : Number(announced.split(' ')[1] ?? 0);
}
