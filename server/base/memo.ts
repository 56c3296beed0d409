// Remembering what was made of a text: the messages of one app have the same senders and recipients again and again.

/** The same value for the same text, made once; forgets everything when `limit` texts are known. Long texts are not kept. */
export function memo<V>(make: (text: string) => V, limit = 1000, longest = 256): (text: string) => V {
  const known = new Map<string, V>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = make(text);
    if (text.length > longest) return made;
    if (known.size >= limit) known.clear();
    // A copy: the text may be a slice, which keeps all that it was cut from alive.
    known.set(Buffer.from(text).toString(), made);
    return made;
  };
}
