import { expect, it } from 'vitest';
import { fakeTerminal } from './terminal.ts';
import { showProgress } from '../../../server/cli/progress.ts';

it('where nobody looks it is a line every five seconds', () => {
  let time = 0;
  const terminal = fakeTerminal();
  const progress = showProgress(terminal, 4_000_000, () => time);
  for (time of [1000, 4999, 5000, 9999, 10_000]) progress.add(500_000);
  progress.end();
  expect(terminal.complaints).toEqual(['37 %, 1.5 of 4.0 MB', '62 %, 2.5 of 4.0 MB']);
});

it.each<[number | null, string[]]>([
  [4_000_000, ['[######------------------] 25 %, 1.0 of 4.0 MB', '[########################] 100 %, 5.0 of 4.0 MB', '']],
  [0, ['[########################] 100 %, 1.0 of 0.0 MB', '[########################] 100 %, 5.0 of 0.0 MB', '']],
  [null, ['1.0 MB', '5.0 MB', '']],
])('of %s octets it is a bar that goes at the end', (total, lines) => {
  let time = 0;
  const drawn: string[] = [];
  const progress = showProgress({ ...fakeTerminal(), redraw: (line) => void drawn.push(line) }, total, () => time);
  time = 100;
  progress.add(1_000_000);
  time = 250;
  progress.add(4_000_000);
  progress.add(1);
  progress.end();
  expect(drawn).toEqual(lines);
});
