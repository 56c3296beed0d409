// What a search finds inside a message, whatever its form.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentOf, foldText } from '../../../server/mail/content.ts';

const mail = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));
const html = (body: string): Buffer => mail('Content-Type: text/html; charset=utf-8', '', body);
const file = mail(
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/html',
  '',
  '<p>See the <b>file</b></p>',
  '--b',
  'Content-Type: text/plain',
  '',
  'Plain words',
  '--b',
  'Content-Type: text/plain; name="Notes.txt"',
  '',
  'attached words',
  '--b--',
);

test.each([
  ['no content fields', mail('Subject: x', '', 'Hello\r\nJo'), 'hello jo'],
  [
    'plain text as UTF-8',
    mail('Content-Type: text/plain; charset="UTF-8"', 'Content-Transfer-Encoding: 8bit', '', 'Grüße  an\r\n\tAlle'),
    'grüße an alle',
  ],
  ['UTF-8 that is not declared', mail('', 'Grüße'), 'grüße'],
  ['another charset', Buffer.from('Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe', 'latin1'), 'grüße'],
  ['bytes that are no UTF-8', Buffer.from('Content-Type: text/plain; charset=utf-8\r\n\r\nGr\xfc\xdfe', 'latin1'), 'gr��e'],
  [
    'quoted-printable',
    mail('Content-Transfer-Encoding: quoted-printable', '', 'Gr=C3=BC=C3=9Fe and a soft=', ' break'),
    'grüße and a soft break',
  ],
  ['base64', mail('Content-Transfer-Encoding: base64', '', 'SGVsbG8gSm8='), 'hello jo'],
  [
    'folded content fields',
    mail('Content-Type: text/plain;', ' charset=iso-8859-1', 'Content-Transfer-Encoding:', ' base64', '', '/A=='),
    'ü',
  ],
  ['flowed text', mail('Content-Type: text/plain; format=flowed', '', 'one ', 'line'), 'one line'],
  ['HTML', html('<style>p{}</style><p>Hello&nbsp;<b>J</b>o</p>'), 'hello jo'],
  ['several parts', file, 'see the file plain words'],
  ['nothing', Buffer.alloc(0), ''],
])('the words of %s', (_, raw, words) => {
  expect(contentOf(raw).words.trim()).toBe(words);
});

test('attachments are counted and named, and their text is not searched', () => {
  const { attachments, filenames, html: isHtml, opening } = contentOf(file);
  expect({ attachments, filenames, isHtml, opening }).toEqual({
    attachments: 1,
    filenames: ['Notes.txt'],
    isHtml: true,
    opening: 'Plain words',
  });
});

test.each([
  ['a link in plain text', mail('', 'see https://a.test/'), { link: true, code: false }],
  ['a link in HTML', html('<a href="https://a.test/">see</a>'), { link: true, code: false }],
  ['an anchor in HTML', html('<a name="x">see</a>'), { link: false, code: false }],
  ['a code', mail('', 'Your code is\r\n482913'), { link: false, code: true }],
])('%s is found', (_, raw, found) => {
  const { link, code } = contentOf(raw);
  expect({ link, code }).toEqual(found);
});

describe('a long text', () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i} sagt Grüße`);
  const expected = foldText(lines.join('\r\n'));
  const text = lines.join('\r\n');
  const quoted = text.replaceAll('ü', '=C3=BC').replaceAll('ß', '=C3=9F');

  test.each([
    ['as it stands', mail('Content-Type: text/plain; charset=utf-8', '', text)],
    ['quoted-printable', mail('Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable', '', quoted)],
    [
      'base64',
      mail(
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n'),
      ),
    ],
    ['HTML', html(lines.map((line) => `<p title="no">${line}</p>`).join('\r\n'))],
  ])('%s is decoded in steps and is whole', (_, raw) => {
    const content = contentOf(raw);
    let steps = 0;
    for (const _step of content.decoding) steps++;
    expect(steps).toBeGreaterThan(5);
    expect(content.words).toBe(expected);
    expect(contentOf(raw).words).toBe(expected);
  });

  test('is looked at up to the limit, over all parts', () => {
    const part = `--b\r\n\r\n${'word '.repeat(1000)}\r\n`;
    const raw = mail('Content-Type: multipart/mixed; boundary=b', '', part.repeat(4) + '--b--');
    expect(contentOf(raw, { text: 12_000 }).text.length).toBeLessThan(12_100);
    expect(contentOf(raw, { text: 12_000 }).text.length).toBeGreaterThan(11_900);
  });
});

test('a word cannot hide from the quick way: it reads any plain message as the MIME tree does', () => {
  const name = fc.constantFrom(
    'Content-Type',
    'content-type',
    'Content-Transfer-Encoding',
    'X-Content-Type',
    'Content-Disposition',
    'Content-Type ',
  );
  const value = fc.constantFrom(
    'text/plain',
    'text/plain; charset=utf-8',
    'TEXT/PLAIN;\r\n charset="us-ascii"',
    'text/html',
    'text/plain; format=flowed',
    '7bit',
    'base64',
    'attachment; filename=a.txt',
    '',
  );
  const field = fc.tuple(name, value).map(([key, text]) => `${key}: ${text}\r\n`);
  const line = fc.constantFrom('Hello ', 'Jo', 'SGVsbG8g', '<b>x</b>', '', 'Grüße');
  fc.assert(
    fc.property(fc.array(field, { maxLength: 3 }), fc.array(line, { maxLength: 4 }), (fields, lines) => {
      const head = fields.join('');
      const body = lines.join('\r\n');
      // A long header is never read the quick way.
      const slow = contentOf(Buffer.from(`${head}X-Long: ${'x'.repeat(20_000)}\r\n\r\n${body}`));
      const quick = contentOf(Buffer.from(`${head}\r\n${body}`));
      expect([quick.words, quick.attachments, quick.html]).toEqual([slow.words, slow.attachments, slow.html]);
    }),
  );
});
