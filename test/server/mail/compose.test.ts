// Messages that are built from their parts.

import { expect, test } from 'vitest';
import { composeMessage } from '../../../server/mail/compose.ts';
import { headerFacts } from '../../../server/mail/facts.ts';
import { openMessage } from '../../../server/mail/open.ts';

test('a composed message reads back as it was asked for', async () => {
  const raw = await composeMessage({
    from: 'Jürgen <j@acme.test>',
    to: ['Jo <jo@shop.test>', 'al@shop.test'],
    cc: ['cy@shop.test'],
    bcc: ['secret@shop.test'],
    subject: 'Grüße',
    text: 'Hello\nJo\n',
    html: '<p>Hello <img src="cid:logo"></p>',
    attachments: [
      { filename: 'Übersicht.csv', contentType: 'text/csv', content: Buffer.from('a,b\n').toString('base64') },
      { filename: 'logo.png', content: 'iVBORw0KGgo=', contentId: 'logo' },
    ],
    headers: { 'X-Campaign': 'autumn', 'X-Many': ['1', '2'] },
  });
  const { header, defects } = headerFacts(raw);
  expect(header).toMatchObject({
    from: [{ name: 'Jürgen', address: 'j@acme.test' }],
    toCount: 2,
    cc: [{ address: 'cy@shop.test' }],
    bcc: [],
    subject: 'Grüße',
  });
  expect(defects).toEqual([]);
  expect(raw.toString('latin1')).not.toMatch(/secret|(?<!\r)\n/);

  const opened = await openMessage(raw);
  expect(opened.text?.trim()).toBe('Hello\nJo');
  expect(opened.html).toContain('<p>Hello');
  expect(opened.attachments.map(({ filename, sniffedType, contentId }) => [filename, sniffedType, contentId]).sort()).toEqual([
    ['logo.png', 'image/png', 'logo'],
    ['Übersicht.csv', null, null],
  ]);
  expect(opened.headers.filter(({ name }) => /^x-/i.test(name)).map(({ name, value }) => `${name}: ${value}`)).toEqual([
    'X-Campaign: autumn',
    'X-Many: 1',
    'X-Many: 2',
  ]);
});

test('a message of nothing but a text is whole', async () => {
  const raw = await composeMessage({ from: 'a@acme.test', text: 'x' });
  expect(headerFacts(raw).defects).toEqual([]);
});

test('what a request names is never a file or an address to fetch, and cannot add a field', async () => {
  const raw = await composeMessage({
    from: 'a@acme.test',
    subject: 'x\r\nBcc: y@z.test',
    headers: { 'X-A\r\nX-B': '1\r\nX-C: 2' },
    text: 'x',
  });
  expect((await openMessage(raw)).headers.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['Bcc']));
  expect((await openMessage(raw)).headers.map(({ name }) => name.toLowerCase())).not.toContain('x-c');
});
