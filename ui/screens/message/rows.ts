// The rows of a source as octets: cut as the server counts them, and made fit to be shown.

const CR = 13;
const LF = 10;

/** The rows of `bytes`, each with its line end: a line, or a piece of at most `width` octets of a longer one (see `Lines`). */
export function cutRows(bytes: Uint8Array, width: number): Uint8Array[] {
  const rows: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LF, start);
    const next = found < 0 ? bytes.length : found + 1;
    const end = found < 0 ? next : found > start && bytes[found - 1] === CR ? found - 1 : found;
    while (end - start > width) rows.push(bytes.subarray(start, (start += width)));
    rows.push(bytes.subarray(start, next));
    start = next;
  }
  return rows;
}

export interface Piece {
  readonly text: string;
  /** `sign` stands for an octet that is no letter; `hit` is what was searched for. */
  readonly kind: 'text' | 'sign' | 'hit';
}

/** Letters, as many monospaced typefaces lack the pictures of control characters. */
const SIGNS: Readonly<Record<number, string>> = { 9: '→', [LF]: 'LF', [CR]: 'CR' };

/** As UTF-8, or with a sign for each octet that is not printable ASCII. */
export function textOf(row: Uint8Array, signs: boolean): Piece[] {
  if (!signs) return [{ text: new TextDecoder().decode(row).replace(/\r?\n$/, ''), kind: 'text' }];
  const pieces: { text: string; kind: 'text' | 'sign' }[] = [];
  for (const octet of row) {
    const isText = octet >= 32 && octet < 127;
    const text = isText ? String.fromCharCode(octet) : (SIGNS[octet] ?? `·${octet.toString(16).padStart(2, '0')}`);
    const kind = isText ? 'text' : 'sign';
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += text;
    else pieces.push({ text, kind });
  }
  return pieces;
}

/** Marks what was searched for; upper and lower case are one. */
export function withHits(pieces: readonly Piece[], wanted: string): Piece[] {
  if (wanted === '') return [...pieces];
  const needle = wanted.toLowerCase();
  return pieces.flatMap((piece) => {
    const lower = piece.text.toLowerCase();
    // A letter that changes its length in lower case would move the marks.
    if (piece.kind !== 'text' || lower.length !== piece.text.length) return [piece];
    const found: Piece[] = [];
    let end = 0;
    for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, end)) {
      if (at > end) found.push({ text: piece.text.slice(end, at), kind: 'text' });
      end = at + needle.length;
      found.push({ text: piece.text.slice(at, end), kind: 'hit' });
    }
    if (end < piece.text.length) found.push({ text: piece.text.slice(end), kind: 'text' });
    return found;
  });
}
