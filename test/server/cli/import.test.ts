// Mail goes out of one real server and into another, in every form.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeTerminal } from './terminal.ts';
import type { FakeTerminal } from './terminal.ts';
import { createMailrig } from '../../../server/app.ts';
import type { Mailrig } from '../../../server/app.ts';
import { run } from '../../../server/cli/program.ts';
import { zip } from '../../../server/mail/zip.ts';
import type { ZipFile } from '../../../server/mail/zip.ts';

const RAWS = ['Subject: One\r\nTo: jo@shop.test\r\n\r\nFrom here\r\n', 'Subject: Two: a/b\n\nno end', 'Subject: Three\r\n\r\n'];

let full: Mailrig;
let other: Mailrig;
let folder = '';

const api = (rig: Mailrig, path: string, init?: RequestInit): Promise<Response> => fetch(new URL(`v1/${path}`, rig.url), init);
const post = (rig: Mailrig, method: string, path: string, json: unknown): Promise<Response> =>
  api(rig, path, { method, body: JSON.stringify(json), headers: { 'content-type': 'application/json' } });

async function started(options: Parameters<typeof createMailrig>[0] = {}): Promise<Mailrig> {
  const rig = createMailrig({ host: ['127.0.0.1'], ...options });
  await rig.start();
  return rig;
}

beforeAll(async () => {
  full = await started();
  for (const [i, raw] of RAWS.entries()) {
    const headers = { 'content-type': 'message/rfc822' };
    await api(full, `messages?sender=app@client.test&rcpt=R${i}@shop.test`, { method: 'POST', body: raw, headers });
  }
  await post(full, 'PATCH', 'messages', { q: 'rcpt:r1@shop.test', set: { read: true, starred: true, tags: { add: ['x'] } } });
  await post(full, 'PATCH', 'messages', { q: 'rcpt:r2@shop.test', set: { read: true } });
});
afterAll(() => full.stop());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailrig-'));
  other = await started();
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await other.stop();
});

async function mailrig(...args: string[]): Promise<{ code: number; out: string; err: string[] }> {
  const terminal = fakeTerminal({}, folder);
  const code = await run(args, terminal);
  return { code, out: terminal.printed.join('\n'), err: terminal.complaints };
}
const exported = (path: string, ...more: string[]): ReturnType<typeof mailrig> => mailrig('export', path, '--url', full.url, ...more);
const imported = (...paths: string[]): ReturnType<typeof mailrig> => mailrig('import', '--url', other.url, ...paths);

interface Row {
  readonly id: string;
  readonly receivedAt: string;
  readonly envelope: { readonly sender: string; readonly recipients: readonly string[] };
  readonly read: boolean;
  readonly starred: boolean;
  readonly tags: readonly string[];
}
const rows = async (rig: Mailrig): Promise<Row[]> => ((await (await api(rig, 'messages?sort=received')).json()) as { items: Row[] }).items;
const raws = async (rig: Mailrig): Promise<string[]> =>
  Promise.all((await rows(rig)).map(async ({ id }) => (await api(rig, `messages/${id}/raw`)).text()));
const facts = async (rig: Mailrig): Promise<unknown[]> =>
  (await rows(rig)).map(({ receivedAt, envelope, read, starred, tags }) => ({ receivedAt, envelope, read, starred, tags }));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

async function serverOf(listener: RequestListener): Promise<{ url: string; close: () => Promise<unknown> }> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = (): Promise<unknown> => {
    server.close();
    server.closeAllConnections();
    return once(server, 'close');
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}

