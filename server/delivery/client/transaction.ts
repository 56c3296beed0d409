// One mail transaction, MAIL to the answer after the data, with a reply for each recipient (RFC 5321 §3.3, RFC 2920).

import type { Commands } from './commands.ts';
import { blocks, dotted } from './dots.ts';
import type { Opened } from './opening.ts';
import type { Batch, Outcome } from './outcome.ts';
import type { ClientTimeouts } from './timeouts.ts';
import { Failed, heard, isFinal, isIntermediate, isOutOfStep, isTooMany, OUT_OF_STEP, unsaid } from './verdict.ts';

/** Recipients by their index in the batch; null while nothing is known. */
export type Outcomes = (Outcome | null)[];

interface Given extends Opened {
  readonly batch: Batch;
  readonly commands: Commands;
  readonly timeouts: ClientTimeouts;
  readonly outcomes: Outcomes;
  /** Nobody is asked for once more. */
  readonly single: boolean;
}

function settle({ outcomes }: Given, recipients: readonly number[], outcome: Outcome): void {
  for (const i of recipients) outcomes[i] ??= outcome;
}

const outOfStep = (stage: Outcome['stage']): Failed => new Failed(unsaid('transient', stage, '4.5.0', OUT_OF_STEP));

/** Asks for each recipient. Answers those that were taken; those that were one too many are put into `later` with what was said. */
async function name(given: Given, recipients: readonly number[], later: Map<number, Outcome>): Promise<number[]> {
  const { wire, batch, commands, timeouts, offers } = given;
  const commandOf = (i: number): string => commands.rcpt(batch.recipients[i] ?? { address: '' });
  if (offers.pipelining) wire.write(`${commands.mail}${recipients.map(commandOf).join('')}${commands.binary ? '' : 'DATA\r\n'}`);
  else wire.write(commands.mail);
  const mail = await wire.reply('mail', timeouts.command);
  if (!isFinal(mail)) settle(given, recipients, heard('mail', mail));
  if (isOutOfStep(mail, 2)) throw outOfStep('mail');
  const taken: number[] = [];
  if (!isFinal(mail) && !offers.pipelining) return taken;
  for (const i of recipients) {
    if (!offers.pipelining) wire.write(commandOf(i));
    const reply = await wire.reply('rcpt', timeouts.command);
    if (given.outcomes[i] !== null) continue;
    if (isFinal(reply)) taken.push(i);
    else if (taken.length > 0 && !given.single && isTooMany(reply)) later.set(i, heard('rcpt', reply, 'transient'));
    else settle(given, [i], heard('rcpt', reply));
    if (isOutOfStep(reply, 2)) throw outOfStep('rcpt');
  }
  return taken;
}

/** The host waits for a message that nobody is to get: it gets none (RFC 2920 §3.1). */
async function nothing({ wire, timeouts }: Given): Promise<void> {
  wire.write('.\r\n');
  await wire.reply('end-of-data', timeouts.endOfData);
}

async function sendData(given: Given, taken: readonly number[]): Promise<boolean> {
  const { wire, batch, timeouts, offers } = given;
  if (!offers.pipelining) {
    if (taken.length === 0) return false;
    wire.write('DATA\r\n');
  }
  // Nobody is to get it, and its answer may be among those that were read already.
  if (taken.length === 0 && wire.slipped) throw outOfStep('data');
  const reply = await wire.reply('data', timeouts.data);
  if (isIntermediate(reply)) {
    if (taken.length === 0) {
      await nothing(given);
      return false;
    }
    for (const block of dotted(batch.raw)) await wire.send('body', block, timeouts.block);
    return true;
  }
  settle(given, taken, heard('data', reply));
  if (isOutOfStep(reply, 3)) throw outOfStep('data');
  return false;
}

/** All in one chunk: it lies in memory, and its size is known (RFC 3030 §2). */
async function sendChunk({ wire, batch: { raw }, timeouts }: Given, taken: readonly number[]): Promise<boolean> {
  if (taken.length === 0) return false;
  wire.write(`BDAT ${raw.length} LAST\r\n`);
  for (const block of blocks(raw)) await wire.send('body', block, timeouts.block);
  return true;
}

/** Carries it out for some recipients of the batch; answers those that are to be asked for once more. Throws Failed. */
export async function transact(given: Given, recipients: readonly number[]): Promise<readonly number[]> {
  const { wire, commands, timeouts, outcomes } = given;
  const later = new Map<number, Outcome>();
  const settleLater = (): void => later.forEach((outcome, i) => (outcomes[i] ??= outcome));
  try {
    const taken = await name(given, recipients, later);
    const sent = await (commands.binary ? sendChunk(given, taken) : sendData(given, taken));
    if (!sent) return [];
    const reply = await wire.reply('end-of-data', timeouts.endOfData);
    settle(given, taken, heard('end-of-data', reply));
    if (isOutOfStep(reply, 2)) throw outOfStep('end-of-data');
    if (!isFinal(reply)) return [];
    const rest = [...later.keys()];
    later.clear();
    return rest;
  } finally {
    settleLater();
  }
}
