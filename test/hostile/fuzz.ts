// Commands as no client would write them: good ones, mutated by seeded chance, and sent many at a time.

import { Client } from '../conversations/client.ts';

/** How many mutated lines are sent; many more by hand: FUZZ=100000. */
export const LINES = Number(process.env['FUZZ'] ?? 500);
export const SEED = Number(process.env['SEED'] ?? 20_261_125);

const PER_CONNECTION = 50;

/** Numbers from 0 to `below`, always the same ones for a seed. */
export type Chance = (below: number) => number;

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const pick = <T>(chance: Chance, items: readonly T[]): T => items[chance(items.length)] as T;

const PIECES = [
  ...[
    '',
    ' ',
    '  ',
    '\t',
    '\r',
    '\0',
    '\x7f',
    '\xff',
    '\xc3\xbc',
    '(',
    ')',
    '((((',
    '))))',
    '[',
    ']',
    '<',
    '>',
    '{',
    '}',
    '"',
    '\\',
    '\\"',
  ],
  ...['*', '%', '0', '-1', '1:*', '4294967295', '4294967296', '18446744073709551616', '9'.repeat(40), 'NIL', '$', '{0}', '{0+}', '{3+}'],
  ...['{99999999999999999999}', '{4294967296+}', '~{1}', '&', '&-', '&AAA-', '=', 'x'.repeat(300), '../..', 'INBOX', '{5}', '""', '+', '.'],
];

type Mutation = (line: string, chance: Chance) => string;

const cutAt = (line: string, chance: Chance): number => chance(line.length + 1);

const MUTATIONS: readonly Mutation[] = [
  (line) => line,
  (line, chance) => line.slice(0, cutAt(line, chance)),
  (line, chance) => {
    const at = cutAt(line, chance);
    return line.slice(0, at) + pick(chance, PIECES) + line.slice(at);
  },
  (line, chance) => {
    const at = cutAt(line, chance);
    return line.slice(0, at) + pick(chance, PIECES) + line.slice(at + 1 + chance(4));
  },
  (line, chance) => {
    const [from, to] = [cutAt(line, chance), cutAt(line, chance)].sort((a, b) => a - b) as [number, number];
    return line.slice(0, to) + line.slice(from);
  },
  (line, chance) => {
    const words = line.split(' ');
    words[chance(words.length)] = pick(chance, PIECES);
    return words.join(' ');
  },
  (line, chance) => line.replace(/[A-Za-z]/g, (letter) => (chance(6) === 0 ? String.fromCharCode(chance(256)) : letter)),
];

/** Octets of any value, with whole lines among them. */
const octetsOf = (chance: Chance): string =>
  Array.from({ length: chance(40) }, () => (chance(12) === 0 ? '\r\n' : String.fromCharCode(chance(256)))).join('');

/** A word as a literal of one kind or another, announced with its length or nearly so. */
function literalFor(word: string, chance: Chance): string {
  const octets = chance(3) === 0 ? octetsOf(chance) : word;
  const length = Math.max(0, octets.length + (chance(5) === 0 ? chance(9) - 4 : 0));
  return `${pick(chance, ['', '', '~'])}{${length}${pick(chance, ['+', '+', '', '-'])}}\r\n${octets}`;
}

function mutate(good: string, corpus: readonly string[], chance: Chance): string {
  let line = good;
  for (let i = chance(4); i > 0; i--) line = pick(chance, MUTATIONS)(line, chance);
  if (chance(6) === 0) {
    const other = pick(chance, corpus);
    line = line.slice(0, cutAt(line, chance)) + other.slice(cutAt(other, chance));
  }
  // A line is a line: what stands after its end would be the next one.
  line = line.replaceAll('\n', '');
  if (chance(5) > 0) return line;
  const words = line.split(' ');
  const at = chance(words.length);
  words[at] = literalFor(words[at] ?? '', chance);
  return words.join(' ');
}

export interface Fuzzing {
  readonly port: number;
  /** Said first on every connection. */
  readonly opening: string;
  readonly corpus: readonly string[];
  /** Throws where something is no answer at all. */
  readonly check: (answers: string) => void;
  /** Done before every connection. */
  readonly prepare: () => Promise<unknown>;
}

/** In packets that end anywhere. */
function sendInPackets(client: Client, text: string, chance: Chance): void {
  for (let at = 0; at < text.length;) {
    const end = chance(3) === 0 ? at + 1 + chance(200) : text.length;
    client.send(text.slice(at, end));
    at = end;
  }
}

/** Sends all lines over as many connections as they need; resolves when the server has answered and closed every one. */
export async function fuzz({ port, opening, corpus, check, prepare }: Fuzzing): Promise<void> {
  const chance = chanceOf(SEED);
  for (let left = LINES; left > 0; left -= PER_CONNECTION) {
    const lines = Array.from({ length: Math.min(left, PER_CONNECTION) }, () => mutate(pick(chance, corpus), corpus, chance));
    await prepare();
    const client = await Client.connect(port);
    // The last one may break off anywhere.
    const said = `${opening}${lines.join('\r\n')}\r\n`;
    sendInPackets(client, chance(4) === 0 ? said.slice(0, -1 - chance(10)) : said, chance);
    if (chance(8) > 0) {
      client.end();
      check(await client.rest());
    }
    client.destroy();
  }
}
