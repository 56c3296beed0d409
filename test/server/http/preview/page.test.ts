import { describe, expect, it } from 'vitest';
import { textPage } from '../../../../server/http/preview/page.ts';
import { createRig, message } from '../rig.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const related = (html: string, type: string, content: string): Buffer =>
  Buffer.from(
    [
      'From: a@b.test',
      'Content-Type: multipart/related; boundary=b',
      '',
      '--b',
      'Content-Type: text/html',
      '',
      html,
      '--b',
      `Content-Type: ${type}`,
      'Content-Transfer-Encoding: base64',
      'Content-ID: <pic@b.test>',
      '',
      content,
      '--b--',
      '',
    ].join('\r\n'),
  );

async function preview(raw: Buffer, query = '', method = 'GET'): Promise<{ headers: Headers; text: string; status: number }> {
  const rig = await createRig();
  const answer = await rig.ask(`/v1/messages/${await rig.send({ raw })}/preview${query}`, { method });
  return { headers: answer.headers, text: await answer.text(), status: answer.status };
}

describe('the preview', () => {
  const html = message(
    { 'Content-Type': 'text/html; charset=utf-8' },
    '<p>Grüße</p><script>x</script><img src="https://cdn.test/a.png"><img src="https://cdn.test/b.png">',
  );

  it('is a page without any right of its own, that loads nothing', async () => {
    const { headers, text } = await preview(html);
    expect(Object.fromEntries([...headers].filter(([name]) => name !== 'content-length'))).toEqual({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-dns-prefetch-control': 'off',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'x-mailrig-removed': 'script=1',
      'x-mailrig-remote': '2',
    });
    expect(text).toContain('<p>Grüße</p><img><img>');
    expect(text).toContain('<base target="_blank">');
  });

  it('may load pictures, styles, fonts and media when it is told so, and still nothing else', async () => {
    const { headers, text } = await preview(html, '?remote=1');
    expect(headers.get('content-security-policy')).toBe(
      "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data: http: https:; style-src 'unsafe-inline' http: https:; font-src data: http: https:; media-src http: https:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    );
    expect(text).toContain('<img src="https://cdn.test/a.png">');
    expect(headers.get('x-mailrig-remote')).toBe('2');
  });

  it('tells its counts to who only asks for the head', async () => {
    const { headers, text, status } = await preview(html, '', 'HEAD');
    expect([status, headers.get('x-mailrig-removed'), headers.get('x-mailrig-remote'), text]).toEqual([200, 'script=1', '2', '']);
  });

  it.each<[string, string, string, RegExp]>([
    ['a picture', 'image/png', PNG, /<img src="data:image\/png;base64,iVBOR/],
    ['a picture under a wrong label', 'application/octet-stream', PNG, /<img src="data:image\/png;base64,iVBOR/],
    [
      'a script that says it is a picture',
      'image/png',
      Buffer.from('<svg><script>x</script></svg>').toString('base64'),
      /<img src="data:image\/svg\+xml,%3Csvg xmlns=.*rect/,
    ],
    [
      'a page that says it is a picture',
      'image/gif',
      Buffer.from('<html><script>x</script>').toString('base64'),
      /<img src="data:image\/svg\+xml,%3Csvg xmlns=.*rect/,
    ],
    [
      'a picture that is far too large',
      'image/png',
      Buffer.concat([Buffer.from(PNG, 'base64'), Buffer.alloc(6_000_000)]).toString('base64'),
      /<img src="data:image\/svg\+xml,%3Csvg xmlns=.*rect/,
    ],
  ])('puts %s in as data', async (_what, type, content, expected) => {
    const rig = await createRig({ settings: { maxMessageSize: 0 } });
    const id = await rig.send({ raw: related('<img src="cid:pic@b.test">', type, content) });
    expect(await (await rig.ask(`/v1/messages/${id}/preview`)).text()).toMatch(expected);
  });

  it('of a mail without HTML is its text', async () => {
    const { text, headers } = await preview(message({}, '<b>x</b> see https://shop.test/?a=1&b=2.'));
    expect(text).toContain(
      '&lt;b&gt;x&lt;/b&gt; see <a href="https://shop.test/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">https://shop.test/?a=1&amp;b=2</a>.',
    );
    expect([headers.get('x-mailrig-removed'), headers.get('x-mailrig-remote')]).toEqual(['', '0']);
  });

  it('of a mail with neither says so', async () => {
    expect((await preview(Buffer.from('From: a@b.test\r\n\r\n'))).text).toContain('neither HTML nor text');
  });

  it('without pictures shows what is written in their place, and lets none in', async () => {
    const { headers, text } = await preview(
      related('<img src="cid:pic@b.test" alt="Hero"><td background="https://cdn.test/a.png">', 'image/png', PNG),
      '?images=0&remote=1',
    );
    expect(text).toContain('<img alt="Hero"><td>');
    expect(headers.get('content-security-policy')).toContain("; img-src 'none'; style-src 'unsafe-inline' http: https:;");
    expect(headers.get('x-mailrig-remote')).toBe('1');
  });

  it.each([
    ['<style>p{color:red}</style><p style="color:blue">x', '<p style="color:blue">x'],
    ['<link rel="stylesheet" href="https://cdn.test/a.css"><p>x', '<p>x'],
    ['a<style>p{color:red}', 'a'],
    ['a<style>p{}</style>b<style>i{}</style>c', 'abc'],
  ])('without style of %s keeps %s', async (given, expected) => {
    const { text } = await preview(message({ 'Content-Type': 'text/html' }, given), '?style=0&remote=1');
    expect(text.trimEnd()).toMatch(new RegExp(`</title>${expected}$`));
  });

  it('in forced dark inverts all, and pictures back', async () => {
    const [plain, forced] = [await preview(html), await preview(html, '?scheme=forced')];
    expect(plain.text).not.toContain('invert');
    expect(forced.text).toContain('</title><style>html{background:#fff;filter:invert(1) hue-rotate(180deg)}img,');
    expect(forced.headers.get('content-security-policy')).toBe(plain.headers.get('content-security-policy'));
  });

  it.each(['?remote=2', '?images=2', '?style=no', '?scheme=dark', '?remote=yes', '?x=1'])('knows no %s', async (query) => {
    expect((await preview(html, query)).status).toBe(400);
  });
});

describe('text with links', () => {
  it.each([
    ['a <b>', 'a &lt;b&gt;'],
    [
      'https://a.test https://a.test',
      '<a href="https://a.test" target="_blank" rel="noopener noreferrer">https://a.test</a> <a href="https://a.test" target="_blank" rel="noopener noreferrer">https://a.test</a>',
    ],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['https://a.test/"onclick=x', '<a href="https://a.test/" target="_blank" rel="noopener noreferrer">https://a.test/</a>&quot;onclick=x'],
  ])('%s', (text, expected) => {
    expect(textPage(text)).toContain(`>${expected}</pre>`);
  });
});
