// The header by which a proxy says whom it speaks for (PROXY protocol, versions 1 and 2). Pure.

import { isIP } from 'node:net';
import { ParseError } from '../base/errors.ts';

export interface ProxyHeader {
  /** Null where the proxy speaks for itself, or does not know. */
  readonly client: { readonly address: string; readonly port: number } | null;
  /** Octets of the header. */
  readonly length: number;
}

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const LINE_START = Buffer.from('PROXY ');
/** Of version 1 with its line end. */
const LONGEST_LINE = 107;
const FIXED = 16;
/** Addresses and what may follow them; TLVs of real proxies are some hundred octets. */
const LONGEST_REST = 4_096;

const LINE = /^PROXY (?:(UNKNOWN)(?: .*)?|TCP([46]) (\S+) (\S+) (\d{1,5}) (\d{1,5}))$/;

const startsAlike = (octets: Buffer, wanted: Buffer): boolean => {
  const length = Math.min(octets.length, wanted.length);
  return octets.subarray(0, length).equals(wanted.subarray(0, length));
};

function fail(message: string, column = 1): never {
  throw new ParseError(message, column);
}

function readLine(octets: Buffer): ProxyHeader | null {
  const end = octets.subarray(0, LONGEST_LINE).indexOf('\r\n');
  if (end < 0) return octets.length < LONGEST_LINE ? null : fail('the PROXY line is too long', LONGEST_LINE);
  const [line, unknown, family, source = '', destination = '', from, to] = LINE.exec(octets.toString('latin1', 0, end)) ?? [];
  if (line === undefined) fail('the PROXY line is malformed');
  const length = end + 2;
  if (unknown !== undefined) return { client: null, length };
  if (![source, destination].every((address) => String(isIP(address)) === family)) fail('the PROXY line has a bad address');
  if (Number(from) > 65_535 || Number(to) > 65_535) fail('the PROXY line has a bad port');
  return { client: { address: source, port: Number(from) }, length };
}

function ipv6(octets: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, i) => octets.readUInt16BE(i * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

/** By family and transport: octets of one address, and how it is written. */
const FAMILIES: ReadonlyMap<number, readonly [octets: number, write: (octets: Buffer) => string]> = new Map([
  [0x11, [4, (octets: Buffer) => octets.join('.')]],
  [0x21, [16, ipv6]],
]);

function readBinary(octets: Buffer): ProxyHeader | null {
  if (octets.length < FIXED) return null;
  const [command, kind, rest] = [octets.readUInt8(12), octets.readUInt8(13), octets.readUInt16BE(14)];
  if (command >> 4 !== 2) fail('the PROXY header is of an unknown version', 13);
  if ((command & 15) > 1) fail('the PROXY header has an unknown command', 13);
  if (rest > LONGEST_REST) fail('the PROXY header is too long', 15);
  const length = FIXED + rest;
  if (octets.length < length) return null;
  // LOCAL: the proxy asks for itself, whether we are alive.
  if ((command & 15) === 0) return { client: null, length };
  const family = FAMILIES.get(kind);
  if (family === undefined) return { client: null, length };
  const [size, write] = family;
  if (rest < size * 2 + 4) fail('the PROXY header has no room for its addresses', 15);
  return { client: { address: write(octets.subarray(FIXED, FIXED + size)), port: octets.readUInt16BE(FIXED + size * 2) }, length };
}

/** Null while more octets are needed. Throws ParseError where they are no header: nothing may come before it. */
export function readProxyHeader(octets: Buffer): ProxyHeader | null {
  if (octets.length === 0) return null;
  if (startsAlike(octets, LINE_START)) return readLine(octets);
  return startsAlike(octets, SIGNATURE) ? readBinary(octets) : fail('a PROXY header is missing');
}
