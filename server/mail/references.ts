// Message identifiers in References, In-Reply-To and Message-ID (RFC 5322 §3.6.4).

const IDENTIFIER = /<\s*((?:"(?:[^"\\]|\\.)*"|[^<>"\s])+)\s*>/g;

/** `"a"@b` and `a@b` are the same id (RFC 5256 §3, step 1): quotes that nothing needs are dropped. */
const plain = (id: string): string => id.replace(/"((?:[^"\\]|\\.)*)"/g, (_, inner: string) => inner.replace(/\\(.)/g, '$1'));

/** Every `<…>` of an unfolded field value, without the angle brackets, in order; what stands between is passed over. */
export function identifiers(value: string): string[] {
  return Array.from(value.matchAll(IDENTIFIER), ([, id = '']) => plain(id));
}
