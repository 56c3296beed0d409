// A transcript keeps the beginning and the end.

import { describe, expect, it } from 'vitest';
import { Transcript } from '../../../server/net/transcript.ts';

function filled(maxLines: number, lines: number): Transcript {
  const transcript = new Transcript(maxLines);
  for (let i = 1; i <= lines; i++) transcript.add(i, 'client', `line ${i}`, null, null);
  return transcript;
}

const numbers = (transcript: Transcript): number[] => transcript.lines().map(({ at }) => at);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('a transcript', () => {
  it.each([
    ['all lines while there is room', 1_000, 1_000, range(1, 1_000), false],
    ['the first 100 and the newest', 1_000, 5_555, [...range(1, 100), ...range(4_656, 5_555)], true],
    ['the newest one at least', 100, 250, [...range(1, 99), 250], true],
    ['all lines without a limit', 0, 3_000, range(1, 3_000), false],
  ])('keeps %s', (_, maxLines, lines, kept, truncated) => {
    const transcript = filled(maxLines, lines);
    expect(numbers(transcript)).toEqual(kept);
    expect(transcript.truncated).toBe(truncated);
    expect(transcript.count).toBe(lines);
  });

  it('says what it costs, also after lines have been dropped', () => {
    const small = filled(200, 200).size;
    const same = new Transcript(200);
    for (let i = 1; i <= 2_000; i++) same.add(i, 'client', `line ${(i % 200) + 1}`, null, null);
    expect(same.size).toBeGreaterThan(small / 2);
    expect(same.size).toBeLessThan(small * 2);
  });

  it('goes on after it was cleared', () => {
    const transcript = filled(1_000, 50);
    transcript.clear();
    expect([numbers(transcript), transcript.size, transcript.truncated]).toEqual([[], 0, true]);
    transcript.add(51, 'server', 'next', null, null);
    expect(transcript.lines()).toEqual([{ number: 51, at: 51, side: 'server', text: 'next', bytes: null, faultId: null }]);
    for (let i = 52; i <= 2_000; i++) transcript.add(i, 'client', 'x', 10, 'fault');
    expect(numbers(transcript)).toEqual([...range(51, 100), ...range(1_101, 2_000)]);
    expect(transcript.lines().at(-1)).toEqual({ number: 2_000, at: 2_000, side: 'client', text: 'x', bytes: 10, faultId: 'fault' });
  });

  it('tells no octets from none', () => {
    const transcript = new Transcript(10);
    transcript.add(1, 'client', '', 0, null);
    transcript.add(2, 'client', 'text', null, null);
    expect(transcript.lines().map(({ bytes }) => bytes)).toEqual([0, null]);
  });
});
