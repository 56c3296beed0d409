import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { sanitize } from '../../../../server/http/preview/sanitize.ts';

const clean = (html: string, remote = false): string =>
  sanitize(html, { images: (id) => (id === 'a@b' ? 'data:image/png;base64,AAAA' : null), remote }).html;

describe('HTML of a mail', () => {
  it.each([
    // What stays
    ['<p class="a" id="b" title="c">x &amp; y</p>', '<p class="a" id="b" title="c">x &amp; y</p>'],
    [
      '<table bgcolor="#eee" width=100%><td align=center valign=top>x',
      '<table bgcolor="#eee" width="100%"><td align="center" valign="top">x',
    ],
    ['<font color=red face="a b">x</font><center>y</center>', '<font color="red" face="a b">x</font><center>y</center>'],
    ['<html lang="ar" dir="rtl"><body style="color:red">', '<html lang="ar" dir="rtl"><body style="color:red">'],
    ['<meta name="color-scheme" content="light dark">', '<meta name="color-scheme" content="light dark">'],
    ['<div data-ogsc="x" aria-label="y" role="presentation">', '<div data-ogsc="x" aria-label="y" role="presentation">'],
    [
      '<img src="cid:a@b" alt="x"><img src="cid:a%40b">',
      '<img src="data:image/png;base64,AAAA" alt="x"><img src="data:image/png;base64,AAAA">',
    ],
    ['<img src="data:image/gif;base64,R0lGOD">', '<img src="data:image/gif;base64,R0lGOD">'],
    ['a&nbsp;b &lt;c&gt; &#39;&quot;', "a&nbsp;b &lt;c&gt; '&quot;"],
    ['<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>', '<svg viewbox="0 0 1 1"><path d="M0 0"></path></svg>'],
    ['<svg><use href="#a"/><rect fill="url(#b)"/></svg>', '<svg><use href="#a"></use><rect fill="url(&quot;#b&quot;)"></rect></svg>'],
    [
      '<style>a > b { color: red } @media (max-width: 600px) { .c { display: none } }</style>',
      '<style>a > b { color: red } @media (max-width: 600px) { .c { display: none } }</style>',
    ],
    ['<style>.sm\\:w { scroll-behavior: smooth }</style>', '<style>.sm\\:w { scroll-behavior: smooth }</style>'],
    // Code
    ['a<script>x</script>b', 'ab'],
    ['a<SCRIPT\n>x</ScRiPt\t>b', 'ab'],
    ['<scr<script>ipt>alert(1)</scr</script>ipt>', 'ipt&gt;alert(1)ipt&gt;'],
    ['<b onclick=x onFocus="y" ONmouseover>z</b>', '<b>z</b>'],
    ['<b/onclick=x /class=y>z', '<b class="y">z'],
    ['<img src=x onerror=alert(1)//', ''],
    ['<a href="javascript:x">y</a>', '<a>y</a>'],
    ['<a href=" &#14; java&Tab;script&colon;x">y</a>', '<a>y</a>'],
    ['<a href="JaVaScRiPt:x">y</a>', '<a>y</a>'],
    ['<a href="data:text/html,x">y</a>', '<a>y</a>'],
    ['<div style="width:expression(x)">', '<div style="width:removedx)">'],
    ['<div style="width:exp/**/ression(x)">', '<div style="width:exp ression(x)">'],
    ['<div style="width:\\65xpression(x)">', '<div style="width:removedx)">'],
    // Frames, plug-ins, forms
    ['a<iframe src="x">y</iframe>b', 'ab'],
    ['a<iframe srcdoc="&lt;script>">b', 'a'],
    ['a<object data="x">fallback</object><embed src="y">b', 'afallbackb'],
    [
      '<form action="/x" method=post><input name=a><button formaction=y>z</button></form>',
      '<form><input name="a"><button>z</button></form>',
    ],
    ['<input autofocus type=text>', '<input type="text">'],
    // The head
    ['<base href="//evil.test"><meta http-equiv=refresh content="0;url=x"><title>t</title>x', 'x'],
    ['<link rel=preload href="https://evil.test/x"><link rel="alternate stylesheet" href="https://evil.test/y">', ''],
    // Links
    ['<a href="https://a.test/?b=1&amp;c">d</a>', '<a href="https://a.test/?b=1&amp;c" target="_blank" rel="noopener noreferrer">d</a>'],
    [
      '<a href="//a.test/x" target=_top ping=y download>d</a>',
      '<a href="https://a.test/x" target="_blank" rel="noopener noreferrer">d</a>',
    ],
    ['<a href="mailto:jo@shop.test">d</a>', '<a href="mailto:jo@shop.test" target="_blank" rel="noopener noreferrer">d</a>'],
    ['<a href="#top">d</a>', '<a href="#top" target="_self" rel="noopener noreferrer">d</a>'],
    ['<a href="/v1/reset">d</a>', '<a>d</a>'],
    ['<a href="shop-app://order/7?a=<b>">open</a>', '<a>open</a> <code>shop-app://order/7?a=&lt;b&gt;</code>'],
    ['<area href="javascript:x" shape=rect coords="0,0,1,1">', '<area shape="rect" coords="0,0,1,1">'],
    // What lies elsewhere
    ['<img src="https://evil.test/x.png" alt="y">', '<img alt="y">'],
    ['<img src="/v1/info"><img src="x.png">', '<img><img>'],
    ['<td background="//evil.test/x">', '<td>'],
    ['<img srcset="https://evil.test/a 1x, data:image/gif;base64,R0lGOD 2x">', '<img>'],
    ['<video src=https://evil.test/v poster=https://evil.test/p autoplay>', '<video>'],
    ['<div style="background:url(https://evil.test/x)">', '<div style="background:url(&quot;data:,&quot;)">'],
    ['<div style="background:u\\72 l(https://evil.test/x)">', '<div style="background:url(&quot;data:,&quot;)">'],
    ['<style>@import "https://evil.test/x"; a{}</style>', '<style> a{}</style>'],
    ['<style>@import url(//evil.test/x) screen; a{}</style>', '<style> a{}</style>'],
    ['<style>@\\69mport "https://evil.test/x";</style>', '<style></style>'],
    ["<style>a{background:image-set('https://evil.test/x' 1x)}</style>", '<style>a{background:image-set("data:," 1x)}</style>'],
    // Texts that would become tags
    ['<style>a{}</style><script>x</script></style>', '<style>a{}</style>'],
    ['<style><img src=x onerror=y></style>', '<style>\\3c img src=x onerror=y></style>'],
    ['<style>a{}', '<style>a{}</style>'],
    ['<textarea></textarea><script>x</script>', '<textarea></textarea>'],
    ['<textarea><script>x</script></textarea>', '<textarea>&lt;script&gt;x&lt;/script&gt;</textarea>'],
    ['<xmp><b></xmp>a<noembed><b></noembed>b<noframes><b></noframes>', 'ab'],
    ['a<!-- <script>x</script> -->b<!--><b>c</b>-->', 'ab<b>c</b>--&gt;'],
    ['a<![CDATA[<script>x</script>]]>b<?php x ?>c', 'a&lt;script&gt;x&lt;/script&gt;bc'],
    ['a<plaintext><b>c', 'a'],
    ['<p title="</p><script>x</script>">y</p>', '<p title="&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;">y</p>'],
    // Foreign content
    ['<svg><a href="https://evil.test"><circle r=1 /></a></svg>', '<svg><circle r="1"></circle></svg>'],
    ['<svg><script>x</script><animate attributeName=href values=x /><set/></svg>', '<svg></svg>'],
    ['<svg><foreignObject><iframe src=x></iframe><b>y</b></foreignObject></svg>', '<svg>y</svg>'],
    ['<svg><style><b onclick=x></style></svg>', '<svg><style>\\3c b onclick=x></style></svg>'],
    ['<svg><image href="https://evil.test/x"/><use href="https://evil.test/y#z"/></svg>', '<svg><image></image><use></use></svg>'],
    ['<math><mtext><a href="https://evil.test">x</a></mtext></math>y', 'y'],
    ['<svg/><p>x', '<svg></svg><p>x'],
  ])('%s', (html, expected) => {
    expect(clean(html)).toBe(expected);
  });

  it.each([
    ['<img src="http://a.test/x.png">', '<img src="http://a.test/x.png">'],
    ['<img src="//a.test/x.png">', '<img src="https://a.test/x.png">'],
    ['<link rel="StyleSheet" href="https://a.test/x.css" media=print>', '<link rel="stylesheet" href="https://a.test/x.css">'],
    ['<img srcset="https://a.test/a,b 1x, https://a.test/c 2x">', '<img srcset="https://a.test/a%2Cb 1x, https://a.test/c 2x">'],
    [`<style>a{background:url('https://a.test/"x<')}</style>`, '<style>a{background:url("https://a.test/%22x%3c")}</style>'],
    ['<script src="https://a.test/x.js"></script><iframe src="https://a.test"></iframe>', ''],
    ['<link rel=prefetch href="https://a.test/x">', ''],
    ['<img src="/v1/info"><img src="ftp://a.test/x"><img src="http://">', '<img><img><img>'],
  ])('with what lies elsewhere: %s', (html, expected) => {
    expect(clean(html, true)).toBe(expected);
  });
});

