// The visible words of HTML, and the first of them.

import { expect, test } from 'vitest';
import { htmlToText, snippet } from '../../../server/mail/snippet.ts';

test.each([
  ['<p>One</p><p>Two</p>', 'One\n\nTwo'],
  ['a<br>b', 'a\nb'],
  ['<table><tr><td>4</td><td>8</td></tr></table>', '4 8'],
  ['<style>p{}</style><script>x()</script>text', 'text'],
  ['<html><head><title>T</title></head><body>text</body>', 'text'],
  ['<head><title>T</title><body>never closed', 'never closed'],
  ['a &amp; b&nbsp;c &lt;d&gt;', 'a & b c <d>'],
  ['<b>bo</b>ld', 'bold'],
  ['<img alt="Acme"> Hello', 'Acme Hello'],
  ['<!-- no -->x<p>', 'x'],
  ['', ''],
])('%j reads %j', (html, text) => {
  expect(htmlToText(html)).toBe(text);
});

test.each<[text: string | null, html: string | null, line: string]>([
  ['Hello\n\n  Jo', '<p>other</p>', 'Hello Jo'],
  [' \n', '<p>Hello</p>', 'Hello'],
  [null, null, ''],
  [null, '<p>Preview</p>&#847;&zwnj;&nbsp;&#847;&zwnj;&nbsp;<p>Body</p>', 'Preview Body'],
  ['x'.repeat(140), null, 'x'.repeat(140)],
  ['x'.repeat(141), null, `${'x'.repeat(139)}…`],
  ['😀'.repeat(140), null, '😀'.repeat(140)],
  ['😀'.repeat(141), null, `${'😀'.repeat(139)}…`],
])('of %j and %j', (text, html, line) => {
  expect(snippet(text, html)).toBe(line);
});
