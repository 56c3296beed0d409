// Which modifiers and endings are legal at which stage of which protocol, and what can be matched there: one table for refusals, tests and docs.

import type { FaultProtocol, Stage } from './stages.ts';
import { STAGES } from './stages.ts';

export const MODIFIERS = ['delay', 'throttle', 'trickle', 'capabilities', 'certificate', 'tls', 'silence', 'uidValidity'] as const;
export type ModifierName = (typeof MODIFIERS)[number];
export const isModifier = (name: string): name is ModifierName => (MODIFIERS as readonly string[]).includes(name);

export const ENDINGS = [
  'reply',
  'close',
  'reset',
  'stall',
  'truncate',
  'discard',
  'hold',
  'corrupt',
  'acceptThen',
  'bounce',
  'pass',
] as const;
export type EndingName = (typeof ENDINGS)[number];

export type MatchField = 'sender' | 'recipient' | 'domain' | 'clientIp' | 'helo' | 'user' | 'header' | 'subject' | 'size' | 'mailbox';

export interface Cell {
  readonly modifiers: readonly ModifierName[];
  readonly endings: readonly EndingName[];
  readonly matches: readonly MatchField[];
}

const SLOW: readonly ModifierName[] = ['delay', 'throttle', 'trickle'];
const CUT: readonly EndingName[] = ['close', 'reset', 'stall', 'pass'];
/** What can become of a command that has one answer. */
const ANSWERED: readonly EndingName[] = ['reply', 'truncate', 'corrupt', ...CUT];
/** Replies of the readers have no codes to corrupt. */
const READ: readonly EndingName[] = ['reply', 'truncate', ...CUT];

const CLIENT: readonly MatchField[] = ['clientIp'];
const GREETED: readonly MatchField[] = [...CLIENT, 'helo'];
const LOGGED_IN: readonly MatchField[] = [...GREETED, 'user'];
const SENDER: readonly MatchField[] = [...LOGGED_IN, 'sender'];
const RECIPIENT: readonly MatchField[] = [...SENDER, 'recipient', 'domain'];
const WHOLE: readonly MatchField[] = [...RECIPIENT, 'header', 'subject', 'size'];
const READER: readonly MatchField[] = [...CLIENT, 'user'];
const MAILBOX: readonly MatchField[] = [...READER, 'mailbox'];

const cell = (modifiers: readonly ModifierName[], endings: readonly EndingName[], matches: readonly MatchField[]): Cell => ({
  modifiers,
  endings,
  matches,
});

type Cells<P extends FaultProtocol> = Readonly<Record<(typeof STAGES)[P][number], Cell>>;

export const CELLS: { readonly [P in FaultProtocol]: Cells<P> } = {
  smtp: {
    connect: cell(['delay'], CUT, CLIENT),
    banner: cell(SLOW, ANSWERED, CLIENT),
    ehlo: cell([...SLOW, 'capabilities'], ANSWERED, GREETED),
    starttls: cell(SLOW, ANSWERED, GREETED),
    tls: cell(['delay', 'certificate', 'tls'], CUT, GREETED),
    auth: cell(SLOW, ANSWERED, LOGGED_IN),
    mail: cell(SLOW, ANSWERED, SENDER),
    rcpt: cell(SLOW, ANSWERED, RECIPIENT),
    data: cell(SLOW, ANSWERED, RECIPIENT),
    body: cell(['delay', 'throttle'], ['truncate', ...CUT], RECIPIENT),
    'end-of-data': cell(SLOW, [...ANSWERED, 'acceptThen', 'discard'], WHOLE),
    bdat: cell(SLOW, ANSWERED, RECIPIENT),
    rset: cell(SLOW, ANSWERED, LOGGED_IN),
    noop: cell(SLOW, ANSWERED, LOGGED_IN),
    quit: cell(SLOW, ANSWERED, LOGGED_IN),
    any: cell(SLOW, ANSWERED, LOGGED_IN),
  },
  imap: {
    connect: cell(['delay'], CUT, CLIENT),
    greeting: cell([...SLOW, 'capabilities'], READ, CLIENT),
    starttls: cell(SLOW, READ, CLIENT),
    tls: cell(['delay', 'certificate', 'tls'], CUT, CLIENT),
    login: cell([...SLOW, 'capabilities'], READ, READER),
    select: cell([...SLOW, 'uidValidity'], READ, MAILBOX),
    fetch: cell(SLOW, READ, MAILBOX),
    idle: cell([...SLOW, 'silence'], READ, MAILBOX),
    append: cell(SLOW, [...READ, 'acceptThen'], MAILBOX),
    store: cell(SLOW, [...READ, 'acceptThen'], MAILBOX),
    search: cell(SLOW, READ, MAILBOX),
    quit: cell(SLOW, READ, READER),
    any: cell(SLOW, READ, MAILBOX),
  },
  pop3: {
    connect: cell(['delay'], CUT, CLIENT),
    greeting: cell([...SLOW, 'capabilities'], READ, CLIENT),
    starttls: cell(SLOW, READ, CLIENT),
    tls: cell(['delay', 'certificate', 'tls'], CUT, CLIENT),
    login: cell(SLOW, READ, READER),
    retr: cell(SLOW, READ, READER),
    dele: cell(SLOW, [...READ, 'acceptThen'], READER),
    quit: cell(SLOW, [...READ, 'acceptThen'], READER),
    any: cell(SLOW, READ, READER),
  },
};

/** Undefined where the protocol has no such stage. */
export const cellAt = (protocol: FaultProtocol, stage: string): Cell | undefined =>
  Object.hasOwn(CELLS[protocol], stage) ? (CELLS[protocol] as Readonly<Record<string, Cell>>)[stage] : undefined;

/** Every cell with its place. */
export function* allCells(): Generator<Cell & { readonly protocol: FaultProtocol; readonly stage: Stage }> {
  for (const protocol of ['smtp', 'imap', 'pop3'] as const) {
    for (const stage of STAGES[protocol]) yield { protocol, stage, ...(cellAt(protocol, stage) as Cell) };
  }
}
