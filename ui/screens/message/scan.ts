// Searches octets that come piece by piece, without keeping them.

/** Octets of one piece. */
const PIECE = 1 << 20;

const isUpper = (octet: number): boolean => octet >= 65 && octet <= 90;

/** A copy in which ASCII letters are small: bytes that are no ASCII have no case of their own. */
function lowered(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  for (let i = 0; i < copy.length; i++) {
    const octet = copy[i] ?? 0;
    if (isUpper(octet)) copy[i] = octet + 32;
  }
  return copy;
}

/** One character for each octet, so that the engine's own search can be used. */
const asCharacters = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

export interface Searched {
  /** Where new ones begin. */
  readonly hits: readonly number[];
  /** Octets that have been searched. */
  readonly upTo: number;
}

type ReadOctets = (start: number, end: number) => Promise<Uint8Array>;

/** Tells after each piece what it found; overlapping finds count once. */
export async function* scan(read: ReadOctets, size: number, wanted: string, piece = PIECE): AsyncGenerator<Searched> {
  const needle = asCharacters(lowered(new TextEncoder().encode(wanted)));
  if (needle === '') return;
  let rest: Uint8Array = new Uint8Array();
  let end = 0;
  for (let start = 0; start < size; start += piece) {
    const fresh = lowered(await read(start, Math.min(size, start + piece)));
    const bytes = new Uint8Array(rest.length + fresh.length);
    bytes.set(rest);
    bytes.set(fresh, rest.length);
    const text = asCharacters(bytes);
    const base = start - rest.length;
    const hits: number[] = [];
    for (let at = text.indexOf(needle, end - base); at >= 0; at = text.indexOf(needle, end - base)) {
      hits.push(base + at);
      end = base + at + needle.length;
    }
    // What may be the beginning of one that goes on in the next piece.
    rest = bytes.subarray(Math.max(0, bytes.length - needle.length + 1));
    yield { hits, upTo: start + fresh.length };
  }
}
