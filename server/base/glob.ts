// Text compared by patterns: as people search, where a part will do, and as rules say it, where the whole is meant.

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

/** A glob for the whole text, in any case; `*` is any run of characters, `?` one. Walks without trying back more than the last star. */
export function globTest(pattern: string): (text: string) => boolean {
  const wanted = pattern.toLowerCase();
  if (!/[*?]/.test(wanted)) return (text) => text.toLowerCase() === wanted;
  // Most texts differ at an end, where one look tells.
  const head = /^[^*?]*/.exec(wanted)?.[0] ?? '';
  const tail = /[^*?]*$/.exec(wanted)?.[0] ?? '';
  return (text) => {
    const given = text.toLowerCase();
    if (!given.startsWith(head) || !given.endsWith(tail)) return false;
    let at = 0;
    let p = 0;
    let star = -1;
    let mark = 0;
    while (at < given.length) {
      if (p < wanted.length && (wanted[p] === '?' || wanted[p] === given[at])) {
        at++;
        p++;
      } else if (wanted[p] === '*') {
        star = p++;
        mark = at;
      } else if (star >= 0) {
        p = star + 1;
        at = ++mark;
      } else return false;
    }
    while (wanted[p] === '*') p++;
    return p === wanted.length;
  };
}
