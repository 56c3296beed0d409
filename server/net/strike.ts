// Carries out what a fault has decided, as far as it is the same in every protocol.

import type { Decision, Ending, Spoken } from '../faults/decide.ts';
import type { Connection } from './connection.ts';
import { cutAfter, delay, stall } from './hold.ts';
import { pace } from './pace.ts';
import { partWith } from './part.ts';
import type { Said } from './part.ts';

/** What comes in the place of an answer that is lost. */
type Unheard = Extract<Ending, { kind: 'accept' }>['then'];
type Cut = Extract<Ending, { kind: 'truncate' }>;

/** What a fault steps in at: a command, or the greeting. */
export interface Victim<A extends Said> {
  /** As if nothing had happened; null where all is said. */
  run(): A | null | Promise<A | null>;
  /** The fault's words; `failed` where they stand in the place of the command. */
  say(reply: Spoken, failed: boolean): A | null | Promise<A | null>;
  /** For endings that only one protocol has; without it they are `run`. */
  otherwise?(ending: Ending): A | null | Promise<A | null>;
  /** There is nothing more to say to this client. */
  end(): void;
}

async function partFrom<A extends Said>(connection: Connection, victim: Victim<A>, how: 'close' | 'reset'): Promise<null> {
  victim.end();
  await partWith(connection, how);
  return null;
}

/** Done, but what was answered does not leave. */
async function runUnheard<A extends Said>(connection: Connection, then: Unheard, decision: Decision, victim: Victim<A>): Promise<A | null> {
  connection.send();
  const answer = await victim.run();
  connection.out.discard();
  connection.session.record('rig', 'done, but the answer is lost', null, decision.faultId);
  if (typeof then === 'object') return victim.say(then, false);
  if (then !== 'stall') return partFrom(connection, victim, then);
  await stall(connection, decision.released);
  return answer;
}

/** The answer as far as it may leave; one that is shorter is the last one all the same. */
async function runCut<A extends Said>(connection: Connection, { bytes, then }: Cut, victim: Victim<A>): Promise<A | null> {
  cutAfter(connection, bytes, then);
  const answer = await victim.run();
  return answer === null ? partFrom(connection, victim, then) : { ...answer, parting: then };
}

async function carryOut<A extends Said>(connection: Connection, decision: Decision, victim: Victim<A>): Promise<A | null> {
  const { ending } = decision;
  switch (ending.kind) {
    case 'reply':
      return victim.say(ending.reply, true);
    case 'accept':
      return runUnheard(connection, ending.then, decision, victim);
    case 'truncate':
      return runCut(connection, ending, victim);
    case 'close':
    case 'reset':
      return partFrom(connection, victim, ending.kind);
    case 'stall':
      await stall(connection, decision.released);
      return victim.run();
    default:
      return victim.otherwise === undefined ? victim.run() : victim.otherwise(ending);
  }
}

/** Without `waits` the time of the delay has passed already. Throws ConnectionEnded where the client does not wait. */
export async function strike<A extends Said>(
  connection: Connection,
  decision: Decision,
  victim: Victim<A>,
  waits = true,
): Promise<A | null> {
  const { modifiers, faultId } = decision;
  connection.session.record('rig', `fault ${faultId}`, null, faultId);
  if (waits && modifiers.delay !== undefined && (await delay(connection, decision))) return victim.run();
  connection.session.touch();
  pace(connection, decision);
  try {
    return await carryOut(connection, decision, victim);
  } finally {
    connection.intake = null;
  }
}
