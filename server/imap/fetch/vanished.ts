// Which messages of a set are gone since a client last looked (RFC 7162 §3.2.6).

import type { Mailbox } from '../../store/state.ts';
import { inSet } from '../syntax/sequence-set.ts';
import type { Range } from '../syntax/sequence-set.ts';

/** Every UID below UIDNEXT that is in the ranges and in the mailbox no more. */
function* gapsIn({ entries, uidNext }: Mailbox, ranges: readonly Range[]): Generator<number> {
  for (const { first, last } of ranges) {
    const end = Math.min(last, uidNext - 1);
    let position = entries.lowerBound(first);
    for (let uid = first; uid <= end; uid++) {
      if (entries.at(position)?.uid === uid) position++;
      else yield uid;
    }
  }
}

/** Ascending UIDs. Where the log does not reach back so far: all that are not there, which a client must bear (RFC 7162 §3.2.6). */
export function vanishedSince(mailbox: Mailbox, modseq: number, ranges: readonly Range[]): number[] {
  const { entries, log } = mailbox;
  if (modseq < log.floor) return [...gapsIn(mailbox, ranges)];
  const gone = new Set<number>();
  for (let i = log.changes.lowerBound(modseq + 1); i < log.changes.length; i++) {
    const uid = log.changes.at(i)?.uid ?? 0;
    if (entries.indexOf(uid) < 0 && inSet(ranges, uid)) gone.add(uid);
  }
  return [...gone].sort((a, b) => a - b);
}
