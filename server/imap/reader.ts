// Reads commands: a line, the literals in it, and the lines after them (RFC 9051 §4.3, RFC 7888).

import type { Connection } from '../net/connection.ts';
import type { Sink } from '../net/dotted.ts';
import { Literal } from '../net/literal.ts';
import { HIDDEN } from '../net/shown.ts';
import { bad, no } from './command.ts';
import type { Completion } from './command.ts';
import type { Inflight } from './deps.ts';
import type { Piece } from './syntax/cursor.ts';

/** What begins a command. */
export interface Opening {
  readonly tag: string;
  /** Upper case; empty where there is none. */
  readonly verb: string;
  readonly byUid: boolean;
  /** From after the verb. */
  readonly rest: string;
}

const OPENING = /^([^\x00-\x20\x7f-\xff(){%*"\\+]+)(?: (uid )?([^\x00-\x20\x7f-\xff(){%*"\\]+))?/i;
const LITERAL = /\{(\d+)(\+?)\}$/;

/** Beyond it no number is exact, and no client lives to send so many octets. */
const MOST_DIGITS = 15;

/** Null where the line does not even have a tag. */
export function openingOf(line: string): Opening | null {
  const match = OPENING.exec(line);
  if (!match) return null;
  const [whole, tag = '', uid, verb = ''] = match;
  return { tag, verb: verb.toUpperCase(), byUid: uid !== undefined, rest: line.slice(whole.length) };
}

const SECRET = /^(\s*(?:\S+\s+)?(?:uid\s+)?(?:login|authenticate)\s+)(\S.*)$/i;

/** The name or the mechanism, and whatever follows it; a literal holds its octets apart. */
const FIRST_ARGUMENT = /^("(?:[^"\\]|\\.)*"|\{\d+\+?\}$|[^\s"{]\S*)(\s+\{\d+\+?\}$|\s+\S.*)?$/;

/** What the transcript shows of a line that may hold a password: also where it is no command, for want of a tag or a quote. */
export function withoutSecret(line: string): string {
  const [, command, argument = ''] = SECRET.exec(line) ?? [];
  if (command === undefined) return line;
  const [, first, second = ''] = FIRST_ARGUMENT.exec(argument) ?? [];
  if (first === undefined) return command + HIDDEN;
  const literal = /^\s+~?\{\d+\+?\}$/.test(second);
  return command + first + (second === '' || literal ? second : ` ${HIDDEN}`);
}

/** Of a line that goes on after a literal of such a command. */
const afterLiteral = (line: string): string => (line === '' || /^ +~?\{\d+\+?\}$/.test(line) ? line : HIDDEN);

const NOWHERE: Sink = { take: () => undefined };

/** Takes a literal as long as there is room for what arrives. */
class Arriving implements Sink {
  refused = false;
  readonly #inflight: Inflight | null;
  #literal: Literal | null;
  #reserved = 0;

  constructor(size: number, inflight: Inflight | null) {
    this.#inflight = inflight;
    this.#literal = new Literal(size);
  }

  take(chunk: Buffer): void {
    if (this.#literal === null) return;
    if (this.#inflight !== null && !this.#inflight.reserve(chunk.length)) {
      this.refused = true;
      this.release();
    } else {
      if (this.#inflight !== null) this.#reserved += chunk.length;
      this.#literal.take(chunk);
    }
  }

  get octets(): Buffer {
    return this.#literal?.octets ?? Buffer.alloc(0);
  }

  release(): void {
    this.#literal = null;
    this.#inflight?.release(this.#reserved);
    this.#reserved = 0;
  }
}

export interface Limits {
  readonly line: number;
  /** Octets of one literal. */
  readonly literal: number;
  /** Octets of all literals of one command together. */
  readonly literals: number;
}

export interface Reading {
  readonly pieces: readonly Piece[];
  /** Why the command is not carried out; what came with it has been read. */
  readonly refusal: Completion | null;
  /** Gives back the room that its literals took. */
  release(): void;
}

/**
 * The rest of a command. A synchronizing literal is not asked for when the command is refused already, any other is read
 * whatever the answer is: its octets would be taken for commands. Throws LineTooLong and ConnectionEnded.
 */
export async function readCommand(
  connection: Connection,
  { verb, rest }: Opening,
  limits: Limits,
  inflight: Inflight | null,
  refused: Completion | null,
): Promise<Reading> {
  const pieces: Piece[] = [];
  const arrived: Arriving[] = [];
  const secret = verb === 'LOGIN' || verb === 'AUTHENTICATE';
  let refusal = refused;
  let length = rest.length;
  let total = 0;
  const release = (): void => arrived.forEach((literal) => literal.release());
  try {
    for (let line = rest; ; length += line.length) {
      if (length > limits.line) refusal ??= bad('The command is too long');
      const [marker, digits = '', plus] = LITERAL.exec(line) ?? [];
      if (marker === undefined) {
        pieces.push(line);
        return { pieces, refusal, release };
      }
      const size = digits.length > MOST_DIGITS ? Number.MAX_SAFE_INTEGER : Number(digits);
      total += size;
      if (size > limits.literal || total > limits.literals) refusal ??= no('The literal is too large', 'TOOBIG');
      if (plus === '') {
        if (refusal !== null) return { pieces, refusal, release };
        connection.writeLine('+ Go ahead');
      }
      if (refusal !== null) await connection.readBytes(size, NOWHERE);
      else {
        const literal = new Arriving(size, inflight);
        arrived.push(literal);
        await connection.readBytes(size, literal);
        const before = line.slice(0, -marker.length);
        if (literal.refused) refusal = no('Too much is arriving at the same time', 'LIMIT');
        // CHAR8 is everything but NUL (RFC 9051 §9); only literal8 may hold it (RFC 3516 §4.4).
        else if (!before.endsWith('~') && literal.octets.includes(0)) refusal = bad('A literal holds a NUL');
        pieces.push(before, literal.octets);
      }
      line = await connection.readLine(limits.line, secret ? afterLiteral : undefined);
    }
  } catch (error) {
    release();
    throw error;
  }
}