describe('an export and its import', () => {
  it.each(['all.zip', 'mail', 'all.mbox', 'Maildir'])('as %s bring the bytes', async (path) => {
    expect(await exported(path)).toMatchObject({ code: 0, err: [] });
    expect(await imported(path)).toEqual({ code: 0, out: '3 imported, 0 failed', err: [] });
    expect((await raws(other)).sort()).toEqual([...RAWS].sort());
    expect(readdirSync(folder)).toEqual([path]);
  });

  it.each(['all.zip', 'mail/'])('as %s bring envelopes, arrival and marks too', async (path) => {
    await exported(path);
    await imported(path);
    expect(await facts(other)).toEqual(await facts(full));
  });

  it('as Maildir bring the marks', async () => {
    await exported('Maildir');
    await imported('Maildir');
    expect((await rows(other)).map(({ read, starred }) => [read, starred]).sort()).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
  });

  it('go from server to server', async () => {
    expect(await imported(full.url)).toEqual({ code: 0, out: '3 imported, 0 failed', err: [] });
    expect(await facts(other)).toEqual(await facts(full));
    expect(await imported(`${full.url}v1/messages/export?format=mbox&q=rcpt:r1@shop.test`)).toMatchObject({
      code: 0,
      out: '1 imported, 0 failed',
    });
  });

  it('ask for the login of both servers', async () => {
    const guarded = await started({ auth: 'me:secret', token: 'letter' });
    try {
      expect(await mailrig('import', '--url', guarded.url, '--token', 'letter', full.url)).toMatchObject({ code: 0 });
      expect(await mailrig('export', 'a.zip', '--url', guarded.url)).toMatchObject({
        code: 1,
        err: [expect.stringContaining('a login is needed')],
      });
      expect(await mailrig('export', 'a.zip', '--url', guarded.url, '--auth', 'me:secret')).toMatchObject({ code: 0 });
      expect(await imported(guarded.url)).toMatchObject({
        code: 1,
        err: [expect.stringContaining('a login is needed'), expect.anything()],
      });
      expect(await imported(guarded.url.replace('//', '//me:secret@'))).toMatchObject({ code: 0, out: '3 imported, 0 failed' });
    } finally {
      await guarded.stop();
    }
  });
});

