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
  readonly quantifiers: number;
  /** What varies is repeated, `(a+)+`, `(a?){9}`: may take for ever. */
  readonly nested: boolean;
}

/** Walks over an expression that compiles, past escapes and classes. */
export function choicesIn(source: string): Choices {
  let others = 0;
  let quantifiers = 0;
  let nested = false;
  /** Of each group that is open, and of the whole: whether something in it varies in length. */
  const varies = [false];
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === '(') {
      varies.push(false);
      if (source[at + 1] === '?') at++; // Of a kind of group, no quantifier.
      continue;
    }
    if (char === '|') others++;
    if (char === '\\') {
      at++;
      if (/[1-9k]/.test(source[at] ?? '')) others++; // A reference to what a group took.
    } else if (char === '[') {
      for (at++; at < source.length && source[at] !== ']'; at++) if (source[at] === '\\') at++;
    }
    const inner = char === ')' && (varies.pop() ?? false);
    QUANTIFIER.lastIndex = at + 1;
    const [quantifier = ''] = QUANTIFIER.exec(source) ?? [];
    const many = quantifier !== '' && quantifier !== '?';
    if (quantifier !== '') quantifiers++;
    if (many && inner) nested = true;
    if (quantifier !== '' || inner) varies[varies.length - 1] = true;
    at += quantifier.length;
    if (quantifier !== '' && source[at + 1] === '?') at++; // As little as possible: no choice of its own.
  }
  return { count: quantifiers + others, quantifiers, nested };
}

/** Quantifiers of an expression: to make one ready takes the engine twice as long with each that is optional, and nothing can stop it. */
const QUANTIFIERS = 16;

/** Why an expression is none that can be used; null where it can. */
export function faultOfRegex(source: string): string | null {
  try {
    new RegExp(source, 'iu');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { quantifiers, nested } = choicesIn(source);
  if (nested) return 'what varies may not be repeated, as in (a+)+';
  return quantifiers > QUANTIFIERS ? `more than ${QUANTIFIERS} repetitions and options` : null;
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
