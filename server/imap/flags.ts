// Flags: as a client may give them, and as a mailbox's replies list them (RFC 9051 §2.3.2).

import type { SelectedView } from './selected-view.ts';
import type { Cursor } from './syntax/cursor.ts';

const SYSTEM = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'] as const;
const SPELLINGS: ReadonlyMap<string, string> = new Map(SYSTEM.map((flag) => [flag.toLowerCase(), flag]));

/** One flag. `\Recent` is the server's alone, and system flags that nobody knows cannot be kept (RFC 9051 §7.1, PERMANENTFLAGS). */
export function readFlag(cursor: Cursor): string {
  const flag = cursor.flag();
  if (!flag.startsWith('\\')) return flag.includes(']') ? cursor.fail('a flag has no "]"') : flag;
  return SPELLINGS.get(flag.toLowerCase()) ?? cursor.fail(`${flag} cannot be set`);
}

/** Without doubles, keywords in the first spelling. */
export function distinct(flags: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const flag of flags) if (!found.has(flag.toLowerCase())) found.set(flag.toLowerCase(), flag);
  return [...found.values()];
}

export const flagList = (view: SelectedView): string => [...SYSTEM, ...view.keywords].join(' ');

/** `\*`: any keyword may be made. */
export const permanentFlags = (view: SelectedView): string => (view.readOnly ? '' : `${flagList(view)} \\*`);
