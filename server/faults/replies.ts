// Replies as they are written in a rule, made ready for the wire.

import type { Spoken } from './decide.ts';
import type { Then, WrittenReply } from './fault.ts';
import type { FaultProtocol } from './stages.ts';

/** What a reply of each protocol looks like. */
export const REPLY: Readonly<Record<FaultProtocol, RegExp>> = {
  smtp: /^[245]\d\d(?: |$)/,
  imap: /^(?:NO|BAD|BYE) \S/,
  pop3: /^(?:\+OK|-ERR)(?: |$)/,
};

const CODED = /^(\d{3})(?: (\d\.\d{1,3}\.\d{1,3}))?(?: (.*))?$/;

function ofSmtp(code: number, enhanced: string | null, texts: readonly string[], then: Then | undefined): Spoken {
  const codes = enhanced === null ? '' : ` ${enhanced}`;
  const last = texts.length - 1;
  const lines = texts.map((text, i) =>
    `${code}${i < last ? '-' : codes === '' && text === '' ? '' : ' '}${codes.slice(1)}${codes === '' ? '' : ' '}${text}`.trimEnd(),
  );
  // A server that says so closes, unless it is to break its word (RFC 5321 §3.8).
  return { lines, code, enhanced, text: texts[last] ?? '', then: then ?? (code === 421 ? 'close' : 'continue') };
}

/** Expects what `readRule` has checked. */
export function spoken(written: WrittenReply, protocol: FaultProtocol): Spoken {
  if (typeof written !== 'string') return ofSmtp(written.code, written.enhanced ?? null, written.lines, written.then);
  if (protocol === 'smtp') {
    const [, code = '', enhanced = null, text = ''] = CODED.exec(written) ?? [];
    return ofSmtp(Number(code), enhanced, [text], undefined);
  }
  const closes = protocol === 'imap' && written.startsWith('BYE');
  return { lines: [written], code: 0, enhanced: null, text: written, then: closes ? 'close' : 'continue' };
}
