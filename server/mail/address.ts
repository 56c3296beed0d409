// Addresses as the protocol writes them (RFC 5321 §4.1.2), and the account that an address belongs to.

import { isIPv4, isIPv6 } from 'node:net';
import { domainToUnicode } from 'node:url';
import { ParseError } from '../base/errors.ts';
import { memo } from '../base/memo.ts';

/** Sizes in octets, RFC 5321 §4.5.3.1. */
export interface PathLimits {
  readonly local: number;
  readonly domain: number;
  /** Of the whole path with its angle brackets, without a source route. */
  readonly path: number;
}

export const PATH_LIMITS: PathLimits = { local: 64, domain: 255, path: 256 };

export interface Path {
  /** Without angle brackets and source route, case kept; empty for the null sender. */
  readonly address: string;
  /** What follows the path: the ESMTP parameters. */
  readonly rest: string;
}

// RFC 5322 atext plus all that is not ASCII (RFC 6531 §3.3); dots may stand anywhere, as real mailboxes have them so.
const ATOMS = /[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.\u0080-\uffff]+/y;
const QUOTED = /"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])*"/uy;
const LITERAL = /\[[\x21-\x5a\x5e-\x7e]*\]/y;
const DOMAIN =
  /[A-Za-z0-9_\u0080-\uffff](?:[A-Za-z0-9_\-\u0080-\uffff]*[A-Za-z0-9_\u0080-\uffff])?(?:\.[A-Za-z0-9_\u0080-\uffff](?:[A-Za-z0-9_\-\u0080-\uffff]*[A-Za-z0-9_\u0080-\uffff])?)*/y;

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

const octets = (text: string): number => Buffer.byteLength(text);

function checkLiteral(literal: string, at: number): void {
  const inner = literal.slice(1, -1);
  const colon = inner.indexOf(':');
  const good = colon < 0 ? isIPv4(inner) : /^ipv6:/i.test(inner) ? isIPv6(inner.slice(5)) : /^[a-z0-9-]*[a-z0-9]:.+$/i.test(inner);
  if (!good) throw new ParseError('bad address literal', at + 1);
}

function readDomain(text: string, at: number): string {
  const literal = match(LITERAL, text, at);
  if (literal !== '') checkLiteral(literal, at);
  const domain = literal || match(DOMAIN, text, at);
  if (domain === '') throw new ParseError('domain expected', at + 1);
  return domain;
}

/** Skips `@a,@b:`: a source route is accepted and not used (RFC 5321 §4.1.1.3, appendix C). */
function skipRoute(text: string, start: number): number {
  let at = start;
  while (text[at] === '@') {
    at += 1 + readDomain(text, at + 1).length;
    if (text[at] === ':') return at + 1;
    if (text[at] !== ',') throw new ParseError('":" expected after the source route', at + 1);
    at++;
  }
  if (at !== start) throw new ParseError('"@" expected in the source route', at + 1);
  return at;
}

/**
 * Reads the path after `MAIL FROM:` or `RCPT TO:`. Space before it and missing angle brackets are tolerated.
 * Throws ParseError with the column in `text`.
 */
export function parsePath(text: string, limits: PathLimits = PATH_LIMITS): Path {
  let at = /^[ \t]*/.exec(text)?.[0].length ?? 0;
  const bracketed = text[at] === '<';
  if (bracketed) at++;
  if (bracketed && text[at] === '>') return { address: '', rest: restOf(text, at + 1) };
  if (bracketed) at = skipRoute(text, at);

  const start = at;
  const local = text[at] === '"' ? match(QUOTED, text, at) : match(ATOMS, text, at);
  if (local === '') throw new ParseError('address expected', at + 1);
  if (octets(local) > limits.local) throw new ParseError(`local part is longer than ${limits.local} octets`, at + 1);
  at += local.length;

  if (text[at] === '@') {
    const domain = readDomain(text, at + 1);
    if (octets(domain) > limits.domain) throw new ParseError(`domain is longer than ${limits.domain} octets`, at + 2);
    at += 1 + domain.length;
  } else if (local.toLowerCase() !== 'postmaster') throw new ParseError('"@" expected', at + 1);

  const address = text.slice(start, at);
  if (octets(address) + 2 > limits.path) throw new ParseError(`path is longer than ${limits.path} octets`, start + 1);
  if (!bracketed) return { address, rest: restOf(text, at) };
  if (text[at] !== '>') throw new ParseError('">" expected', at + 1);
  return { address, rest: restOf(text, at + 1) };
}

/** True for what may stand in an envelope; the empty text is the null sender. */
export function isAddress(text: string): boolean {
  try {
    return parsePath(`<${text}>`).rest === '';
  } catch (error) {
    if (error instanceof ParseError) return false;
    throw error;
  }
}

function restOf(text: string, at: number): string {
  if (at < text.length && text[at] !== ' ' && text[at] !== '\t') throw new ParseError('space expected after the path', at + 1);
  return text.slice(at).trim();
}

/** `domain` is empty where the address is a bare name. */
export function splitAddress(address: string): { local: string; domain: string } {
  const at = address.lastIndexOf('@');
  // An "@" before the closing quote belongs to the local part.
  if (at < 0 || (address.startsWith('"') && address.includes('"', at))) return { local: address, domain: '' };
  return { local: address.slice(0, at), domain: address.slice(at + 1) };
}

/** "jo" and "\j\o" in quotes are the same mailbox as jo (RFC 5321 §4.1.2); quotes stay where the name needs them. */
function unquote(local: string): string {
  const inner = local.slice(1, -1).replace(/\\(.)/g, '$1');
  return /^[A-Za-z0-9_.\-\u0080-\uffff]+$/.test(inner) ? inner : `"${inner.replace(/["\\]/g, '\\$&')}"`;
}

/** A domain as it is compared: `XN--BCHER-KVA.test.` is `bücher.test`. */
export function foldedDomain(domain: string): string {
  const lower = domain.toLowerCase().replace(/\.$/, '');
  // Only names that have another form are converted: the conversion would also rewrite `0x7f.1`.
  if (/^[\x00-\x7f]*$/.test(lower) && !lower.includes('xn--')) return lower;
  return domainToUnicode(lower) || lower.normalize('NFC');
}

/** The account that owns an address or a login name: `Jo+tag@XN--…` is `jo@bücher.test`; `*` is everything. */
export const accountOf = memo((address: string): string => {
  if (address === '*') return '*';
  const { local, domain } = splitAddress(address.trim());
  const plus = local.lastIndexOf('+');
  let name = local;
  if (local.length > 1 && local.startsWith('"') && local.endsWith('"')) name = unquote(local);
  else if (plus > 0) name = local.slice(0, plus);
  name = name.toLowerCase().normalize('NFC');
  return domain === '' ? name : `${name}@${foldedDomain(domain)}`;
});
