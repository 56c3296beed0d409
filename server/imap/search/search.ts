// SEARCH and UID SEARCH (RFC 9051 §6.4.4).

import type { Completion, Given } from '../command.ts';
import { command, ok } from '../command.ts';
import { switchOnCondstore } from '../selected.ts';
import type { ImapSession } from '../session.ts';
import type { Cursor } from '../syntax/cursor.ts';
import { find } from './find.ts';
import { asksModseq } from './keys.ts';
import { badCharset, readProgram } from './program.ts';
import type { Program } from './program.ts';
import { forget, readReturn, tellResult } from './results.ts';
import type { ReturnOptions } from './results.ts';

interface SearchArgument extends Program {
  readonly returned: ReturnOptions | null;
}

function parse(cursor: Cursor): SearchArgument {
  const returned = readReturn(cursor);
  const charset = cursor.take(' CHARSET ') ? cursor.astring() : null;
  return { returned, ...readProgram(cursor, charset) };
}

async function run(session: ImapSession, { returned, key, knownCharset }: SearchArgument, given: Given): Promise<Completion> {
  if (!knownCharset) {
    forget(session, returned);
    return badCharset();
  }
  const modseq = asksModseq(key);
  if (modseq) switchOnCondstore(session);
  const found = await find(session, key);
  tellResult(session, given, 'SEARCH', returned, { found, modseq });
  return ok('Searched');
}

export const searchCommand = command<SearchArgument>({ phases: ['selected'], uid: true, numbersStay: true, parse, run });
