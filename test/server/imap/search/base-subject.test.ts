// Base subjects, by the rules and examples of RFC 5256 §2.1.

import { expect, test } from 'vitest';
import { baseSubject } from '../../../../server/imap/search/base-subject.ts';

test.each<[string, string, boolean]>([
  ['', '', false],
  ['Hello', 'Hello', false],
  ['  Hello\t world  ', 'Hello world', false],
  ['Re: Hello', 'Hello', true],
  ['RE:Hello', 'Hello', true],
  ['re : Hello', 'Hello', true],
  ['Fw: Hello', 'Hello', true],
  ['Fwd: Hello', 'Hello', true],
  ['Re: Fwd: Re: Hello', 'Hello', true],
  ['Re[4]: Hello', 'Hello', true],
  ['[list] Hello', 'Hello', false],
  ['[list] Re: [list] Hello', 'Hello', true],
  ['[a] [b] Re: Hello', 'Hello', true],
  ['Hello (fwd)', 'Hello', true],
  ['Hello (fwd) (FWD) ', 'Hello', true],
  ['[Fwd: Hello]', 'Hello', true],
  ['[fwd: Re: Hello (fwd)]', 'Hello', true],
  ['Re: [Fwd: [list] Hello]', 'Hello', true],
  ['[only a blob]', '[only a blob]', false],
  ['[a] [b]', '[b]', false],
  ['Re:', '', true],
  ['Reply: Hello', 'Reply: Hello', false],
  ['Regarding', 'Regarding', false],
  ['AW: Hello', 'AW: Hello', false],
  ['[unclosed Re: Hello', '[unclosed Re: Hello', false],
  ['Hello [x]', 'Hello [x]', false],
])('%j is %j', (subject, base, isReply) => {
  expect(baseSubject(subject)).toEqual({ base, isReply });
});

test.each(['re:', '[a]', '(fwd)', ' ', '[fwd:', '['])('%j again and again costs no more than its length', (piece) => {
  const before = performance.now();
  baseSubject(piece.repeat(20_000));
  baseSubject(`x${piece.repeat(20_000)}y`);
  expect(performance.now() - before).toBeLessThan(1_000);
});
