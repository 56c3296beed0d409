// Tells what a file with mail in it is, by its first octets, then by its name.

export type Format = 'eml' | 'mbox' | 'zip';

/** So many octets tell. */
export const TELLING = 1024;

const BY_START: readonly (readonly [RegExp, Format])[] = [
  [/^PK(?:\x03\x04|\x05\x06)/, 'zip'],
  [/^From \S/, 'mbox'],
  // A field of a header; what a program put on a line above it does no harm.
  [/^(?:\S*\r?\n)?[!-9;-~]+[ \t]*:/, 'eml'],
];

/** `start` is the file's first octets, a character each. */
export function formatOf(start: string, name: string): Format | undefined {
  const known = BY_START.find(([sign]) => sign.test(start.replace(/^\xef\xbb\xbf/, '')))?.[1];
  return known ?? (['eml', 'mbox', 'zip'] as const).find((format) => name.toLowerCase().endsWith(`.${format}`));
}
