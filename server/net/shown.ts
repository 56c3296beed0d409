// What the transcript shows of a line that was read.

/** Takes secrets out of a line. */
export type Shown = (line: string) => string;

export const asIs: Shown = (line) => line;

/** Lines are latin1; people read UTF-8. What stands in place of a secret is text already. */
export function shownLine(line: string, shown: Shown): string {
  const kept = shown(line);
  return kept === line && /[^\x00-\x7f]/.test(line) ? Buffer.from(line, 'latin1').toString() : kept;
}
