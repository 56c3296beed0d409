// Links of HTML and of plain text.

import { expect, test } from 'vitest';
import { linksInHtml, linksInText, linksOf } from '../../../server/mail/links.ts';

test.each<[html: string, links: string[]]>([
  ['<a href="https://x.test/?a=1&amp;b=2">Go  <b>now</b></a>', ['https://x.test/?a=1&b=2|Go now']],
  ['<a href="https://x.test/"><img src="y" alt="Picture"></a>', ['https://x.test/|Picture']],
  ['<A HREF=https://x.test/>one<a href=https://y.test/>two', ['https://x.test/|one', 'https://y.test/|two']],
  ['<map><area href="https://x.test/" alt="Map"></map>', ['https://x.test/|Map']],
  ['<a href="mailto:a@b.test">m</a><a href="app://open/1">a</a>', ['mailto:a@b.test|m', 'app://open/1|a']],
  [
    '<a href="#top">t</a><a href="javascript:x()">j</a><a href=" java\nscript:x()">j</a><a href="data:text/html,x">d</a><a name="n">n</a>',
    [],
  ],
  ['<!-- <a href="https://x.test/">x</a> -->', []],
  ['<a href=" https://x.test/\n ">x</a>', ['https://x.test/|x']],
])('%s', (html, links) => {
  expect(linksInHtml(html).map(({ href, text }) => `${href}|${text}`)).toEqual(links);
});

test.each<[text: string, links: string[]]>([
  ['See https://x.test/a.', ['https://x.test/a']],
  ['(https://x.test/a_(b))', ['https://x.test/a_(b)']],
  ['<https://x.test/a>', ['https://x.test/a']],
  ['"https://x.test/a", http://y.test!', ['https://x.test/a', 'http://y.test']],
  ['リンクはhttps://x.test/a。次', ['https://x.test/a']],
  ['リンクは https://x.test/a。次', ['https://x.test/a']],
  ['Mail mailto:a@b.test or https://', ['mailto:a@b.test']],
  ['https://x.test/a?b=c&d=[1]', ['https://x.test/a?b=c&d=[1]']],
])('%s', (text, links) => {
  expect(linksInText(text).map(({ href }) => href)).toEqual(links);
});

test('an address stands once, with the text that says most', () => {
  expect(linksOf('<a href="https://x.test/"></a><a href="https://x.test/">Go</a>', 'https://x.test/ https://y.test/')).toEqual([
    { href: 'https://x.test/', text: 'Go' },
    { href: 'https://y.test/', text: 'https://y.test/' },
  ]);
});
