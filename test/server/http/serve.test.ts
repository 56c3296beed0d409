import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { EventFrame, Frame } from '../../../server/http/contract/types.ts';
import { serveHttp } from '../../../server/http/serve.ts';
import type { HttpServer } from '../../../server/http/serve.ts';
import { createRig, message } from './rig.ts';
import type { Rig, RigOptions } from './rig.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(options: RigOptions = {}): Promise<{ rig: Rig; server: HttpServer; url: string }> {
  const rig = await createRig(options);
  const server = await serveHttp(rig.deps, { addresses: ['127.0.0.1', '::1'], port: 0 });
  open.push(() => server.close());
  return { rig, server, url: `http://127.0.0.1:${server.port}` };
}

/** Sends bytes as they are, and answers all that comes back. */
function converse(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  return text(socket);
}

interface Live {
  readonly socket: WebSocket;
  readonly frames: Frame[];
}

async function live(url: string, options: object = {}): Promise<Live> {
  const socket = new WebSocket(url.replace('http', 'ws'), options);
  open.push(() => socket.terminate());
  const frames: Frame[] = [];
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Frame));
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  return { socket, frames };
}

const subjects = (frames: readonly Frame[]): string[] =>
  frames.flatMap((frame) =>
    'events' in frame ? frame.events.flatMap((event) => ('summary' in event ? [event.summary.subject] : [])) : [],
  );

describe('the server', () => {
  it('listens on one port of both loopback addresses', async () => {
    const { server } = await start();
    expect(server.addresses).toContain('127.0.0.1');
    for (const address of server.addresses) {
      const host = address.includes(':') ? `[${address}]` : address;
      expect((await fetch(`http://${host}:${server.port}/healthz`)).status).toBe(200);
    }
  });

  it('says which address and port it cannot have', async () => {
    const { rig, server } = await start();
    await expect(serveHttp(rig.deps, { addresses: ['127.0.0.1'], port: server.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port: server.port,
    });
  });

  it.each([
    ['GET', '', '200'],
    ['POST', '{"from":"a@b.test","to":"c@d.test"}', '201'],
  ])('passes over the offer of HTTP/2 that some clients make with every %s', async (method, body, status) => {
    const { server } = await start();
    const answer = await converse(
      server.port,
      `${method} /v1/messages HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer.split(' ')[1]).toBe(status);
  });

  it.each([
    ['garbage', 'GARBAGE\r\n\r\n', '400'],
    ['a request without Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', '400'],
    ['an endless header', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`, '400'],
    ['a foreign Host', 'GET / HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n', '403'],
    ['a Host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', '400'],
    ['two of them', 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.test\r\nConnection: close\r\n\r\n', '403'],
    [
      'a length and a chunked body',
      'POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
  ])('answers %s', async (_what, request, status) => {
    const { server } = await start();
    const answer = await converse(server.port, request);
    expect(answer.split(' ')[1]).toBe(status);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ error: { message: expect.any(String) as string } });
  });

  it('sends ranges of a large message, and only its length for HEAD', async () => {
    const { rig, url } = await start();
    const raw = message({}, 'x'.repeat(900_000));
    const path = `${url}/v1/messages/${await rig.send({ raw })}/raw`;
    const part = await fetch(path, { headers: { range: 'bytes=899990-' } });
    expect([part.status, await part.text()]).toEqual([206, raw.subarray(899_990).toString()]);
    const head = await fetch(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(raw.length)]);
    expect(Buffer.from(await (await fetch(path)).arrayBuffer()).equals(raw)).toBe(true);
  });

  it('refuses a body that is too large without taking it in', async () => {
    const { url } = await start();
    const body = new Uint8Array(3_000_000);
    const answer = await fetch(`${url}/v1/messages`, { method: 'POST', body, headers: { 'content-type': 'message/rfc822' } }).catch(
      (error: Error) => error,
    );
    // Some clients see the answer, some only that the connection closes under their upload.
    if (answer instanceof Response) expect(answer.status).toBe(413);
    expect((await fetch(`${url}/v1/messages`)).status).toBe(200);
  });

  it('forgets a wait when its caller goes away', async () => {
    const rig = await createRig();
    const server = await serveHttp({ ...rig.deps, limits: { waits: 1 } }, { addresses: ['127.0.0.1'], port: 0 });
    open.push(() => server.close());
    const url = `http://127.0.0.1:${server.port}/v1/messages/wait`;
    const leaving = new AbortController();
    const first = fetch(`${url}?timeout=1m`, { signal: leaving.signal }).catch((error: Error) => error.name);
    await vi.waitFor(async () => expect((await fetch(`${url}?timeout=1ms`)).status).toBe(503));
    leaving.abort();
    expect(await first).toBe('AbortError');
    await vi.waitFor(async () => expect((await fetch(`${url}?timeout=1ms`)).status).toBe(404));
  });

  it('ends waits and live readers when it stops, and leaves nothing open', async () => {
    const { url, server } = await start();
    const wait = fetch(`${url}/v1/messages/wait?timeout=1m`);
    const { socket } = await live(`${url}/v1/live`);
    const stream = await fetch(`${url}/v1/events`);
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    const reading = stream.text();
    // The wait has come to the server once a later request has been answered on another connection.
    await fetch(`${url}/v1/info`);
    await server.close();
    expect([(await wait.catch(() => null))?.status ?? 503, await closed]).toEqual([503, 1001]);
    expect(await reading).toContain('data: {"epoch"');
    await expect(fetch(`${url}/v1/info`)).rejects.toThrow();
  });
});

