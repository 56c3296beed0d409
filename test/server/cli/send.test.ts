import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeTerminal, mailrig } from './terminal.ts';
import { parseRate } from '../../../server/cli/send.ts';
import { run } from '../../../server/cli/program.ts';

/** A server of the other side: says yes to all but the recipients that are told to it, and keeps what it heard. */
function peer(refused: RegExp) {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    let data = false;
    let rest = '';
    socket.setEncoding('latin1').write('220 peer ESMTP\r\n');
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        heard.push(line);
        const starts = !data && line === 'DATA';
        const reply = data
          ? line === '.'
            ? '250 2.0.0 Ok kept'
            : ''
          : starts
            ? '354 go'
            : refused.test(line)
              ? '550 5.1.1 no such user'
              : '250 ok';
        data = data ? line !== '.' : starts;
        if (reply) socket.write(`${reply}\r\n`);
      }
    });
  });
  return { server, heard, sockets };
}

let port = 0;
let folder = '';
let { server, heard, sockets } = peer(/nobody@|^AUTH/);
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailrig-'));
  ({ server, heard, sockets } = peer(/nobody@|^AUTH/));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  for (const socket of sockets) socket.destroy();
  server.close();
});

const commands = (verb: string): string[] => heard.filter((line) => line.startsWith(verb));

test('one message goes out with its envelope, and the answer is shown', async () => {
  const { code, out } = await mailrig(`send --port ${port} --from a@b.test --to c@d.test --to e@f.test --subject Hi --text There`);
  expect(code).toBe(0);
  expect(commands('MAIL').concat(commands('RCPT'))).toEqual(['MAIL FROM:<a@b.test>', 'RCPT TO:<c@d.test>', 'RCPT TO:<e@f.test>']);
  expect(heard).toEqual(expect.arrayContaining(['Subject: Hi', 'There']));
  expect(out.split('\n')).toEqual(['250 2.0.0 Ok kept', expect.stringMatching(/^1 sent, 0 failed in /)]);
});

test('a stream numbers its messages and tells its rate', async () => {
  const { code, out } = await mailrig(`send --port ${port} --to u{n}@d.test --count 6 --concurrency 2`);
  expect(code).toBe(0);
  expect(commands('RCPT').sort()).toEqual([1, 2, 3, 4, 5, 6].map((n) => `RCPT TO:<u${n}@d.test>`));
  expect(out).toMatch(/^6 sent, 0 failed in [\d.]+ s: [\d.]+ messages\/s.*\nlatency min/);
});

test('a refused message is exit code 1 with the reason', async () => {
  const { code, out, err } = await mailrig(`send --port ${port} --to nobody@d.test`);
  expect([code, err]).toEqual([1, 'mailrig: 1 of 1 could not be sent']);
  expect(out).toContain('550 5.1.1 no such user');
});

test('a file goes out as it is, to the people in its header', async () => {
  const name = join(folder, 'a.eml');
  writeFileSync(name, 'From: A <a@x.test>\r\nTo: b@x.test\r\nCc: C <c@x.test>\r\nX-Odd:   kept\r\n\r\n.dot\r\n');
  expect(await mailrig(`send --port ${port} --file ${name}`)).toMatchObject({ code: 0 });
  expect(commands('MAIL').concat(commands('RCPT'))).toEqual(['MAIL FROM:<a@x.test>', 'RCPT TO:<b@x.test>', 'RCPT TO:<c@x.test>']);
  expect(heard).toEqual(expect.arrayContaining(['X-Odd:   kept', '..dot']));
});

test.each([
  ['names no recipient; give one with --to', 'From: a@x.test\r\n\r\n'],
  ['could not be sent', 'To: nobody@x.test\r\n\r\n'],
])('a file %s', async (message, text) => {
  const name = join(folder, 'a.eml');
  writeFileSync(name, text);
  const { code, err } = await mailrig(`send --port ${port} --file ${name}`);
  expect(code).toBe(1);
  expect(err).toContain(message);
});

test('HTML from a file and an attachment make a multipart message', async () => {
  const html = join(folder, 'a.html');
  writeFileSync(html, '<p>Hello</p>');
  const args = ['send', '--port', String(port), '--html', `@${html}`, '--attach', html];
  expect(await run(args, fakeTerminal())).toBe(0);
  expect(heard.join('\n')).toMatch(/multipart\/mixed[^]*text\/html[^]*<p>Hello<\/p>[^]*filename=a\.html/);
});

test('a login that is refused is a failure', async () => {
  expect(await mailrig(`send --port ${port} --user me:secret`)).toMatchObject({ code: 1 });
});

test.each([
  ['50/s', 50],
  ['60/m', 1],
  ['2.5', 2.5],
])('the rate %s is %d a second', (text, rate) => {
  expect(parseRate(text)).toBe(rate);
});
