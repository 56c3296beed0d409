// Address lists of header fields (RFC 5322 §3.4): a quick way for the plain forms, `address-syntax.ts` for the rest.

import { readAddresses } from './address-syntax.ts';
import type { AddressGroup } from './address-syntax.ts';
import type { MailAddress } from './message.ts';
import { decodeWords } from './words.ts';

export interface AddressList {
  readonly addresses: readonly MailAddress[];
  /** All of them, also those beyond the limit. */
  readonly count: number;
}

/** How many addresses of one field are kept. */
export const ADDRESS_LIMIT = 100;

// `a@b`, `<a@b>`, `Name <a@b>`, `"Name" <a@b>`; whatever else needs the full parser.
const PLAIN =
  /^(?:(?:"([^"\\]*)"|([^"\\<>()@:;,[\]]*))\s?<([^\s<>"\\():;,[\]@]+@[^\s<>"\\():;,[\]@]+)>|([^\s<>"\\():;,[\]@]+@[^\s<>"\\():;,[\]@]+))$/;

function plain(text: string): MailAddress | null {
  const match = PLAIN.exec(text);
  if (!match) return null;
  const [, quoted, name = quoted ?? '', inner, bare = inner ?? ''] = match;
  return { name: name.trim(), address: bare };
}

const full = (text: string): MailAddress[] => readAddresses(text).flatMap((item) => ('group' in item ? item.members : [item]));

/** Cuts at the commas that separate addresses; null where a group or a comment makes that more than counting quotes. */
function split(value: string): string[] | null {
  if (!value.includes(',')) return [value];
  if (!value.includes('"')) return /[(:;[\\]/.test(value) ? null : value.split(',');
  const pieces: string[] = [];
  const stop = /"(?:[^"\\]|\\[^])*"|["(:;[\\]|,/g;
  let start = 0;
  for (let match = stop.exec(value); match; match = stop.exec(value)) {
    if (match[0].length > 1) continue;
    if (match[0] !== ',') return null;
    pieces.push(value.slice(start, match.index));
    start = match.index + 1;
  }
  pieces.push(value.slice(start));
  return pieces;
}

/** Every mailbox of the list, names not decoded. */
function readList(value: string): MailAddress[] {
  const pieces = split(value)
    ?.map((piece) => piece.trim())
    .filter((piece) => piece !== '');
  const addresses: MailAddress[] = [];
  for (const piece of pieces ?? []) {
    const address = plain(piece);
    // `Foo, PhD <a@b>` among others: a name with a bare comma is for the full parser to put together.
    if (!address) return full(value);
    addresses.push(address);
  }
  return pieces ? addresses : full(value);
}

/** The addresses of an unfolded field value, groups flattened, names decoded, at most `limit` of them. */
export function addressList(value: string, limit = ADDRESS_LIMIT): AddressList {
  const all = readList(value);
  const kept = all.length > limit ? all.slice(0, limit) : all;
  return { addresses: kept.map(({ name, address }) => ({ name: decodeWords(name), address })), count: all.length };
}

/** All that an unfolded field value lists: mailboxes, and groups with their members (RFC 5322 §3.4); names not decoded. */
export const mailboxesAndGroups = (value: string): readonly (MailAddress | AddressGroup)[] =>
  value.includes(':') ? readAddresses(value) : readList(value);
