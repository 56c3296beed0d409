import { describe, expect, it } from 'vitest';
import type { Lines, MessageDetail } from '../../../../server/http/contract/types.ts';
import { attachmentDisposition, readRange } from '../../../../server/http/messages/bytes.ts';
import { createRig, message, session } from '../rig.ts';
import type { Rig } from '../rig.ts';

describe('a range of ten octets', () => {
  it.each([
    [undefined, null],
    ['bytes=0-', { start: 0, end: 10 }],
    ['bytes=0-0', { start: 0, end: 1 }],
    ['bytes=3-5', { start: 3, end: 6 }],
    ['bytes=3-99', { start: 3, end: 10 }],
    ['bytes=-3', { start: 7, end: 10 }],
    ['bytes=-99', { start: 0, end: 10 }],
    ['bytes=5-3', null],
    ['bytes=0-1,3-4', null],
    ['lines=1-2', null],
    ['bytes=-', null],
    ['bytes=a-b', null],
  ])('%s', (field, range) => {
    expect(readRange(field, 10)).toEqual(range);
  });

  it.each(['bytes=10-', 'bytes=99-100', 'bytes=-0'])('%s lies outside', (field) => {
    expect(() => readRange(field, 10)).toThrow('outside');
  });
});

describe('the name of a download', () => {
  it.each([
    [null, 'attachment'],
    ['', 'attachment'],
    ['a.pdf', `attachment; filename="a.pdf"; filename*=UTF-8''a.pdf`],
    ['../../etc/passwd', `attachment; filename="_.._etc_passwd"; filename*=UTF-8''_.._etc_passwd`],
    ['..\\x', `attachment; filename="_x"; filename*=UTF-8''_x`],
    ['a"; x="b', `attachment; filename="a__ x=_b"; filename*=UTF-8''a_%3B%20x%3D_b`],
    ['a\r\nSet-Cookie: b', `attachment; filename="aSet-Cookie_ b"; filename*=UTF-8''aSet-Cookie_%20b`],
    ['Grüße.txt', `attachment; filename="Gr__e.txt"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt`],
    ['invoice\u202efdp.exe', `attachment; filename="invoicefdp.exe"; filename*=UTF-8''invoicefdp.exe`],
    ['\ud800.txt', `attachment; filename="txt"; filename*=UTF-8''txt`],
    ['\u0000\u0007', 'attachment'],
  ])('%j', (name, field) => {
    expect(attachmentDisposition(name)).toBe(field);
  });
});

const MULTIPART = Buffer.from(
  [
    'From: a@b.test',
    'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'Gr=FC=DFe',
    '--b',
    'Content-Type: text/html',
    'Content-Disposition: attachment; filename="evil.html"',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('<script>alert(1)</script>').toString('base64'),
    '--b--',
    '',
  ].join('\r\n'),
);

