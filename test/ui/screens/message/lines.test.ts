import { expect, it } from 'vitest';
import { LineReader } from '../../../../ui/screens/message/lines.ts';

it.each([
  ['a\r\nb\r\n', ['a', 'b']],
  ['a\nb', ['a', 'b']],
  ['grün\r\n', ['grün']],
  ['', []],
])('cuts %j into %j, wherever the pieces break', (text, lines) => {
  const bytes = new TextEncoder().encode(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const reader = new LineReader();
    reader.push(bytes.subarray(0, cut), false);
    expect(reader.push(bytes.subarray(cut), true)).toEqual(lines);
  }
});
