// Flags: as a client may give them, and as a mailbox's replies list them (RFC 9051 §2.3.2).

import { Refusal } from '../base/errors.ts';
import type { SelectedView } from './selected-view.ts';
import type { Cursor } from './syntax/cursor.ts';

const SYSTEM = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'] as const;
const SPELLINGS: ReadonlyMap<string, string> = new Map(SYSTEM.map((flag) => [flag.toLowerCase(), flag]));

/** Octets of a keyword, how many flags a command may give, and how many keywords a mailbox may have. */
const LONGEST_KEYWORD = 255;
const MOST_FLAGS = 100;
const MOST_KEYWORDS = 1_000;

function limited(what: string): never {
  throw new Refusal('busy', what);
}

/** One flag. `\Recent` is the server's alone, and system flags that nobody knows cannot be kept (RFC 9051 §7.1, PERMANENTFLAGS). */
export function readFlag(cursor: Cursor): string {
  const flag = cursor.flag();
  if (!flag.startsWith('\\')) {
    if (flag.length > LONGEST_KEYWORD) limited('The keyword is too long');
    return flag.includes(']') ? cursor.fail('a flag has no "]"') : flag;
  }
  return SPELLINGS.get(flag.toLowerCase()) ?? cursor.fail(`${flag} cannot be set`);
}

/** Without doubles, keywords in the first spelling. */
export function distinct(flags: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const flag of flags) if (!found.has(flag.toLowerCase())) found.set(flag.toLowerCase(), flag);
  if (found.size > MOST_FLAGS) limited('Too many flags at once');
  return [...found.values()];
}

/** Throws `Refusal` where a mailbox would get more keywords than it may have. */
export function checkKeywords({ keywords }: SelectedView, flags: readonly string[]): void {
  const more = flags.filter((flag) => !flag.startsWith('\\') && !keywords.includes(flag)).length;
  if (more > 0 && keywords.length + more > MOST_KEYWORDS) limited('The mailbox has as many keywords as it can');
}

export const flagList = (view: SelectedView): string => [...SYSTEM, ...view.keywords].join(' ');

/** `\*`: any keyword may be made. */
export function permanentFlags(view: SelectedView): string {
  if (view.readOnly) return '';
  return view.keywords.length < MOST_KEYWORDS ? `${flagList(view)} \\*` : flagList(view);
}
