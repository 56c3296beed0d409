// Encoded words (RFC 2047) and charsets: bytes and header values as the text that a person reads.

import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import libmime from 'libmime';
import { decode } from 'libmime/lib/charset';

/** Decodes the encoded words in a value; neighbours that split one character are joined first. Nothing else is changed. */
export function decodeWords(value: string): string {
  return value.includes('=?') ? libmime.decodeWords(value) : value;
}

// Charset names that say nothing about bytes over 127.
const SAYS_NOTHING = /^(us-ascii|ascii|ansi_x3\.4-1968|unknown-8bit|x-unknown|default|binary|7bit|8bit)?$/i;

/** True where the name is a charset that can be decoded. */
export function knownCharset(charset: string): boolean {
  if (SAYS_NOTHING.test(charset) || /^utf-?7/i.test(charset)) return false;
  return /^(jis|iso-?2022-?jp|euc-?jp)/i.test(charset) || iconv.encodingExists(libmime.normalizeCharset(charset));
}

/** Decodes bytes by their declared charset; where it is unknown or says nothing: UTF-8 if valid, else windows-1252. */
export function decodeCharset(bytes: Buffer, charset: string): string {
  const name = charset.trim();
  if (isAscii(bytes) && !/2022|^hz|utf-?(16|32)|ucs/i.test(name)) return bytes.toString('latin1');
  if (knownCharset(name)) return decode(bytes, name);
  return isUtf8(bytes) ? bytes.toString('utf8') : iconv.decode(bytes, 'windows-1252');
}
