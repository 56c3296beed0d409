// mbsync keeps a folder on disk and an account in step, both ways.

import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Mailrig } from '../../server/app.ts';
import { createMailrig } from '../../server/app.ts';
import { send, simple } from './odd-mail.ts';
import { run, runnable } from './programs.ts';

const USER = 'sync@shop.test';
let rig: Mailrig;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailrig-mbsync-'));
  await mkdir(join(folder, 'mail'));
  rig = createMailrig();
  await rig.start();
});

afterAll(async () => {
  await rig.stop();
  await rm(folder, { recursive: true });
});

const configuration = (port: number): string => `
IMAPAccount rig
Host 127.0.0.1
Port ${port}
User ${USER}
Pass x
SSLType None

IMAPStore far
Account rig

MaildirStore near
Path ${folder}/mail/
Inbox ${folder}/mail/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns INBOX Project*
Create Both
Remove Both
Expunge Both
CopyArrivalDate yes
SyncState *
`;

/** Subject and flags of every message of a folder on disk. */
async function onDisk(mailbox: string): Promise<string[]> {
  const found: string[] = [];
  for (const part of ['cur', 'new']) {
    for (const name of await readdir(join(folder, 'mail', mailbox, part))) {
      const [, flags = ''] = /:2,(.*)$/.exec(name) ?? [];
      const [, subject = ''] = /^Subject: (.*?)\r?$/m.exec(await readFile(join(folder, 'mail', mailbox, part, name), 'utf8')) ?? [];
      found.push(`${subject} ${flags}`.trim());
    }
  }
  return found.sort();
}

/** The same, as IMAP tells it. */
async function onServer(client: ImapFlow, mailbox: string): Promise<string[]> {
  await client.mailboxOpen(mailbox);
  const found: string[] = [];
  if (client.mailbox !== false && client.mailbox.exists > 0) {
    for await (const { envelope, flags } of client.fetch('1:*', { envelope: true, flags: true })) {
      const letters = Array.from(flags ?? [], (flag) => (/^\\[SFATD]/.test(flag) ? (flag[1] ?? '') : '')).sort();
      found.push(`${envelope?.subject} ${letters.join('')}`.trim());
    }
  }
  await client.mailboxClose();
  return found.sort();
}

async function setFlags(subject: string, flags: string): Promise<void> {
  for (const part of ['cur', 'new']) {
    const path = join(folder, 'mail', 'INBOX', part);
    for (const name of await readdir(path)) {
      if (!(await readFile(join(path, name), 'utf8')).includes(`Subject: ${subject}`)) continue;
      await rename(join(path, name), join(folder, 'mail', 'INBOX', 'cur', `${name.replace(/:2,.*$/, '')}:2,${flags}`));
    }
  }
}

async function syncBothWays(): Promise<void> {
  const rc = join(folder, 'rc');
  await writeFile(rc, configuration(rig.ports.imap ?? 0));
  const sync = (): Promise<Buffer> => run('mbsync', ['-c', rc, 'all']);
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: rig.ports.imap ?? 0,
    secure: false,
    doSTARTTLS: false,
    auth: { user: USER, pass: 'x' },
    logger: false,
  });
  await client.connect();

  for (const subject of ['one', 'two', 'three']) await send(rig, USER, simple(subject));
  await sync();
  expect(await onDisk('INBOX')).toEqual(['one', 'three', 'two']);

  // Both sides change before they meet again.
  await setFlags('one', 'FS');
  await setFlags('two', 'T');
  await mkdir(join(folder, 'mail', 'Project', 'cur'), { recursive: true });
  await Promise.all(['new', 'tmp'].map((part) => mkdir(join(folder, 'mail', 'Project', part))));
  await writeFile(join(folder, 'mail', 'Project', 'new', '1.local'), simple('local').replaceAll('\r\n', '\n'));
  await client.mailboxOpen('INBOX');
  await client.messageFlagsAdd('3', ['\\Answered']);
  await client.mailboxClose();
  await send(rig, USER, simple('four'));
  await sync();
  expect(await onDisk('INBOX')).toEqual(['four', 'one FS', 'three R']);
  expect(await onServer(client, 'INBOX')).toEqual(['four', 'one FS', 'three A']);
  expect(await onServer(client, 'Project')).toEqual(['local']);

  await client.mailboxOpen('INBOX');
  await client.messageDelete('1:2');
  await client.mailboxClose();
  await sync();
  await sync();
  expect(await onDisk('INBOX')).toEqual(['four']);
  expect(await onServer(client, 'INBOX')).toEqual(['four']);
  await client.logout();
}

const FLOWS = [{ name: 'messages, flags, folders and removals go both ways', command: 'mbsync', flow: syncBothWays }];
const here = runnable(FLOWS);

it.each(here.map(({ name, flow }) => [name, flow] as const))('%s', (_, flow) => flow());

// A file without a test counts as broken.
if (here.length === 0) it('needs mbsync, which is not on this machine', () => expect(here).toEqual([]));