describe('live over WebSocket', () => {
  it('tells what happens, from where the reader was', async () => {
    const { rig, url } = await start();
    const first = await live(`${url}/v1/live`);
    await vi.waitFor(() => expect(first.frames).toHaveLength(1));
    await rig.send({ raw: message({ Subject: 'one' }) });
    await vi.waitFor(() => expect(subjects(first.frames)).toEqual(['one']));
    first.socket.close();
    await rig.send({ raw: message({ Subject: 'two' }) });
    const { epoch, seq } = first.frames.at(-1) as EventFrame;
    const again = await live(`${url}/v1/live?since=${epoch}.${seq}&q=subject:t*`);
    await rig.send({ raw: message({ Subject: 'other' }) });
    await rig.send({ raw: message({ Subject: 'three' }) });
    await vi.waitFor(() => expect(subjects(again.frames)).toEqual(['two', 'three']));
  });

  it('counts a reader no more when it has gone', async () => {
    const { url } = await start({ limits: { readers: 1 } });
    const first = await live(`${url}/v1/live`);
    await expect(live(`${url}/v1/live`)).rejects.toThrow('503');
    first.socket.terminate();
    await vi.waitFor(() => live(`${url}/v1/live`));
  });

  it('drops a reader that gives no sign of life', async () => {
    const { url } = await start({ limits: { heartbeat: 20 } });
    const { socket } = await live(`${url}/v1/live`, { autoPong: false });
    await new Promise((resolve) => socket.on('close', resolve));
  });

  it('closes on a reader that sends too much', async () => {
    const { url } = await start();
    const { socket } = await live(`${url}/v1/live`);
    socket.send('x'.repeat(100_000));
    expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(1009);
  });

  it.each<[string, object, string]>([
    ['/v1/live', { origin: 'https://evil.test' }, '403'],
    ['/v1/live', { headers: { host: 'evil.test' } }, '403'],
    ['/v1/live', { headers: { 'sec-fetch-site': 'cross-site' } }, '403'],
    ['/v1/live?q=nope:x', {}, '400'],
    ['/v1/live?x=1', {}, '400'],
    ['/v1/other', {}, '404'],
    ['/v1/messages', {}, '200'],
  ])('refuses %s with %o', async (path, options, status) => {
    const { url } = await start();
    await expect(live(`${url}${path}`, options)).rejects.toThrow(status);
  });

  it('asks for a login where one is set', async () => {
    const { url } = await start({ settings: { auth: 'jo:secret' } });
    await expect(live(`${url}/v1/live`)).rejects.toThrow('401');
    const login = await fetch(`${url}/v1/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"user":"jo","password":"secret"}',
    });
    const [cookie = ''] = (login.headers.get('set-cookie') ?? '').split(';');
    const { frames } = await live(`${url}/v1/live`, { headers: { cookie } });
    await vi.waitFor(() => expect(frames).toHaveLength(1));
  });

  it('is 400 to who asks for no upgrade', async () => {
    const { url } = await start();
    expect((await fetch(`${url}/v1/live`)).status).toBe(400);
  });
});

describe('live over server-sent events', () => {
  /** Reads until `done`, then leaves. */
  async function stream(url: string, headers: Record<string, string>, done: (read: string) => boolean): Promise<string> {
    const leaving = new AbortController();
    const answer = await fetch(url, { headers, signal: leaving.signal });
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    let read = '';
    for await (const chunk of answer.body as ReadableStream<Uint8Array>) {
      read += Buffer.from(chunk).toString();
      if (done(read)) break;
    }
    leaving.abort();
    return read;
  }

  it('sends the same frames, and goes on after the last one seen', async () => {
    const { rig, url } = await start();
    const first = await stream(`${url}/v1/events`, {}, (read) => read.includes('data:'));
    const [, id = ''] = /^id: (\w+\.0)$/m.exec(first) ?? [];
    await rig.send({ raw: message({ Subject: 'while away' }) });
    const again = await stream(`${url}/v1/events`, { 'last-event-id': id }, (read) => read.includes('while away'));
    expect(again).toMatch(/^id: \w+\.1$/m);
    const frame = JSON.parse(/^data: (.*while away.*)$/m.exec(again)?.[1] ?? '{}') as EventFrame;
    expect(frame).toMatchObject({ seq: 1, events: [{ type: 'message.added' }] });
  });

  it('counts a reader no more when it has gone', async () => {
    const { url } = await start({ limits: { readers: 1 } });
    await stream(`${url}/v1/events`, {}, (read) => read.includes('data:'));
    await vi.waitFor(async () => expect(await stream(`${url}/v1/events`, {}, (read) => read.includes('data:'))).toContain('data:'));
  });

  it('sends a comment now and then, so that nobody closes it for silence', async () => {
    const { url } = await start({ limits: { heartbeat: 10 } });
    expect(await stream(`${url}/v1/events`, {}, (read) => read.endsWith(':\n\n'))).toContain('\n:\n');
  });
});