describe('what went', () => {
  it('is counted by kind, and what lies elsewhere by address', () => {
    const { removed, remote } = sanitize(
      `<script></script><b onclick=x onfocus=y><iframe></iframe><img src="http://a.test/1"><img src="http://a.test/1"><p style="background:url(//a.test/2)"><a href="javascript:x">`,
      { images: () => null, remote: false },
    );
    expect([Object.fromEntries(removed), remote]).toEqual([{ script: 1, event: 2, iframe: 1, 'javascript-url': 1 }, 2]);
  });

  it('has names that a header field can hold, however many a mail makes up', () => {
    const names =
      Array.from({ length: 500 }, (_, n) => `<x${n}é\u0007>`).join('') + Array.from({ length: 500 }, (_, n) => `<y${n}>`).join('');
    const kinds = [...sanitize(names, { images: () => null, remote: false }).removed.keys()];
    expect(kinds.length).toBeLessThan(50);
    expect(kinds.every((kind) => /^[a-z0-9-]+$/.test(kind))).toBe(true);
  });
});

describe('limits', () => {
  const limits = { html: 1_000, image: 100, images: 300 };

  it('cut very long HTML', () => {
    const { html, removed } = sanitize('<b>x</b>'.repeat(1_000), { images: () => null, remote: false, limits });
    expect([html.length, removed.get('too-long')]).toEqual([1_000, 1]);
  });

  it('stop a picture from being put in a thousand times', () => {
    const { html } = sanitize('<img src="cid:x">'.repeat(50), {
      images: () => `data:image/png;base64,${'A'.repeat(100)}`,
      remote: false,
      limits,
    });
    expect(html.split('AAAA').length - 1).toBeLessThan(200);
    expect(html).toContain('data:image/svg+xml');
  });

  it('are not needed for depth: it costs nothing', () => {
    const deep = `${'<b>'.repeat(200_000)}${'</i>'.repeat(200_000)}`;
    expect(clean(deep)).toContain('<b><b>');
  });
});

