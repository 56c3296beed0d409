// What an IMAP server answers, taken apart by the grammar of RFC 9051 §9 and no more leniently, for tests.

import type { Client } from './client.ts';

/** Text of one character for each octet, null for NIL. Atoms and strings are not told apart, but a section's name keeps its brackets. */
export type Value = string | null | readonly Value[];

const ATOM = /[^\x00-\x20\x7f-\xff(){"\\[]+(?:\[[^\]]*\](?:<\d+>)?)?|\\[A-Za-z*]+/y;
const QUOTED = /"((?:[^\x00\r\n"\\\x80-\xff]|\\["\\])*)"/y;
const LITERAL = /~?\{(\d+)\}\r\n/y;

/** The value at the start of a text, and what follows it. */
function readValue(text: string, start: number): { value: Value; end: number } {
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = start;
    return pattern.exec(text);
  };
  if (text[start] === '(') {
    const values: Value[] = [];
    let at = start + 1;
    while (text[at] !== ')') {
      // Lists stand beside one another in addresses and in multiparts (RFC 9051 §9, env-from, body-type-mpart).
      if (values.length > 0 && text[at] === ' ') at++;
      const { value, end } = readValue(text, at);
      values.push(value);
      at = end;
    }
    return { value: values, end: at + 1 };
  }
  const quoted = take(QUOTED);
  if (quoted) return { value: (quoted[1] ?? '').replace(/\\(.)/g, '$1'), end: start + quoted[0].length };
  const literal = take(LITERAL);
  if (literal) {
    const from = start + literal[0].length;
    return { value: text.slice(from, from + Number(literal[1])), end: from + Number(literal[1]) };
  }
  const atom = take(ATOM)?.[0];
  if (atom === undefined) throw new Error(`no value in ${JSON.stringify(text.slice(start, start + 80))}`);
  return { value: atom.toUpperCase() === 'NIL' ? null : atom, end: start + atom.length };
}

/** The data items of the FETCH replies in a text, by message number and item. */
export function readFetches(text: string): Map<number, Map<string, Value>> {
  const found = new Map<number, Map<string, Value>>();
  let at = 0;
  while (at < text.length) {
    const fetch = /^\* (\d+) FETCH (?=\()/.exec(text.slice(at, at + 40));
    if (!fetch) {
      at = !text.includes('\r\n', at) ? text.length : text.indexOf('\r\n', at) + 2;
      continue;
    }
    const { value, end } = readValue(text, at + fetch[0].length);
    if (!Array.isArray(value) || text.slice(end, end + 2) !== '\r\n') throw new Error(`a FETCH reply ends in ${text.slice(end, end + 40)}`);
    const items = found.get(Number(fetch[1])) ?? new Map<string, Value>();
    for (let i = 0; i < value.length; i += 2) items.set(String(value[i]).toUpperCase(), value[i + 1] as Value);
    found.set(Number(fetch[1]), items);
    at = end + 2;
  }
  return found;
}

let tags = 0;

/** Sends a command, which may have literals that are not waited for, and resolves to all that is answered, the completion included. */
export async function ask(client: Client, command: string): Promise<string> {
  const tag = `ask${++tags}`;
  client.send(`${tag} ${command}\r\n`);
  let said = '';
  for (;;) {
    const line = await client.line();
    if (line === null) throw new Error(`the server has closed after ${command.slice(0, 60)}`);
    said += `${line}\r\n`;
    if (line.startsWith(`${tag} `)) return said;
  }
}
