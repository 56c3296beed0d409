// What a host offers in its answer to EHLO (RFC 5321 §4.1.1.1).

import type { Reply } from './reply.ts';

export interface Offers {
  readonly pipelining: boolean;
  /** Octets; Infinity where it is not limited or not known, null where SIZE is not offered (RFC 1870). */
  readonly size: number | null;
  readonly eightBit: boolean;
  readonly utf8: boolean;
  readonly dsn: boolean;
  readonly startTls: boolean;
  /** BINARYMIME can be sent: it needs CHUNKING too (RFC 3030 §3). */
  readonly binary: boolean;
  /** Recipients of one transaction (RFC 9422 §4.3). */
  readonly maxRecipients: number;
}

function sizeOf(value: string | undefined): number | null {
  if (value === undefined) return null;
  const octets = /^\d{1,15}$/.test(value) ? Number(value) : 0;
  return octets === 0 ? Infinity : octets;
}

export function offersOf({ text }: Reply): Offers {
  // The first line greets; each other one is a keyword with its parameters.
  const lines = text.split('\n').slice(1);
  const offered = new Map(
    lines.map((line): [string, string] => {
      const [keyword = ''] = line.split(' ', 1);
      return [keyword.toUpperCase(), line.slice(keyword.length).trim()];
    }),
  );
  const recipients = Number(/(?:^| )RCPTMAX=(\d{1,6})(?: |$)/i.exec(offered.get('LIMITS') ?? '')?.[1] ?? 0);
  return {
    pipelining: offered.has('PIPELINING'),
    size: sizeOf(offered.get('SIZE')),
    eightBit: offered.has('8BITMIME'),
    utf8: offered.has('SMTPUTF8'),
    dsn: offered.has('DSN'),
    startTls: offered.has('STARTTLS'),
    binary: offered.has('BINARYMIME') && offered.has('CHUNKING'),
    maxRecipients: recipients > 0 ? recipients : Infinity,
  };
}

/** Of a host that knows HELO only (RFC 5321 §3.2). */
export const NO_OFFERS: Offers = {
  pipelining: false,
  size: null,
  eightBit: false,
  utf8: false,
  dsn: false,
  startTls: false,
  binary: false,
  maxRecipients: Infinity,
};
