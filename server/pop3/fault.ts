// What a fault makes of a command: the stage at which it is asked for, and how the session goes on (RFC 2449 §8, RFC 3206 codes).

import type { Decision, Spoken, Stage } from '../faults/decide.ts';
import { strike } from '../net/strike.ts';
import type { Dialogue } from './dialogue.ts';
import type { Reply } from './replies.ts';

const STAGES: ReadonlyMap<string, Stage> = new Map([
  ['STLS', 'starttls'],
  ['PASS', 'login'],
  ['APOP', 'login'],
  ['AUTH', 'login'],
  ['RETR', 'retr'],
  ['TOP', 'retr'],
  ['DELE', 'dele'],
  ['QUIT', 'quit'],
]);

export const stageOf = (verb: string): Stage => STAGES.get(verb) ?? 'any';

/** What a fault steps in at. */
interface Struck {
  /** The session ends with it, also by a fault's words. */
  readonly last: boolean;
  readonly run: () => Reply | null | Promise<Reply | null>;
  readonly failed: () => void;
}

function say({ connection }: Dialogue, { lines, then }: Spoken, faultId: string, last: boolean): Reply {
  for (const line of lines.slice(0, -1)) connection.writeLine(line, faultId);
  const how = then === 'continue' && last ? 'close' : then;
  return { line: lines.at(-1) ?? '', mistake: false, faultId, ...(how !== 'continue' && { parting: how }) };
}

/** What comes of a command, or of the greeting, where a fault steps in. */
export async function suffer(dialogue: Dialogue, decision: Decision, { last, run, failed }: Struck): Promise<Reply | null> {
  const { capabilities } = decision.modifiers;
  if (capabilities !== undefined) dialogue.offer = capabilities;
  return strike<Reply>(dialogue.connection, decision, {
    run,
    async say(reply, instead) {
      const said = say(dialogue, reply, decision.faultId, last);
      if (!instead) return said;
      // In other words, but done; what fails by itself, or says all itself, has its own.
      if (said.line.startsWith('+')) {
        const own = await run();
        return own?.line.startsWith('+') === true ? { ...own, ...said } : own;
      }
      failed();
      return said;
    },
    end() {
      dialogue.connection.session.failed(`ended by fault ${decision.faultId}`);
      dialogue.over = true;
    },
  });
}
