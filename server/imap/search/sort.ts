// SORT and UID SORT (RFC 5256 §3, RFC 5957, RFC 5267).

import type { MailAddress } from '../../mail/message.ts';
import { servedSize } from '../../store/served.ts';
import { sortInSlices } from '../../store/sorting.ts';
import type { Compare } from '../../store/sorting.ts';
import type { Completion, Given } from '../command.ts';
import { command, ok } from '../command.ts';
import { switchOnCondstore } from '../selected.ts';
import type { ImapSession } from '../session.ts';
import type { Cursor } from '../syntax/cursor.ts';
import { baseSubject } from './base-subject.ts';
import { find } from './find.ts';
import { asksModseq } from './keys.ts';
import { badCharset, readProgram } from './program.ts';
import type { Program } from './program.ts';
import type { Candidate } from './reading.ts';
import { forget, readReturn, tellResult } from './results.ts';
import type { ReturnOptions } from './results.ts';

type Value = string | number;

interface Criterion {
  readonly name: string;
  readonly valueOf: (candidate: Candidate, traceHeaders: boolean) => Value;
  readonly reverse: boolean;
}

interface SortArgument extends Program {
  readonly returned: ReturnOptions | null;
  readonly criteria: readonly Criterion[];
}

/** As i;unicode-casemap compares text (RFC 5051 §2); most text is ASCII, which needs no decomposing. */
export const collated = (text: string): string => (/^[\x00-\x7f]*$/.test(text) ? text : text.normalize('NFKD')).toUpperCase();

/** The local part of the first address (RFC 5256 §3). */
function mailboxOf([first]: readonly MailAddress[]): string {
  if (!first) return '';
  const at = first.address.lastIndexOf('@');
  return collated(at < 0 ? first.address || first.name : first.address.slice(0, at));
}

/** What a person sees of the first address (RFC 5957 §3). */
const displayOf = ([first]: readonly MailAddress[]): string => (first ? collated(first.name || first.address) : '');

/** When it was sent, or else when it came (RFC 5256 §2.2). */
export const sentAt = ({ entry }: Candidate): number => entry.kept.message.header.date ?? entry.internalDate;

const VALUES: Readonly<Record<string, Criterion['valueOf']>> = {
  ARRIVAL: ({ entry }) => entry.internalDate,
  CC: ({ entry }) => mailboxOf(entry.kept.message.header.cc),
  DATE: sentAt,
  DISPLAYFROM: ({ entry }) => displayOf(entry.kept.message.header.from),
  DISPLAYTO: ({ entry }) => displayOf(entry.kept.message.header.to),
  FROM: ({ entry }) => mailboxOf(entry.kept.message.header.from),
  SIZE: ({ entry }, traceHeaders) => servedSize(entry, traceHeaders),
  SUBJECT: ({ entry }) => collated(baseSubject(entry.kept.message.header.subject).base),
  TO: ({ entry }) => mailboxOf(entry.kept.message.header.to),
};

function readCriterion(cursor: Cursor): Criterion {
  const reverse = cursor.take('REVERSE ');
  const name = cursor.atom().toUpperCase();
  const valueOf = Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
  return { name, valueOf: valueOf ?? cursor.fail(`unknown sort key ${name}`), reverse };
}

function parse(cursor: Cursor): SortArgument {
  const returned = readReturn(cursor);
  cursor.space();
  const named = cursor.list(() => readCriterion(cursor), 1);
  // A key that stands again decides nothing more.
  const criteria = named.filter(({ name }, i) => named.findIndex((each) => each.name === name) === i);
  cursor.space();
  return { returned, criteria, ...readProgram(cursor, cursor.astring()) };
}

interface Row {
  readonly candidate: Candidate;
  readonly values: readonly Value[];
}

/** Among equals the order of the mailbox, whatever is reversed. */
function comparison(criteria: readonly Criterion[]): Compare<Row> {
  return (a, b) => {
    for (let i = 0; i < criteria.length; i++) {
      const [left, right] = [a.values[i] as Value, b.values[i] as Value];
      if (left !== right) return left < right === criteria[i]?.reverse ? 1 : -1;
    }
    return a.candidate.number - b.candidate.number;
  };
}

async function run(session: ImapSession, { returned, criteria, key, knownCharset }: SortArgument, given: Given): Promise<Completion> {
  if (!knownCharset) {
    forget(session, returned);
    return badCharset();
  }
  const modseq = asksModseq(key);
  if (modseq) switchOnCondstore(session);
  const { traceHeaders } = session.deps.settings;
  const rowOf = (candidate: Candidate): Row => ({ candidate, values: criteria.map(({ valueOf }) => valueOf(candidate, traceHeaders)) });
  const rows = await sortInSlices(await find(session, key), rowOf, comparison(criteria));
  tellResult(session, given, 'SORT', returned, { found: rows.map(({ candidate }) => candidate), modseq });
  return ok('Sorted');
}

export const sortCommand = command<SortArgument>({ phases: ['selected'], uid: true, numbersStay: true, parse, run });
