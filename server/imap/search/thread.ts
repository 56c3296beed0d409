// THREAD and UID THREAD (RFC 5256 §3).

import { bounded } from '../../base/bounded.ts';
import type { Bounded } from '../../base/bounded.ts';
import type { MessageId } from '../../mail/message.ts';
import { identifiers } from '../../mail/references.ts';
import { pause, sliceOver } from '../../store/slices.ts';
import type { Kept } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import type { Completion, Given } from '../command.ts';
import { command, ok } from '../command.ts';
import { valuesIn } from '../../mail/header.ts';
import { readHeaderBlock } from '../fetch/reading.ts';
import type { ImapSession } from '../session.ts';
import type { Cursor } from '../syntax/cursor.ts';
import { find } from './find.ts';
import { badCharset, readProgram } from './program.ts';
import type { Program } from './program.ts';
import { sentAt } from './sort.ts';
import { formatThreads, threadByReferences, threadBySubject } from './threads.ts';
import type { Mail } from './threads.ts';

type Lineage = Pick<Mail, 'messageId' | 'references'>;

/** Octets that the references of messages may take in memory: those of some 100,000. */
const LIMIT = 32 * 1024 * 1024;
/** References of one message that count: its root and the newest. */
const MAX_REFERENCES = 100;

const memories = new WeakMap<Store, Bounded<MessageId, Lineage>>();

function memoryOf(store: Store): Bounded<MessageId, Lineage> {
  const memory = memories.get(store) ?? bounded<MessageId, Lineage>(LIMIT);
  memories.set(store, memory);
  return memory;
}

/** In one piece: a slice would keep the header alive. */
const own = (text: string): string => Buffer.from(text).toString();

async function readLineage(store: Store, kept: Kept): Promise<Lineage> {
  const valuesOf = valuesIn(await readHeaderBlock(store, kept));
  const all = identifiers(valuesOf('references').join(' '));
  const most = all.length > MAX_REFERENCES ? [...all.slice(0, 1), ...all.slice(1 - MAX_REFERENCES)] : all;
  // Only where there are no References does In-Reply-To count, and of it the first (RFC 5256 §3, step 1).
  const references = most.length > 0 ? most : identifiers(valuesOf('in-reply-to').join(' ')).slice(0, 1);
  const [messageId = null] = identifiers(valuesOf('message-id')[0] ?? '');
  return { messageId: messageId && own(messageId), references: references.map(own) };
}

function lineageOf(store: Store, kept: Kept): Lineage | Promise<Lineage> {
  const memory = memoryOf(store);
  const known = memory.get(kept.message.id);
  if (known) return known;
  return readLineage(store, kept).then((lineage) => {
    const weight = lineage.references.reduce((sum, id) => sum + id.length + 40, 200);
    memory.set(kept.message.id, lineage, weight);
    return lineage;
  });
}

const ALONE: Lineage = { messageId: null, references: [] };

const ALGORITHMS = {
  REFERENCES: { threads: threadByReferences, reads: true },
  ORDEREDSUBJECT: { threads: threadBySubject, reads: false },
} as const;

interface ThreadArgument extends Program {
  readonly algorithm: keyof typeof ALGORITHMS;
}

function parse(cursor: Cursor): ThreadArgument {
  cursor.space();
  const algorithm = cursor.atom().toUpperCase();
  if (!Object.hasOwn(ALGORITHMS, algorithm)) cursor.fail(`unknown algorithm ${algorithm}`);
  cursor.space();
  return { algorithm: algorithm as keyof typeof ALGORITHMS, ...readProgram(cursor, cursor.astring()) };
}

async function run(session: ImapSession, { algorithm, key, knownCharset }: ThreadArgument, { byUid }: Given): Promise<Completion> {
  if (!knownCharset) return badCharset();
  const { store } = session.deps;
  const { threads, reads } = ALGORITHMS[algorithm];
  const mails: Mail[] = [];
  for (const candidate of await find(session, key)) {
    const { entry, number } = candidate;
    const lineage = reads ? lineageOf(store, entry.kept) : ALONE;
    const known = lineage instanceof Promise ? await lineage.catch(() => ALONE) : lineage;
    const { subject } = entry.kept.message.header;
    mails.push({ number: byUid ? entry.uid : number, order: number, sentAt: sentAt(candidate), subject, ...known });
    if (sliceOver()) await pause();
  }
  const steps = threads(mails);
  let step = steps.next();
  for (; !step.done; step = steps.next()) if (sliceOver()) await pause();
  const text = formatThreads(step.value);
  session.untagged(text === '' ? 'THREAD' : `THREAD ${text}`);
  return ok('Threaded');
}

export const threadCommand = command<ThreadArgument>({ phases: ['selected'], uid: true, numbersStay: true, parse, run });
