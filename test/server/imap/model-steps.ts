// What the IMAP clients of the model may do next.

import { expect } from 'vitest';
import type { Mode, ModelClient } from './model-client.ts';

export type Pick = (below: number) => number;

export const FLAGS = ['\\Seen', '\\Flagged', '\\Answered', '\\Deleted', '\\Deleted', 'work', '$Label'] as const;
const MODES: readonly Mode[] = ['+', '+', '-', ''];

/** What is under way when the connection is lost; nothing, mostly. */
const LOST = ['', '', 'STORE 1:* +FLAGS (\\Answered)', 'EXPUNGE', 'NOOP', 'APPEND INBOX {10}', 'IDLE', 'FETCH 1:* BODY[]'];

export const one = <T>(pick: Pick, items: readonly T[]): T => items[pick(items.length)] as T;

/** `others` resolves when everybody else has done their step. */
export async function imapStep(client: ModelClient, pick: Pick, others: Promise<unknown>): Promise<void> {
  const { messages, uids, modseq } = client.picture;
  const { length } = messages;
  const number = 1 + pick(length);
  const next = number === length ? [number] : [number, number + 1];
  const uid = uids[pick(uids.length)] ?? 1;
  const [flag, mode] = [one(pick, FLAGS), one(pick, MODES)];
  const since = `(UNCHANGEDSINCE ${pick(2) === 0 ? modseq : (messages[number - 1]?.modseq ?? 1)}) `;
  /** It writes: in a mailbox that is open for reading only it may not. */
  const write = async (command: string): Promise<void> => {
    const completion = await client.ask(command);
    if (client.readOnly) expect(completion, command).toMatch(/^NO/);
    else expect(completion, command).not.toMatch(/^BAD/);
  };
  const always: readonly (() => Promise<unknown>)[] = [
    () => client.ask('NOOP'),
    () => client.ask('IDLE', others),
    () => client.ask('IDLE', others),
    () => write('EXPUNGE'),
    () => client.ask('APPEND INBOX (\\Draft) {3+}\r\nA:b'),
    () => client.ask('SEARCH ALL'),
    () => client.ask(`UID SEARCH RETURN (SAVE) ${pick(2) === 0 ? 'DELETED' : `UID ${uid}:*`}`),
    () => write(`UID STORE ${uid}:* ${mode}FLAGS (${flag})`),
    () => write(`UID STORE ${uid} ${mode}FLAGS.SILENT (${flag})`).then(() => client.refresh(1)),
    () => write(`UID MOVE ${uid} Trash`),
    () => write(`UID EXPUNGE ${uid}:${uid + 3}`),
    () => client.ask(`UID FETCH ${uid}:* (FLAGS)${client.kind === 'qresync' ? ` (CHANGEDSINCE ${modseq} VANISHED)` : ''}`),
    () => client.select({ readOnly: pick(3) === 0 }),
    () => client.ask(pick(2) === 0 ? 'CLOSE' : 'UNSELECT').then(() => client.select({ resume: true })),
    () => client.lose(one(pick, LOST)),
  ];
  // The others speak in message numbers: there must be some.
  const numbered: readonly (() => Promise<unknown>)[] = [
    () => write(`STORE ${number} ${mode}FLAGS (${flag})`),
    () => write(`STORE 1:${number} +FLAGS (\\Seen)`),
    () => client.storeSilently([number], mode, flag),
    () => client.storeSilently(next, mode, flag),
    () => (client.condstore ? client.storeSilently(next, mode, flag, since) : client.ask('CHECK')),
    () => (client.condstore ? write(`STORE ${next.join(',')} ${since}${mode}FLAGS (${flag})`) : client.ask('NOOP')),
    () => client.ask(`COPY ${number} INBOX`),
    () => write(`MOVE ${number} Archive`),
    () => client.ask(`FETCH ${number} (UID FLAGS)`),
    () => client.ask(`FETCH ${number} BODY[]`),
    () => client.ask(`FETCH $ FLAGS`),
    () => client.refresh(number),
  ];
  // A mailbox that grows is emptied again.
  const crowded = length > 40 && pick(3) === 0 ? [() => write(`UID STORE ${uid}:* +FLAGS (\\Deleted)`), () => write('EXPUNGE')] : null;
  await one(pick, crowded ?? [...always, ...(length > 0 ? numbered : [])])();
  await client.learn();
}
