// Reads addresses as people type and paste them, and writes them as the header of a message has them.

import type { Address } from '../../../server/http/contract/types.ts';

/** A quoted name, an address in brackets, a separator, or what stands between those. */
const TOKEN = /"(?:[^"\\]|\\.)*"|<[^>]*>|[,;\r\n]|[^",;\r\n<]+|["<]/g;
const NAMED = /^(.*?)\s*<\s*([^<>]*?)\s*>$/s;
/** The old form `jo@shop.test (Jo)`. */
const COMMENTED = /^(\S+@\S+)\s+\(([^()]*)\)$/;
// Wide on purpose: what may really be sent is the server's to say.
const ADDRESS = /^(?:"(?:[^"\\]|\\.)*"|[^\s"(),:;<>@[\]\\]+)@(?:\[[^\s[\]]+\]|[^\s"(),:;<>@[\]\\]+)$/;

export const isAddress = (text: string): boolean => ADDRESS.test(text);

function split(text: string, separators: string): string[] {
  const pieces = [''];
  for (const [token] of text.matchAll(TOKEN)) {
    if (separators.includes(token)) pieces.push('');
    else pieces.push((pieces.pop() ?? '') + token);
  }
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== '');
}

/** `Müller, Jo <jo@shop.test>` is one person, though the comma should have been quoted. */
function joinNames(pieces: readonly string[]): string[] {
  const joined: string[] = [];
  let names: string[] = [];
  for (const piece of pieces) {
    if (!piece.includes('@')) names.push(piece);
    else {
      if (NAMED.test(piece)) joined.push([...names, piece].join(', '));
      else joined.push(...names, piece);
      names = [];
    }
  }
  return [...joined, ...names];
}

const unquoted = (name: string): string =>
  name
    .replace(/^"(.*)"$/s, '$1')
    .replace(/\\(.)/g, '$1')
    .trim();

function readOne(piece: string): Address[] {
  const [, name, inner] = NAMED.exec(piece) ?? [];
  if (name !== undefined && inner !== undefined) return [{ name: unquoted(name), address: inner }];
  const [, address, comment] = COMMENTED.exec(piece) ?? [];
  if (address !== undefined && comment !== undefined) return [{ name: comment.trim(), address }];
  const words = piece.split(/\s+/);
  return words.every(isAddress) ? words.map((word) => ({ name: '', address: word })) : [{ name: '', address: piece }];
}

/** Everybody that a text names, separated by commas, semicolons or line ends; what is no address comes as one that `isAddress` denies. */
export const readAddresses = (text: string): Address[] =>
  split(text, ';\r\n')
    .flatMap((group) => joinNames(split(group, ',')))
    .flatMap(readOne);

/** `Name <jo@shop.test>`, the name quoted where it must be (RFC 5322 §3.4). */
export function writeAddress({ name, address }: Address): string {
  const shown = name.replace(/\p{Cc}+/gu, ' ').trim();
  if (shown === '') return address;
  return `${/[^\p{L}\p{M}\p{N} !#$%&'*+\-/=?^_`{|}~]/u.test(shown) ? `"${shown.replace(/["\\]/g, '\\$&')}"` : shown} <${address}>`;
}

/** The account that an address belongs to: without `+tag`, in lower case. */
export function accountOf(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const plus = local.startsWith('"') ? -1 : local.lastIndexOf('+');
  return `${plus > 0 ? local.slice(0, plus) : local}${address.slice(at)}`.toLowerCase().normalize('NFC');
}
