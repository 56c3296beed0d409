// Where in a message text stands as it is: there a word is found without decoding anything.

import { bounded } from '../../base/bounded.ts';
import type { Bounded } from '../../base/bounded.ts';
import type { MessageId } from '../../mail/message.ts';
import { allParts, parseMime } from '../../mail/mime.ts';
import type { MimePart } from '../../mail/mime.ts';
import type { Store } from '../../store/store.ts';

/** Offsets in the raw message, in pairs: a start, and an end that is exclusive. */
type Ranges = readonly number[];

/** Octets that the ranges may take in memory: those of some 60,000 messages. */
const LIMIT = 8 * 1024 * 1024;

const memories = new WeakMap<Store, Bounded<MessageId, Ranges>>();

function memoryOf(store: Store): Bounded<MessageId, Ranges> {
  const memory = memories.get(store) ?? bounded<MessageId, Ranges>(LIMIT);
  memories.set(store, memory);
  return memory;
}

/** A message of more octets is looked at in slices only. */
const LONG = 1024 * 1024;

const IDENTITY = new Set(['7bit', '8bit', 'binary']);

/** In these a letter of ASCII is the octet of that letter, and the octet is nothing else. */
const ASCII_IN_IT = /^(?:us-ascii|utf-8|iso-8859-\d+|windows-125\d)$/i;

/** HTML is looked for without its tags. */
const isPlain = ({ type, subtype, encoding, parameters }: MimePart): boolean =>
  type === 'text' && subtype !== 'html' && IDENTITY.has(encoding) && ASCII_IN_IT.test(parameters['charset'] ?? 'us-ascii');

function plainRanges(raw: Buffer): Ranges {
  return [...allParts(parseMime(raw))].filter(isPlain).flatMap(({ bodyStart, bodyEnd }) => [bodyStart, bodyEnd]);
}

/** True where a text part has `text`, which is in lower case, as it stands; false says nothing. */
export function standsIn(store: Store, id: MessageId, raw: Buffer, text: string): boolean {
  if (raw.length > LONG || /[^\x20-\x7e]/.test(text)) return false;
  const lowered = raw.toString('latin1').toLowerCase();
  let at = lowered.indexOf(text);
  if (at < 0) return false;
  const memory = memoryOf(store);
  let ranges = memory.get(id);
  if (ranges === undefined) memory.set(id, (ranges = plainRanges(raw)), 100 + ranges.length * 8);
  for (let i = 0; i < ranges.length; i += 2) {
    at = lowered.indexOf(text, ranges[i]);
    if (at < 0) return false;
    if (at + text.length <= (ranges[i + 1] ?? 0)) return true;
  }
  return false;
}
