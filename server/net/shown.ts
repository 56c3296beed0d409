// What the transcript shows of a line that was read.

import type { LiveSession } from './live-session.ts';

/** Takes secrets out of a line. */
export type Shown = (line: string) => string;

export const asIs: Shown = (line) => line;

/** What stands in place of a secret. */
export const HIDDEN = '••••';

/** Of an answer to a challenge only that it was withdrawn (RFC 4954 §4). */
export const answerShown: Shown = (line) => (line === '*' ? line : HIDDEN);

/** Some clients send the secret although the login was refused: after `logins` nothing is shown that is no command. */
export const warily =
  (
    session: Pick<LiveSession, 'command' | 'failure'>,
    logins: readonly string[],
    isCommand: (line: string) => boolean,
    shown: Shown,
  ): Shown =>
  (line) =>
    session.failure !== null && logins.includes(session.command ?? '') && !isCommand(line) ? HIDDEN : shown(line);

/** Lines are latin1; people read UTF-8. What stands in place of a secret is text already. */
export function shownLine(line: string, shown: Shown): string {
  const kept = shown(line);
  return kept === line && /[^\x00-\x7f]/.test(line) ? Buffer.from(line, 'latin1').toString() : kept;
}
