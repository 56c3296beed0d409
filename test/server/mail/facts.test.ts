// What the header block alone tells, and what is wrong with it.

import { describe, expect, test } from 'vitest';
import { headerFacts } from '../../../server/mail/facts.ts';
import { manyRecipients } from './large.ts';

const GOOD = 'From: a@acme.test\r\nDate: Tue, 24 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@acme.test>\r\n';
const facts = (text: string): ReturnType<typeof headerFacts> => headerFacts(Buffer.from(text, 'latin1'));

test('a plain header', () => {
  expect(
    facts(
      `${GOOD}To: Jo <jo@shop.test>, al@shop.test\r\nCc: bo@shop.test\r\nBcc: cy@shop.test\r\nSubject: Hello\r\n there\r\n\r\nSubject: no\r\n`,
    ),
  ).toEqual({
    header: {
      from: [{ name: '', address: 'a@acme.test' }],
      to: [
        { name: 'Jo', address: 'jo@shop.test' },
        { name: '', address: 'al@shop.test' },
      ],
      cc: [{ name: '', address: 'bo@shop.test' }],
      bcc: [{ name: '', address: 'cy@shop.test' }],
      toCount: 2,
      subject: 'Hello there',
      messageId: '1@acme.test',
      date: Date.UTC(2026, 10, 24, 12),
    },
    defects: [],
  });
});

describe('defects', () => {
  test.each<[header: string, defects: string[]]>([
    [GOOD, []],
    ['', ['no-header', 'no-from', 'no-date', 'no-message-id']],
    ['\r\nFrom: x@y.test\r\n', ['no-header', 'no-from', 'no-date', 'no-message-id']],
    [GOOD.replace('Date', 'X-Date'), ['no-date']],
    [GOOD.replace('From', 'X-From'), ['no-from']],
    [GOOD.replace('Message-ID', 'X-ID'), ['no-message-id']],
    [GOOD.replace('24 Nov', 'soon'), ['bad-date']],
    [`${GOOD}Subject: a\r\nSUBJECT: b\r\nTo: a@b.test\r\nTo: c@d.test\r\n`, ['duplicate-subject', 'duplicate-to']],
    [`${GOOD}Received: a\r\nReceived: b\r\nComments: a\r\nComments: b\r\n`, []],
    [`${GOOD}no field\r\nnor this\r\n`, ['malformed-header-line']],
    [`${GOOD}Subject: Gr\xc3\xbc\xc3\x9fe\r\n`, ['non-ascii-header']],
    [`${GOOD}Subject: Gr\xfc\xdfe\r\n`, ['undeclared-charset-header']],
  ])('%j', (header, defects) => {
    expect(facts(header).defects).toEqual(defects);
  });

  test('a header over the limit is read up to it', () => {
    const { header, defects } = headerFacts(Buffer.from(`${GOOD}Subject: x\r\n${'X: y\r\n'.repeat(100)}To: a@b.test\r\n\r\n`), {
      headerSize: 200,
    });
    expect([header.subject, header.toCount, defects]).toEqual(['x', 0, ['long-header']]);
  });
});

test.each([
  ['<1@acme.test>', '1@acme.test'],
  [' <1@acme.test> (made up)', '1@acme.test'],
  ['1@acme.test', '1@acme.test'],
  ['', null],
  ['<>', null],
  ['<1@acme.test', '<1@acme.test'],
])('the Message-ID %j is %j', (value, id) => {
  expect(facts(`Message-ID: ${value}\r\n`).header.messageId).toBe(id);
});

test('the recipients of a second To count too', () => {
  expect(facts('To: a@b.test\r\nTo: c@d.test\r\n').header.to.map(({ address }) => address)).toEqual(['a@b.test', 'c@d.test']);
});

test.each<[string, (i: number) => string]>([
  ['plain', (i) => `user${i}@shop.test`],
  ['named', (i) => `User ${i} <user${i}@shop.test>`],
  ['quoted', (i) => `"User, ${i}" <user${i}@shop.test>`],
  ['commented', (i) => `user${i}@shop.test (no, ${i})`],
])('of 10,000 %s recipients 100 are kept and all are counted', (_form, write) => {
  const { header, defects } = headerFacts(manyRecipients(10_000, write));
  expect(header.toCount).toBe(10_000);
  expect(header.to).toHaveLength(100);
  expect(header.to[99]?.address).toBe('user99@shop.test');
  expect(header.subject).toBe('Many');
  expect(defects).not.toContain('long-header');
});
