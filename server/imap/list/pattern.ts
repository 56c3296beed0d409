// Patterns of mailbox names: `*` is anything, `%` anything within one level (RFC 9051 §6.3.9). Pure.

/** Whether a name fits; the first five letters of INBOX have no case. No pattern takes longer than its length times the name's. */
export function patternTest(pattern: string, delimiter: string): (name: string) => boolean {
  // `**` is `*`, and a `%` beside a `*` says nothing: so no pattern is much longer than the names it can fit.
  const signs = [
    ...pattern
      .replace(/[*%]*\*[*%]*/g, '*')
      .replace(/%+/g, '%')
      .replace(/^inbox(?=$|[/*%])/i, 'INBOX'),
  ];
  const letters = signs.filter((sign) => sign !== '*' && sign !== '%').length;
  return (name) => {
    const text = [...name];
    if (letters > text.length) return false;
    // Which beginnings of the pattern fit what has been read of the name.
    let fits = new Set<number>();
    const reach = (set: Set<number>, at: number): void => {
      for (let i = at; ; i++) {
        set.add(i);
        if (signs[i] !== '*' && signs[i] !== '%') return;
      }
    };
    reach(fits, 0);
    for (const letter of text) {
      const next = new Set<number>();
      for (const at of fits) {
        const sign = signs[at];
        if (sign === '*' || (sign === '%' && letter !== delimiter)) reach(next, at);
        else if (sign === letter && sign !== '%') reach(next, at + 1);
      }
      fits = next;
      if (fits.size === 0) return false;
    }
    return fits.has(signs.length);
  };
}
