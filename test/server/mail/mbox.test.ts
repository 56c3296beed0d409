import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../server/base/errors.ts';
import { mboxEntry, splitMbox } from '../../../server/mail/mbox.ts';
import { all, cut, hostileBytes, lengths } from './chunks.ts';

const NOON = Date.UTC(2026, 1, 2, 12);
const file = (messages: readonly { sender: string; raw: Buffer }[]): Buffer =>
  Buffer.concat(messages.map(({ sender, raw }) => mboxEntry(sender, NOON, raw)));

/** `sender raw` of each message, quoted as JSON has it. */
const read = async (text: string, limit = 0): Promise<[number, number, string | null, string | undefined][]> =>
  (await all(splitMbox(cut(Buffer.from(text), [7]), limit))).map(({ number, offset, sender, raw }) => [
    number,
    offset,
    sender,
    raw?.toString(),
  ]);

describe('what is written', () => {
  it.each([
    ['a@b.test', 'Subject: x\r\n\r\nHello\r\n', 'From a@b.test Mon Feb  2 12:00:00 2026\nSubject: x\r\n\r\nHello\r\n\n'],
    ['', 'a\n', 'From MAILER-DAEMON Mon Feb  2 12:00:00 2026\na\n\n'],
    ['a@b.test', 'no end', 'From a@b.test Mon Feb  2 12:00:00 2026 unended\nno end\n\n'],
    ['a@b.test', 'From x\n>From y\n a From z\n', 'From a@b.test Mon Feb  2 12:00:00 2026\n>From x\n>>From y\n a From z\n\n'],
    ['"a\nb"@c.test', '\n', 'From "a?b"@c.test Mon Feb  2 12:00:00 2026\n\n\n'],
  ])('by %j of %j is %j', (sender, raw, expected) => {
    expect(file([{ sender, raw: Buffer.from(raw) }]).toString()).toBe(expected);
  });
});

describe('what was written', () => {
  it('comes back octet by octet, however it is cut', async () => {
    const messages = fc.array(fc.record({ sender: fc.constantFrom('', 'a@b.test', '"odd one"@b.test', 'ü@b.test'), raw: hostileBytes }));
    await fc.assert(
      fc.asyncProperty(messages, lengths, async (written, pieces) => {
        const found = await all(splitMbox(cut(file(written), pieces), 0));
        expect(found.map(({ sender, raw }) => ({ sender, raw: raw?.toString('latin1') }))).toEqual(
          written.map(({ sender, raw }) => ({ sender, raw: raw.toString('latin1') })),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('beyond the limit is left out, and the rest is there', async () => {
    const sizes = [10, 50_000, 1000, 1001, 10];
    const written = sizes.map((size, i) => ({ sender: 'a@b.test', raw: Buffer.alloc(size, i % 2 === 0 ? 'x' : 'From \n') }));
    const found = await all(splitMbox(cut(file(written), [300]), 1000));
    expect(found.map(({ raw }) => raw?.length ?? null)).toEqual([10, null, 1000, null, 10]);
    const whole = await all(splitMbox(cut(file(written), [300]), 0));
    expect(found.map(({ offset }) => offset)).toEqual(whole.map(({ offset }) => offset));
  });
});

describe('a file of another program', () => {
  it.each<[string, string, [number, number, string | null, string | undefined][]]>([
    [
      'with LF',
      'From a@b.test Mon Feb  2 10:00:00 2026\nS: 1\n\none\n\nFrom c@d.test Tue Feb 3 10:00 2026\ntwo\n\n',
      [
        [1, 0, 'a@b.test', 'S: 1\n\none\n'],
        [2, 50, 'c@d.test', 'two\n'],
      ],
    ],
    [
      'with CRLF',
      'From a@b Mon Feb  2 10:00:00 2026\r\none\r\n\r\nFrom a@b Mon Feb  2 10:00:00 2026\r\ntwo\r\n\r\n',
      [
        [1, 0, 'a@b', 'one\r\n'],
        [2, 42, 'a@b', 'two\r\n'],
      ],
    ],
    [
      'without blank lines',
      'From a@b Mon Feb  2 10:00:00 2026\none\nFrom a@b Mon Feb  2 10:00:00 2026\ntwo\n',
      [
        [1, 0, 'a@b', 'one\n'],
        [2, 38, 'a@b', 'two\n'],
      ],
    ],
    ['that ends without a line end', 'From a@b Mon Feb  2 10:00:00 2026\none', [[1, 0, 'a@b', 'one']]],
    [
      'that names no sender',
      'From - Mon Feb  2 10:00:00 2026\none\n\nFrom \r\ntwo\n\nFrom -\nthree\n',
      [
        [1, 0, null, 'one\n'],
        [2, 37, null, 'two\n'],
        [3, 49, null, 'three\n'],
      ],
    ],
    [
      'with zones and the day first',
      'From a@b Mon Feb  2 10:00:00 +0100 2026\n1\n\nFrom a@b Mon Feb  2 10:00:00 2026 EST\n2\n\nFrom a@b Mon, 02 Feb 2026 10:00:00 +0100\n3\n',
      [
        [1, 0, 'a@b', '1\n'],
        [2, 43, 'a@b', '2\n'],
        [3, 84, 'a@b', '3\n'],
      ],
    ],
    ['with a null sender', 'From MAILER-DAEMON Mon Feb  2 10:00:00 2026\n1\n', [[1, 0, '', '1\n']]],
    [
      'that quotes too little',
      'From a@b Mon Feb  2 10:00:00 2026\n\nFrom here on\nFrom Monday at 10:00 in 2026\n>From there\n',
      [[1, 0, 'a@b', '\nFrom here on\nFrom Monday at 10:00 in 2026\nFrom there\n']],
    ],
    ['after blank lines', '\n\r\nFrom me\none\n', [[1, 3, 'me', 'one\n']]],
    ['that is empty', '', []],
  ])('%s is read', async (_what, text, expected) => {
    expect(await read(text)).toEqual(expected);
  });

  it.each([
    ['that begins with a message', 'Subject: a message\n\nFrom a@b Mon Feb  2 10:00:00 2026\n'],
    ['that is a zip', 'PK\u0003\u0004'],
    ['that is one long line', 'x'.repeat(5000)],
  ])('%s is refused', async (_what, text) => {
    await expect(read(text, 100)).rejects.toThrow(Refusal);
  });

  it('with one endless line keeps none of it', async () => {
    const text = `From a@b Mon Feb  2 10:00:00 2026\n${'From x'.repeat(1000)}\n\nFrom a@b Mon Feb  2 10:00:00 2026\ntwo\n`;
    expect(await read(text, 100)).toEqual([
      [1, 0, 'a@b', undefined],
      [2, 34 + 6002, 'a@b', 'two\n'],
    ]);
  });
});
