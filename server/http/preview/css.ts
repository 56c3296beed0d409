// Cleans CSS: addresses become what the resources say, and what once ran code in some reader goes.

import type { Resources } from './resources.ts';

/** An address that loads nothing. */
const NOTHING = 'url("data:,")';

// CSS Syntax §4.3.7: a letter may be written as an escape, which would hide a name from the patterns below.
const ESCAPE = /\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\r\n\f])?|([^]))/gi;

const unescapeLetters = (css: string): string =>
  css.replace(ESCAPE, (escape: string, hex: string | undefined, plain: string | undefined) => {
    const char = plain ?? String.fromCodePoint(Math.min(Number.parseInt(hex ?? '0', 16), 0x10ffff));
    return /^[a-z]$/i.test(char) ? char : escape;
  });

const COMMENT = /\/\*[^]*?(?:\*\/|$)/g;
const IMPORT = /@import\s*(?:url\(\s*)?(?:"([^"]*)"|'([^']*)'|([^\s"';)]*))(?:[^;{}]{0,200}(?:;|$))?/gi;
const URL_FUNCTION = /\b(?:url|src)\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]*))[^)]*(?:\)|$)/gi;
const IMAGE_SET = /\b((?:-webkit-)?image-set|image|cross-fade|-webkit-cross-fade)\(([^;{}]*)/gi;
const DANGEROUS = /\bexpression\s*\(|-moz-binding|(?<![\w-])behaviou?r\s*:|(?:java|vb)script\s*:/gi;

const inQuotes = (address: string): string =>
  `url("${address.replace(/["\\\n\r\f<>]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}")`;

/** `removed` is told of what goes for good. The result holds no `<`, so that it cannot end the element it stands in. */
export function cleanCss(css: string, resources: Resources, removed: (what: string) => void): string {
  return unescapeLetters(css.replace(/<!--|-->/g, ' ').replace(COMMENT, ' '))
    .replace(DANGEROUS, () => {
      removed('css');
      return 'removed';
    })
    .replace(IMPORT, (_rule, a: string | undefined, b: string | undefined, c: string | undefined) => {
      const address = resources.resolve(a ?? b ?? c ?? '');
      return address === null ? '' : `@import ${inQuotes(address)};`;
    })
    .replace(URL_FUNCTION, (_function, a: string | undefined, b: string | undefined, c: string | undefined) => {
      const written = a ?? b ?? c ?? '';
      if (written.startsWith('#')) return inQuotes(written);
      const address = resources.resolve(written);
      return address === null ? NOTHING : inQuotes(address);
    })
    .replace(IMAGE_SET, (_function, name: string, inside: string) => {
      // Addresses in bare quotes, which only these functions take for one.
      const safe = inside.replace(/"([^"]*)"|'([^']*)'/g, (text: string, a: string | undefined, b: string | undefined) => {
        const written = a ?? b ?? '';
        if (written.startsWith('data:') || /^image\/[a-z+.-]+$/.test(written)) return text;
        const address = resources.resolve(written);
        return address === null ? '"data:,"' : `"${inQuotes(address).slice(5, -2)}"`;
      });
      return `${name}(${safe}`;
    })
    .replace(/</g, '\\3c ');
}
