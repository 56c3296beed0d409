// What becomes of a command, or of the greeting, where a fault steps in.

import type { Decision, Ending, Spoken } from '../faults/decide.ts';
import type { Corruption } from '../faults/fault.ts';
import { ConnectionEnded } from '../net/ended.ts';
import { partWith } from '../net/part.ts';
import { strike } from '../net/strike.ts';
import type { Victim } from '../net/strike.ts';
import type { Dialogue } from './dialogue.ts';
import type { Reply } from './replies.ts';

type Truncation = Extract<Ending, { kind: 'truncate' }>;
type Answer = Reply | null | Promise<Reply | null>;

export interface Suffering {
  /** The command as if nothing had happened; `unended`: the line by which it goes on has no end. */
  readonly run: (unended?: true) => Answer;
  /** What else follows from a refusal in its place; answers what is said. */
  readonly refused?: (answer: Reply) => Answer;
  /** It is the command itself that says how it goes on: no other words stand for its success. */
  readonly speaks?: true;
  /** What a fault says, as often as it has to be said. */
  readonly said?: (answer: Reply) => Reply;
  /** Taken, answered, and thrown away. */
  readonly discard?: () => Answer;
}

const spoken = (line: string, code: number, enhanced: string | null, text: string): Spoken => ({
  lines: [line],
  code,
  enhanced,
  text,
  then: 'continue',
});

/** Nobody can take these for a success: the command has failed. */
const CORRUPT: Readonly<Record<Exclude<Corruption, 'missing-crlf'>, Spoken>> = {
  malformed: spoken('OK sure thing', 451, null, 'OK sure thing'),
  'bad-code': spoken('999 sure thing', 999, null, 'sure thing'),
  'class-mismatch': spoken('450 5.1.1 Requested action not taken', 450, '5.1.1', 'Requested action not taken'),
};

const endingOf = (ending: Ending): Ending =>
  ending.kind === 'corrupt' && ending.how !== 'missing-crlf' ? { kind: 'reply', reply: CORRUPT[ending.how] } : ending;

/** A fault's words as the server says them. */
function replyOf({ lines, code, enhanced, text, then }: Spoken, faultId: string): Reply {
  const line = lines.at(-1) ?? '';
  const before = lines
    .slice(0, -1)
    .map((one) => `${one}\r\n`)
    .join('');
  return { code, enhanced, text, line, before, faultId, ...(then !== 'continue' && { parting: then }) };
}

/** In the place of a success; a command that fails by itself has its own words. */
async function insteadOf(answer: Answer, said: Reply): Promise<Reply | null> {
  const own = await answer;
  return own === null || own.code >= 400 ? own : said;
}

function endBy(dialogue: Dialogue, faultId: string): void {
  dialogue.connection.session.failed(`ended by fault ${faultId}`);
  dialogue.over = true;
}

/** Carries out what was decided, with the answer that is left to be given. Throws ConnectionEnded. */
export async function suffer(
  dialogue: Dialogue,
  decision: Decision,
  { run, refused, speaks, discard, said: each }: Suffering,
): Promise<Reply | null> {
  const { connection } = dialogue;
  const { faultId } = decision;
  const ending = endingOf(decision.ending);
  const victim: Victim<Reply> = {
    run: () => run(),
    say(words, failed) {
      const one = replyOf(words, faultId);
      const said = each === undefined ? one : each(one);
      if (!failed) return said;
      if (said.code >= 400) return refused === undefined ? said : refused(said);
      return speaks === true ? run() : insteadOf(run(), said);
    },
    async otherwise({ kind }) {
      if (kind === 'discard' && discard !== undefined) return discard();
      if (kind !== 'corrupt') return run();
      if (speaks === true) return run(true);
      const answer = await run();
      return answer === null ? null : { ...answer, faultId, unended: true };
    },
    end: () => endBy(dialogue, faultId),
  };
  return strike(connection, { ...decision, ending }, victim);
}

const PASS: Ending = { kind: 'pass' };

async function part(dialogue: Dialogue, how: 'close' | 'reset', faultId: string): Promise<void> {
  endBy(dialogue, faultId);
  await partWith(dialogue.connection, how);
}

/** Octets as they come over the wire; a shorter message is not answered either. */
async function readUpTo(dialogue: Dialogue, { bytes, then }: Truncation, faultId: string, read: () => Promise<void>): Promise<void> {
  const { connection } = dialogue;
  const before = connection.intake;
  let left = bytes;
  connection.intake = async (here) => {
    const octets = Math.min(left, before === null ? here : await before(here));
    left -= octets;
    if (octets > 0) return octets;
    await part(dialogue, then, faultId);
    throw new ConnectionEnded('fault');
  };
  await read();
  await part(dialogue, then, faultId);
}

/** In the midst of a message nothing can be said: it comes more slowly, later, never, or not to its end. */
export async function sufferReading(dialogue: Dialogue, decision: Decision, read: () => Promise<void>): Promise<void> {
  const { ending, faultId } = decision;
  const run = async (): Promise<null> => {
    if (ending.kind === 'truncate') await readUpTo(dialogue, ending, faultId, read);
    else await read();
    return null;
  };
  await suffer(dialogue, ending.kind === 'truncate' ? { ...decision, ending: PASS } : decision, { run, refused: run, speaks: true });
}