describe('the bytes of a message', () => {
  const put = async (raw: Buffer = MULTIPART): Promise<{ rig: Rig; path: string }> => {
    const rig = await createRig();
    return { rig, path: `/v1/messages/${await rig.send({ raw })}` };
  };

  it.each([
    ['/raw', 'text/plain; charset=utf-8', MULTIPART.toString('latin1')],
    ['/headers', 'text/plain; charset=utf-8', MULTIPART.toString('latin1').slice(0, MULTIPART.indexOf('--b'))],
    ['/text', 'text/plain; charset=utf-8', 'Grüße'],
    ['/parts/1', 'application/octet-stream', 'Gr\xfc\xdfe'],
    ['/parts/2', 'application/octet-stream', '<script>alert(1)</script>'],
  ])('%s is %s', async (route, type, expected) => {
    const { rig, path } = await put();
    const answer = await rig.ask(path + route);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('content-type')).toBe(type);
    expect(bytes.toString(route === '/text' ? 'utf8' : 'latin1')).toBe(expected);
    expect(answer.headers.get('content-length')).toBe(String(bytes.length));
  });

  it('can do nothing, whatever they are', async () => {
    const { rig, path } = await put(message({ 'Content-Type': 'text/html' }, '<script>alert(1)</script>'));
    for (const route of ['/raw', '/headers', '/html', '/parts/1']) {
      const { headers } = await rig.ask(path + route);
      expect([route, headers.get('content-security-policy')]).toEqual([route, "sandbox; default-src 'none'"]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-type')).not.toContain('html');
    }
    expect((await rig.ask(`${path}/parts/1`)).headers.get('content-disposition')).toBe('attachment');
  });

  it('come in ranges, and not again to who has them', async () => {
    const { rig, path } = await put();
    const part = await rig.ask(`${path}/raw`, { headers: { range: 'bytes=6-13' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      `bytes 6-13/${MULTIPART.length}`,
      'a@b.test',
    ]);
    const etag = part.headers.get('etag') ?? '';
    expect((await rig.ask(`${path}/raw`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await rig.ask(`${path}/raw`, { headers: { range: 'bytes=0-1', 'if-range': etag } })).status).toBe(206);
    expect((await rig.ask(`${path}/raw`, { headers: { range: 'bytes=0-1', 'if-range': '"other"' } })).status).toBe(200);
    const outside = await rig.ask(`${path}/raw`, { headers: { range: 'bytes=99999-' } });
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, `bytes */${MULTIPART.length}`]);
  });

  it('say where each part stands in them', async () => {
    const { rig, path } = await put();
    const { parts } = (await rig.json(path)) as unknown as MessageDetail;
    expect([parts.start, parts.bodyEnd]).toEqual([0, MULTIPART.length]);
    const told = [parts, ...parts.children].map(({ start, bodyStart, bodyEnd }) => [
      MULTIPART.toString('latin1', start, bodyStart).split('\r\n')[0],
      MULTIPART.toString('latin1', bodyStart, bodyEnd).slice(0, 9),
    ]);
    expect(told).toEqual([
      ['From: a@b.test', '--b\r\nCont'],
      ['Content-Type: text/plain; charset=iso-8859-1', 'Gr=FC=DFe'],
      ['Content-Type: text/html', 'PHNjcmlwd'],
    ]);
    expect(parts.children.map(({ bodyStart, bodyEnd, size }) => bodyEnd - bodyStart === size)).toEqual([true, true]);
  });

  it('say where every thousandth of their rows begins', async () => {
    const raw = Buffer.from(`Subject: long\r\n\r\n${'line\n'.repeat(200_000)}${'x'.repeat(9_000)}`);
    const { rig, path } = await put(raw);
    const answer = await rig.ask(`${path}/lines`);
    const { total, every, width, offsets } = (await answer.json()) as Lines;
    expect([total, every, width, offsets.length]).toEqual([200_005, 1_000, 4_096, 201]);
    expect(offsets.slice(0, 2)).toEqual([0, 17 + 998 * 5]);
    // The last block has the end of the lines, and the pieces of the long one.
    expect(raw.toString('latin1', offsets[200]).length).toBe(2 * 5 + 9_000);
    const etag = answer.headers.get('etag') ?? '';
    expect((await rig.ask(`${path}/lines`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect(etag).not.toBe((await rig.ask(`${path}/raw`)).headers.get('etag'));
  });

  it('answer HEAD with the length and nothing else', async () => {
    const { rig, path } = await put();
    const answer = await rig.ask(`${path}/raw`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, String(MULTIPART.length), '']);
  });

  it.each(['/html', '/parts/3', '/parts/1.1', '/transcript'])('%s is not there', async (route) => {
    const { rig, path } = await put();
    expect((await rig.ask(path + route)).status).toBe(404);
  });

  it.each(['/parts/x', '/parts/1.', '/parts/..%2F1'])('%s is no part', async (route) => {
    const { rig, path } = await put();
    expect((await rig.ask(path + route)).status).toBe(400);
  });
});

describe('latest', () => {
  it('is the newest message, or the newest that matches', async () => {
    const rig = await createRig();
    expect((await rig.ask('/v1/messages/latest')).status).toBe(404);
    await rig.send({ raw: message({ Subject: 'one' }) });
    await rig.send({ raw: message({ Subject: 'two' }) });
    expect(await rig.json('/v1/messages/latest')).toMatchObject({ subject: 'two' });
    expect(await rig.json('/v1/messages/latest?q=subject:one')).toMatchObject({ subject: 'one' });
    expect(await (await rig.ask('/v1/messages/latest/raw?q=subject:one')).text()).toContain('Subject: one');
    expect((await rig.ask('/v1/messages/latest?q=subject:three')).status).toBe(404);
  });
});

describe('how a message came', () => {
  it('is told by its conversation', async () => {
    const rig = await createRig();
    rig.known.set('s1', session({ id: 's1' }));
    const id = await rig.send({ sessionId: 's1' });
    expect(await rig.json(`/v1/messages/${id}/transcript`)).toMatchObject({ id: 's1', lines: [{ side: 'client', text: 'EHLO web-1' }] });
    expect(await rig.json(`/v1/messages/${id}/deliveries`)).toEqual({ items: [], next: null, total: 0 });
  });
});
