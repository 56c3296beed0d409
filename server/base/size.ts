// Amounts of octets as people write them: "50mb", "1gb", "64k".

const UNITS: readonly (readonly [string, number])[] = [
  ['gb', 1024 ** 3],
  ['mb', 1024 ** 2],
  ['kb', 1024],
];

/** Octets of a text such as `64k`, `50mb`, `1.5 GB`; a bare number is octets; null where it is no amount. */
export function parseSize(text: string): number | null {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?)b?$/.exec(text.trim().toLowerCase()) ?? [];
  const factor = UNITS.find(([name]) => unit !== '' && name.startsWith(unit))?.[1] ?? 1;
  return count === undefined ? null : Math.round(Number(count) * factor);
}

/** The shortest exact text that `parseSize` reads back: 52428800 is `50mb`. */
export function formatSize(octets: number): string {
  const [name, factor] = UNITS.find(([, size]) => octets > 0 && octets % size === 0) ?? ['', 1];
  return `${octets / factor}${name}`;
}
