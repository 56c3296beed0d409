// Text in replies: quoted where that can be, else a literal (RFC 9051 §4.3).

/** What a quoted string may hold; longer ones are literals, as clients have buffers for lines. */
const QUOTABLE = /^[\x01-\x09\x0b\x0c\x0e-\x7f]*$/;
const LONGEST = 1_000;

/** Text that is not ASCII is a literal of UTF-8, which every client can read, with UTF8=ACCEPT or without. */
export function imapString(text: string): string {
  if (text.length <= LONGEST && QUOTABLE.test(text)) return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
  // No literal may hold a NUL (RFC 9051 §9, CHAR8).
  const clean = text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
  return `{${Buffer.byteLength(clean)}}\r\n${clean}`;
}

export const nstring = (text: string | null): string => (text === null ? 'NIL' : imapString(text));
