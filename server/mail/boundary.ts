// Cuts the body of a multipart at its boundary lines (RFC 2046 §5.1.1).

export interface BoundaryRanges {
  /** `[start, end)` of each part, header and body. */
  readonly parts: readonly (readonly [start: number, end: number])[];
  /** True where `limit` was reached: the last part is all the rest. */
  readonly cut: boolean;
  readonly defects: readonly string[];
}

const LF = 10;
const CR = 13;
const DASH = 45;

const isBlank = (octet: number | undefined): boolean => octet === 32 || octet === 9;

/** What stands after the boundary text at `at`: the offset of the next line and whether it is the last boundary; null where it is a longer text. */
function lineAfter(raw: Buffer, at: number, end: number): { next: number; close: boolean } | null {
  const close = at + 1 < end && raw[at] === DASH && raw[at + 1] === DASH;
  let i = close ? at + 2 : at;
  while (i < end && isBlank(raw[i])) i++;
  if (i >= end) return { next: end, close };
  if (raw[i] === LF) return { next: i + 1, close };
  if (raw[i] === CR && (i + 1 >= end || raw[i + 1] === LF)) return { next: Math.min(i + 2, end), close };
  return null;
}

// Node searches a pattern of up to 7 octets for its first octet with memchr: 6 ms for 50 MB against 30 ms for longer ones.
const QUICK = 7;

/**
 * Finds the parts within `raw[start, end)`. Bare LF and white space after the boundary are accepted; what follows the last
 * boundary is left out. At most `limit` parts (>= 1) are made.
 */
export function boundaryRanges(raw: Buffer, start: number, end: number, boundary: string, limit: number): BoundaryRanges {
  if (boundary.trimEnd() === '') return { parts: [], cut: false, defects: ['no-boundary'] };
  const line = Buffer.from(`\n--${boundary.trimEnd()}`, 'utf8');
  const probe = line.subarray(0, QUICK);
  // The region starts one octet early: the empty line before the body is the line end before the first boundary.
  const region = raw.subarray(0, end);
  const parts: (readonly [number, number])[] = [];
  let open = -1;
  for (let at = region.indexOf(probe, Math.max(start - 1, 0)); at >= 0; at = region.indexOf(probe, at + 1)) {
    const after = at + line.length;
    if (after > end || (line.length > QUICK && region.compare(line, QUICK, line.length, at + QUICK, after) !== 0)) continue;
    const tail = lineAfter(raw, after, end);
    if (!tail) continue;
    if (open >= 0) parts.push([open, Math.max(open, raw[at - 1] === CR ? at - 1 : at)]);
    if (tail.close) return { parts, cut: false, defects: parts.length === 0 ? ['no-parts'] : [] };
    open = tail.next;
    const last = parts[limit - 1];
    if (last) {
      parts[limit - 1] = [last[0], end];
      return { parts, cut: true, defects: [] };
    }
    // The line feed that ends this boundary line may begin the next one.
    at = Math.max(at, open - 2);
  }
  if (open < 0) return { parts: [], cut: false, defects: ['boundary-never-found'] };
  parts.push([open, end]);
  return { parts, cut: false, defects: ['no-close-boundary'] };
}