describe('an export', () => {
  it('has what the query finds', async () => {
    expect(await exported('some.mbox', '--query', 'is:starred')).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'some.mbox'), 'utf8')).toMatch(
      /^From app@client\.test [^\n]* unended\nSubject: Two: a\/b\n\nno end\n\n$/,
    );
  });

  it('can be read by other programs', async () => {
    await exported('all.mbox');
    await exported('Maildir');
    const python = `
import mailbox
print([m['subject'] for m in mailbox.mbox('all.mbox')])
print(sorted((m['subject'], m.get_flags(), m.get_subdir()) for m in mailbox.Maildir('Maildir')))`;
    expect(execFileSync('python3', ['-c', python], { cwd: folder, encoding: 'utf8' }).trim().split('\n')).toEqual([
      "['One', 'Two: a/b', 'Three']",
      "[('One', '', 'new'), ('Three', 'S', 'cur'), ('Two: a/b', 'FS', 'cur')]",
    ]);
    const [first] = readdirSync(join(folder, 'Maildir/new'));
    const arrived = Date.parse((await rows(full))[0]?.receivedAt ?? '');
    expect(Math.abs(statSync(join(folder, 'Maildir/new', first ?? '')).mtimeMs - arrived)).toBeLessThan(2);
  });

  it('names the files of a folder by id and subject', async () => {
    await exported('mail');
    expect(readdirSync(join(folder, 'mail')).map((name) => name.replace(/^[a-z0-9]{14}/, 'ID'))).toEqual([
      'ID-one.eml',
      'ID-two-a-b.eml',
      'ID-three.eml',
      'index.jsonl',
    ]);
  });

  it.each(['a.zip', 'a'])('leaves %s alone unless told otherwise', async (path) => {
    expect(await exported(path)).toMatchObject({ code: 0 });
    expect(await exported(path)).toMatchObject({ code: 1, err: [`mailrig: ${path} is there already; write over it with --force`] });
    expect(await exported(path, '--force', '--query', 'is:starred')).toMatchObject({ code: 0 });
    expect(await imported(path)).toMatchObject({ out: '1 imported, 0 failed' });
    expect(readdirSync(folder)).toEqual([path]);
  });

  it('never writes over a folder that holds something else', async () => {
    mkdirSync(join(folder, 'home'));
    write('home/diary.txt', 'Dear');
    expect(await exported('home', '--force')).toMatchObject({
      code: 1,
      err: ['mailrig: home holds diary.txt, which is of no export: it is not written over'],
    });
    expect(await exported('home', '--format', 'zip', '--force')).toMatchObject({ code: 1, err: ['mailrig: home is a folder'] });
    expect(readdirSync(join(folder, 'home'))).toEqual(['diary.txt']);
  });

  it('fills an empty folder', async () => {
    mkdirSync(join(folder, 'mail'));
    expect(await exported('mail')).toMatchObject({ code: 0 });
  });

  it.each([
    [['a.tar'], 'a.tar names no format; give one with --format'],
    [['a.zip', '--query', 'from:('], 'q: '],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await exported(...(args as [string]));
    expect([code, err.join()]).toEqual([1, expect.stringContaining(message)]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('an import', () => {
  it('lists what failed and takes the rest', async () => {
    const small = await started({ maxMessageSize: 100 });
    try {
      write('good.eml', 'Subject: good\n\n');
      write('empty.eml', '');
      write('large.eml', 'x'.repeat(101));
      write('box.mbox', `From a@b Mon Feb  2 10:00:00 2026\nS: 1\n\n\nFrom a@b Mon Feb  2 10:00:00 2026\n${'x'.repeat(101)}\n\n`);
      write('bad.zip', 'PK no zip');
      expect(await mailrig('import', '--url', small.url, 'good.eml', 'empty.eml', 'large.eml', 'box.mbox', 'bad.zip')).toEqual({
        code: 1,
        out: '2 imported, 4 failed',
        err: [
          'box.mbox: message 2 at octet 41: the message is larger than 100 octets',
          expect.stringMatching(/^bad\.zip: .*: this is no zip file that can be read: its directory is missing$/),
          'empty.eml: it is empty',
          'large.eml: large.eml is larger than 100 octets',
          'mailrig: 4 could not be imported',
        ],
      });
    } finally {
      await small.stop();
    }
  });

  it('of many files goes in several parts', async () => {
    mkdirSync(join(folder, 'many'));
    for (let n = 0; n < 1001; n++) write(`many/${n}.eml`, `Subject: ${n}\n\n`);
    expect(await imported('many')).toMatchObject({ code: 0, out: '1001 imported, 0 failed' });
  });

  it('of a file that cannot be read says so', async () => {
    write('a.eml', 'Subject: a\n\n');
    mkdirSync(join(folder, 'b.eml'));
    expect(await imported('.')).toMatchObject({
      code: 1,
      out: '1 imported, 1 failed',
      err: [expect.stringMatching(/^b\.eml: EISDIR/), expect.anything()],
    });
  });

  it.each([
    [['none.eml'], 'ENOENT'],
    [['.'], '. holds no .eml file and is no Maildir'],
  ])('of %j is refused', async (paths, message) => {
    const { code, err } = await imported(...paths);
    expect([code, err.join()]).toEqual([1, expect.stringContaining(message)]);
  });

  it('without a server, or with another one, is refused at once', async () => {
    write('a.eml', 'Subject: a\n\n');
    const { url, close } = await serverOf((_request, answer) => void answer.end('{}'));
    expect(await mailrig('import', '--url', url, 'a.eml')).toMatchObject({ code: 1, err: [`mailrig: ${url} is no Mailrig`] });
    await close();
    expect(await mailrig('import', '--url', url, 'a.eml')).toMatchObject({
      code: 1,
      err: [`mailrig: ${url}v1/info: no answer (ECONNREFUSED)`],
    });
    expect(await mailrig('import', '--url', 'nowhere', 'a.eml')).toMatchObject({ code: 1 });
  });
});

describe('an export that goes wrong leaves nothing behind', () => {
  async function refused(path: string, terminal: FakeTerminal, answer: (answer: ServerResponse) => void): Promise<string[]> {
    const { url, close } = await serverOf((request, response) => {
      if (request.url?.startsWith('/v1/info')) response.end('{"name":"mailrig"}');
      else answer(response);
    });
    expect(await run(['export', path, '--url', url], terminal)).toBe(1);
    await close();
    expect(readdirSync(folder)).toEqual([]);
    return terminal.complaints;
  }

  it('where the server breaks off', async () => {
    const complaints = await refused('a.mbox', fakeTerminal({}, folder), (answer) => void answer.write('From', () => answer.destroy()));
    expect(complaints).toEqual([expect.stringContaining('mailrig: the server broke off')]);
  });

  it('where somebody interrupts it', async () => {
    const terminal = fakeTerminal({}, folder);
    expect(await refused('a.mbox', terminal, (answer) => void answer.write('From', () => terminal.interrupt()))).toEqual([
      'mailrig: interrupted',
    ]);
  });

  it.each(['../evil.eml', '/evil.eml', 'C:evil.eml', '.evil.eml', 'a\\evil.eml'])('where the server names a file %s', async (name) => {
    async function* files(): AsyncGenerator<ZipFile> {
      yield await Promise.resolve({ name, data: Buffer.from('x'), at: 0 });
    }
    for (const path of ['mail', 'Maildir']) {
      const [complaint] = await refused(path, fakeTerminal({}, folder), (answer) => void Readable.from(zip(files())).pipe(answer));
      expect(complaint).toContain('which is written nowhere');
    }
  });
});