/** Everything that a second reading of the result finds fault with. */
function faults(html: string): string[] {
  const found: string[] = [];
  const parser = new Parser({
    onopentag(name, attributes) {
      if (/^(script|iframe|frame|object|embed|base|applet|template|math|animate|set|foreignobject|meta-refresh)$/i.test(name))
        found.push(name);
      for (const [key, value] of Object.entries(attributes)) {
        if (/^on|^(action|formaction|srcdoc|ping|download|http-equiv)$/i.test(key)) found.push(`${name} ${key}`);
        if (/^(href|src|xlink:href|background|poster)$/i.test(key) && !/^(https?:|mailto:|tel:|sms:|#|data:image\/)/.test(value))
          found.push(`${name} ${key}=${value}`);
      }
    },
  });
  parser.end(html);
  return found;
}

describe('whatever the mail', () => {
  // prettier-ignore
  const word = fc.constantFrom(
    '<', '>', '</', '/>', '"', "'", '=', ' ', '\n', '&lt;', '&#x3c;', '&quot', '<!--', '-->', '<![CDATA[', ']]>', '\\', '/*', '*/', '\0',
    '<script>', '<style>', '</style>', '<svg>', '</svg>', '<math>', '<title>', '</title>', '<textarea>', '<iframe srcdoc=', '<desc>', '<foreignObject>',
    '<noscript>', '<template>', '<select>', '<a href="', '<img src=', '<p title="', '<b onload=x', '<form action=x', '<base href=x', '<td background=',
    ' onload=', ' href=', ' xlink:href=', ' style="', 'javascript:', 'data:', 'https://evil.test/', 'cid:a@b', 'url(', ')', '@import ', 'x',
  );
  const mail = fc.array(fc.oneof(word, fc.string({ maxLength: 5 }))).map((words) => words.join(''));

  it('nothing dangerous is left', () => {
    fc.assert(
      fc.property(mail, fc.boolean(), (html, remote) => void expect(faults(clean(html, remote))).toEqual([])),
      { numRuns: 2_000 },
    );
  });

  it('cleaning what is clean changes no tag', () => {
    const tags = (html: string): string[] => html.match(/<[^>]*>/g) ?? [];
    fc.assert(
      fc.property(mail, (html) => void expect(tags(clean(clean(html)))).toEqual(tags(clean(html)))),
      { numRuns: 500 },
    );
  });
});

describe('a mail with some eighty traps', () => {
  const source = readFileSync(new URL('../../../../fixtures/hostile/preview.eml', import.meta.url), 'utf8');
  const html = source.slice(source.indexOf('<!doctype html>'), source.indexOf('--alternative--'));

  it('keeps its layout and loses the traps', () => {
    const { html: page, removed, remote } = sanitize(html, { images: () => null, remote: false });
    expect(faults(page)).toEqual([]);
    for (const kept of [
      'Kept paragraph',
      'Kept cell',
      'Kept details',
      'Kept marquee',
      'Kept overlay',
      'Last kept paragraph',
      'fallback of the object',
      'bgcolor="#eeeeee"',
      'rgb(0, 100, 0)',
      'dir="rtl"',
    ]) {
      expect(page).toContain(kept);
    }
    // Outside of texts, the trap's name is only left in a link that a person would have to follow.
    const markup = page.replace(/>[^<]*</g, '><').match(/trap\.example\.test\/[\w-]+/g);
    expect(markup).toEqual(['trap.example.test/60-desc', 'trap.example.test/62-noscript']);
    expect(remote).toBeGreaterThan(25);
    expect(removed.get('script')).toBeGreaterThan(3);
  });
});
