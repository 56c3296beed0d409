// Text compared as people search: a part of it in any case, or with `*` a pattern for the whole.

/** Tests text that is in lower case already. Without `*` the value is looked for anywhere, else it must fit the whole text. */
export function textTest(value: string): (lowered: string) => boolean {
  const [first = '', ...rest] = value.toLowerCase().split('*');
  const last = rest.pop();
  if (last === undefined) return (text) => text.includes(first);
  // Each piece where it is first found: a star takes as much as it likes, so that no second try could do better. A regular
  // expression would try, for longer than anybody waits.
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= text.length - last.length;
  };
}
