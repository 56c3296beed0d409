// The subject without what replies and forwards put around it, by which messages are sorted and threaded (RFC 5256 §2.1). Pure.

import { memo } from '../../base/memo.ts';

// `[blob] re [blob]:`; what stands in a blob has no brackets.
const LEADER = /^(?:\[[^[\]]*\]\s*)*(?:re|fwd?)\s*(?:\[[^[\]]*\]\s*)?:\s*/i;
const BLOB = /^\[[^[\]]*\]\s*(?=\S)/;
const TRAILER = /(?:\s*\(fwd\))+\s*$|\s+$/i;
const FORWARDED = /^\[fwd:([^]*)\]$/i;

/** Characters that are looked at: no honest subject is longer, and each step may pass over all of it. */
const LONGEST = 2_000;

export interface BaseSubject {
  readonly base: string;
  /** Something that replies and forwards begin or end with was taken off. */
  readonly isReply: boolean;
}

/** Step 1 is done: the subject is decoded. Steps 2 to 6. */
function strip(subject: string): BaseSubject {
  let base = subject.slice(0, LONGEST).replace(/\s+/g, ' ').trimStart();
  let isReply = false;
  for (;;) {
    const before = base;
    const whole = base.replace(TRAILER, '');
    if (whole !== base.trimEnd()) isReply = true;
    base = whole;
    for (;;) {
      const leader = LEADER.exec(base)?.[0];
      if (leader !== undefined) {
        isReply = true;
        base = base.slice(leader.length);
        continue;
      }
      const blob = BLOB.exec(base)?.[0];
      if (blob === undefined) break;
      base = base.slice(blob.length);
    }
    const forwarded = FORWARDED.exec(base)?.[1];
    if (forwarded !== undefined) {
      isReply = true;
      base = forwarded.trimStart();
    } else if (base === before) return { base, isReply };
  }
}

/** A decoded subject's base, in the case that it was written in. */
export const baseSubject = memo(strip);
