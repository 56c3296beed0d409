// What a fault makes of a command: the stage at which it is asked for, and how the session goes on (faults by their rules, RFC 5530 codes).

import type { Decision, Spoken, Stage } from '../faults/decide.ts';
import { after } from '../net/hold.ts';
import { partWith } from '../net/part.ts';
import { strike } from '../net/strike.ts';
import type { Victim } from '../net/strike.ts';
import { placeOf } from '../store/accounts.ts';
import type { Completion } from './command.ts';
import { findMailbox } from './mailboxes.ts';
import type { ImapSession } from './session.ts';

const STAGES: ReadonlyMap<string, Stage> = new Map([
  ['STARTTLS', 'starttls'],
  ['LOGIN', 'login'],
  ['AUTHENTICATE', 'login'],
  ['SELECT', 'select'],
  ['EXAMINE', 'select'],
  ['FETCH', 'fetch'],
  ['IDLE', 'idle'],
  ['APPEND', 'append'],
  ['COPY', 'append'],
  ['MOVE', 'append'],
  ['STORE', 'store'],
  ['SEARCH', 'search'],
  ['SORT', 'search'],
  ['THREAD', 'search'],
  ['LOGOUT', 'quit'],
]);

export const stageOf = (verb: string): Stage => STAGES.get(verb) ?? 'any';

/** What a fault steps in at. */
interface Struck {
  readonly lasts?: true | undefined;
  readonly failed?: ((session: ImapSession) => void) | undefined;
  readonly run: Victim<Completion>['run'];
}

const LINE = /^(NO|BAD) ?(.*)$/s;

/** The tag goes before the last line, unless that is a farewell. */
async function say(session: ImapSession, { lines, then }: Spoken, faultId: string): Promise<Completion | null> {
  const { connection } = session;
  const last = lines.at(-1) ?? '';
  const [, status, text = ''] = LINE.exec(last) ?? [];
  for (const line of status === undefined ? lines : lines.slice(0, -1)) connection.writeLine(`* ${line}`, faultId);
  if (status !== undefined) {
    return { status: status as Completion['status'], text, faultId, ...(then !== 'continue' && { parting: then }) };
  }
  connection.session.failed(last);
  await partWith(connection, then === 'reset' ? 'reset' : 'close');
  session.state = { phase: 'leaving' };
  return null;
}

const victimOf = (session: ImapSession, { run, failed }: Struck, { faultId }: Decision): Victim<Completion> => ({
  run,
  say(reply, instead) {
    if (instead) failed?.(session);
    return say(session, reply, faultId);
  },
  end() {
    session.connection.session.failed(`ended by fault ${faultId}`);
    session.state = { phase: 'leaving' };
  },
});

/** It goes on until the client ends it, or the time of the fault has come. */
async function runUntilDue(session: ImapSession, decision: Decision, victim: Victim<Completion>): Promise<Completion | null> {
  const stop = after(decision, () => {
    session.due = true;
    session.connection.wake();
  });
  try {
    const completion = await victim.run();
    if (!session.due) return completion;
  } finally {
    stop();
    session.due = false;
  }
  return strike(session.connection, decision, victim, false);
}

const endsSession = ({ ending }: Decision): boolean =>
  ending.kind === 'close' || ending.kind === 'reset' || (ending.kind === 'reply' && /^BYE\b/.test(ending.reply.lines.at(-1) ?? ''));

/** What comes of a command, or of the greeting, where a fault steps in. */
export async function suffer(session: ImapSession, decision: Decision, struck: Struck): Promise<Completion | null> {
  const { capabilities, delay, silence } = decision.modifiers;
  const victim = victimOf(session, struck, decision);
  const before = session.silence;
  if (capabilities !== undefined) session.offer = capabilities;
  if (silence !== undefined) session.silence = silence;
  try {
    const later = struck.lasts === true && delay !== undefined && endsSession(decision);
    return await (later ? runUntilDue(session, decision, victim) : strike(session.connection, decision, victim));
  } finally {
    session.silence = before;
  }
}

/** The mailbox gets another UIDVALIDITY, and its messages other UIDs, before it is opened. */
export async function renumber(session: ImapSession, name: string, faultId: string): Promise<void> {
  const mailbox = await findMailbox(session, name);
  if (mailbox === undefined) return;
  await session.deps.store.commit([{ ...placeOf(mailbox), type: 'mailbox.renumbered' }]);
  session.connection.session.record('rig', `${name} has another UIDVALIDITY`, null, faultId);
}
