// What IMAP and POP3 clients keep in mind of a server holds after it was killed and started again on its folder.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { expect, onTestFinished, test } from 'vitest';
import { startRig } from '../bench/rig.ts';
import type { RunningRig } from '../bench/rig.ts';
import { Client } from '../conversations/client.ts';
import { ask } from '../conversations/imap-reply.ts';

const rigOn = (folder: string): Promise<RunningRig> => startRig(['--data', folder, '--log-level', 'error']);

async function loggedIn({ ports }: RunningRig, user: string): Promise<Client> {
  const client = await Client.connect(ports.imap);
  await client.line();
  await ask(client, `LOGIN "${user}" x`);
  return client;
}

/** Everything in an account that a client remembers, as the server tells it: tags and texts for people are left out. */
async function seenByImap(rig: RunningRig, user: string): Promise<string[]> {
  const client = await loggedIn(rig, user);
  const seen: string[] = [];
  const note = async (command: string): Promise<string> => {
    const said = await ask(client, command);
    seen.push(...said.split('\r\n').filter((line) => line.startsWith('* ')));
    return said;
  };
  const lists = await note('LIST "" * RETURN (SUBSCRIBED STATUS (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ MAILBOXID))');
  await note('LSUB "" *');
  await ask(client, 'ENABLE QRESYNC');
  for (const [, name = ''] of lists.matchAll(/^\* STATUS (\S+|"[^"]*") \(/gm)) {
    const uidValidity = new RegExp(`STATUS ${name} .*UIDVALIDITY (\\d+)`).exec(lists)?.[1] ?? '';
    // From the beginning: also what was removed is told.
    await note(`EXAMINE ${name} (QRESYNC (${uidValidity} 1 1:1000))`);
    await note('FETCH 1:* (UID FLAGS MODSEQ INTERNALDATE RFC822.SIZE EMAILID SAVEDATE)');
  }
  client.destroy();
  // `\Recent` is a session's own.
  return seen.filter((line) => !line.endsWith(' RECENT')).map((line) => line.replace(/ ?\\Recent/g, ''));
}

async function seenByPop3({ ports }: RunningRig, user: string): Promise<string[]> {
  const client = await Client.connect(ports.pop3);
  const seen: string[] = [];
  client.send(`USER ${user}\r\nPASS x\r\nUIDL\r\nLIST\r\n`);
  for (let ends = 0; ends < 2;) {
    const line = await client.line();
    if (line === null) throw new Error('the server has closed');
    if (line === '.') ends++;
    else if (!/^[+]/.test(line)) seen.push(line);
  }
  client.send('QUIT\r\n');
  await client.rest();
  return seen;
}

async function deliver({ smtp }: RunningRig, subject: string): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: smtp, ignoreTLS: true });
  await transport.sendMail({ from: 'app@client.test', to: 'jo@shop.test', subject, text: 'hi' });
  transport.close();
}

const CHANGES = [
  'SELECT INBOX',
  'STORE 1 +FLAGS (\\Seen $Work)',
  'STORE 2 +FLAGS.SILENT (\\Deleted)',
  'EXPUNGE',
  'COPY 1 Archive',
  'CREATE "Entw&APw-rfe/2026"',
  'RENAME "Entw&APw-rfe" work',
  'APPEND work/2026 (\\Flagged) " 7-Feb-1994 21:52:25 -0800" {4+}\r\nA: b',
  'CREATE gone',
  'DELETE gone',
  'CREATE gone',
  'UNSUBSCRIBE Junk',
  'SUBSCRIBE nowhere/yet',
  'MOVE 2 Trash',
];

test('after kill -9 every number, flag, name and unique id is what it was, and none is given twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mailrig-killed-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const rig = await rigOn(folder);
  let running: RunningRig | null = rig;
  onTestFinished(() => running?.kill());
  for (const subject of ['one', 'two', 'three', 'four']) await deliver(rig, subject);
  const client = await loggedIn(rig, 'jo@shop.test');
  for (const command of CHANGES) expect(await ask(client, command), command).toMatch(/^ask\d+ OK /m);
  const before = {
    jo: await seenByImap(rig, 'jo@shop.test'),
    all: await seenByImap(rig, '*'),
    pop3: await seenByPop3(rig, 'jo@shop.test'),
  };
  expect(before.jo).toContainEqual(expect.stringMatching(/^\* VANISHED \(EARLIER\) 2/));
  expect(before.jo).toContainEqual(expect.stringMatching(/FLAGS \(\\Seen \$Work\)/));
  expect(before.pop3).toHaveLength(4);
  running = null;
  await rig.kill();

  const again = await rigOn(folder);
  running = again;
  expect(await seenByImap(again, 'jo@shop.test')).toEqual(before.jo);
  expect(await seenByImap(again, '*')).toEqual(before.all);
  expect(await seenByPop3(again, 'jo@shop.test')).toEqual(before.pop3);

  // What comes now is new to everybody.
  await deliver(again, 'five');
  const after = await seenByPop3(again, 'jo@shop.test');
  expect(after.slice(0, 2)).toEqual(before.pop3.slice(0, 2));
  const reader = await loggedIn(again, 'jo@shop.test');
  expect(await ask(reader, 'STATUS INBOX (UIDNEXT)')).toMatch(/UIDNEXT 6\)/);
  const uidValidities = before.jo.flatMap((line) => /UIDVALIDITY (\d+)/.exec(line)?.[1] ?? []);
  const made = /MAILBOXID \(F(\d+)\)/.exec(await ask(reader, 'CREATE new'))?.[1] ?? '';
  expect(Math.max(...uidValidities.map(Number))).toBeLessThan(Number(made));
  reader.destroy();
});
