// Regular expressions of rules: no text can keep one busy for long.

import vm from 'node:vm';

/** Characters of a text that are looked at: more than any line of a header (RFC 5322 §2.1.1). */
const TEXT = 4096;

/** ms that an expression with several choices may take for one text; what takes longer does not match. */
const TIME = 20;

const QUANTIFIER = /[*+?]|\{\d+(?:,\d*)?\}/y;

interface Choices {
  /** Quantifiers and alternatives: one alone takes at most the square of the text's length. */
  readonly count: number;
  /** A repetition in a repetition, `(a+)+`: may take for ever. */
  readonly nested: boolean;
}

/** Walks over an expression that compiles, past escapes and classes. */
export function choicesIn(source: string): Choices {
  let count = 0;
  let nested = false;
  /** Of each group that is open, and of the whole: whether something in it repeats. */
  const repeats = [false];
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === '(') {
      repeats.push(false);
      if (source[at + 1] === '?') at++; // Of a kind of group, no quantifier.
      continue;
    }
    if (char === '|') count++;
    if (char === '\\') {
      at++;
      if (/[1-9k]/.test(source[at] ?? '')) count++; // A reference to what a group took.
    } else if (char === '[') {
      for (at++; at < source.length && source[at] !== ']'; at++) if (source[at] === '\\') at++;
    }
    const inner = char === ')' && (repeats.pop() ?? false);
    QUANTIFIER.lastIndex = at + 1;
    const [quantifier = ''] = QUANTIFIER.exec(source) ?? [];
    const many = quantifier !== '' && quantifier !== '?';
    if (quantifier !== '') count++;
    if (many && inner) nested = true;
    if (many || inner) repeats[repeats.length - 1] = true;
    at += quantifier.length;
    if (quantifier !== '' && source[at + 1] === '?') at++; // As little as possible: no choice of its own.
  }
  return { count, nested };
}

/** What runs here can be stopped, unlike a call. */
const stoppable = vm.createContext({ regex: /./, text: '' }) as { regex: RegExp; text: string };
const script = new vm.Script('regex.test(text)');

export function regexTest(source: string): (text: string) => boolean {
  const regex = new RegExp(source, 'iu');
  if (choicesIn(source).count < 2) return (text) => regex.test(text.slice(0, TEXT));
  return (text) => {
    stoppable.regex = regex;
    stoppable.text = text.slice(0, TEXT);
    try {
      return script.runInContext(stoppable, { timeout: TIME }) === true;
    } catch {
      return false;
    }
  };
}
