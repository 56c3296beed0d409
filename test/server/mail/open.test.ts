// A message opened for reading; the fixtures show the ordinary cases.

import { expect, test } from 'vitest';
import { decodeBody } from '../../../server/mail/decode.ts';
import { findPart } from '../../../server/mail/mime.ts';
import type { MimePart } from '../../../server/mail/mime.ts';
import { openMessage } from '../../../server/mail/open.ts';
import { deepMessages, deepParts, manyParts } from './large.ts';
import { fixture } from './projection.ts';

test('header fields keep their order and their bytes, with the value decoded beside', async () => {
  const { headers } = await openMessage(fixture('words-split'));
  expect(headers.map(({ name }) => name)).toEqual(['From', 'To', 'Date', 'Message-ID', 'Subject']);
  const subject = headers.at(-1);
  expect(subject?.value).toBe('日本語の件名 end (plain)');
  expect(subject?.raw).toMatch(/^Subject: =\?UTF-8\?B\?[^]+\r\n =\?UTF-8[^]+\(plain\)\r\n$/);
});

test('an attachment is served by its part', async () => {
  const raw = fixture('nested');
  const { root, attachments } = await openMessage(raw);
  const pdf = attachments.find(({ filename }) => filename === 'invoice.pdf');
  const content = decodeBody(raw, findPart(root, pdf?.partId ?? '') as MimePart);
  expect(content.toString('latin1')).toMatch(/^%PDF-1\.4\n/);
  expect(content.length).toBe(pdf?.size);
});

test('a message that mailparser refuses is read by our own tree, and the defect names why', async () => {
  const { text, defects } = await openMessage(manyParts(2000));
  expect(defects.filter((defect) => defect.startsWith('mailparser: '))).toHaveLength(1);
  expect(text?.split('\n')).toHaveLength(2000);
});

test.each([
  ['10,000 multiparts in each other', deepParts(10_000)],
  ['10,000 messages in each other', deepMessages(10_000)],
  ['nothing', Buffer.alloc(0)],
  ['NUL octets', Buffer.alloc(1000)],
])('%s are opened without harm', async (_what, raw) => {
  const { root, defects } = await openMessage(raw);
  expect(root.bodyEnd).toBe(raw.length);
  expect(defects).toContain('no-from');
});

test('text that repeats what patterns look for costs no more than its length', async () => {
  const hostile = [
    'a.'.repeat(100_000),
    '(('.repeat(50_000),
    `https://x.test/${')'.repeat(100_000)}`,
    'code '.repeat(20_000),
    '<!---->'.repeat(20_000),
    'a@'.repeat(50_000),
  ];
  for (const text of hostile) {
    const header = `Date: a${' '.repeat(5000)}x\r\nTo: ${text.slice(0, 50_000)}\r\nSubject: ${text.slice(0, 50_000)}\r\nContent-Type: text/html`;
    expect((await openMessage(Buffer.from(`${header}\r\n\r\n${text}`))).codes).toEqual([]);
  }
}, 20_000);

test('codes of a message in HTML only are found', async () => {
  const raw = Buffer.from(
    'Subject: Sign in\r\nContent-Type: text/html\r\n\r\n<style>.c123456{}</style><p>Your code</p><table><td>4<td>8<td>2<td>9<td>1<td>3</table>',
  );
  const { codes, text, html } = await openMessage(raw);
  expect(codes).toEqual(['482913']);
  expect(text).toBeNull();
  expect(html).toContain('<p>Your code</p>');
});
