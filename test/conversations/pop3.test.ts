// Plays every POP3 conversation in fixtures/conversations/pop3.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../server/base/clock.ts';
import { createSubmit } from '../../server/delivery/submit.ts';
import { createIds } from '../../server/base/ids.ts';
import { ORIGIN } from '../server/store/sample.ts';
import { Client } from './client.ts';
import { startPop3, USER } from './pop3-server.ts';
import type { Pop3Options, Pop3Server } from './pop3-server.ts';
import { converse, fieldsOf, parseScript, unescape } from './script.ts';

const FOLDER = new URL('../../fixtures/conversations/pop3/', import.meta.url);

/** Puts one message, given with escapes, into the maildrops of jo and everybody. */
async function deliver({ sample: { store } }: Pop3Server, text: string): Promise<void> {
  const submit = createSubmit({
    store,
    ids: createIds(() => systemClock.now(), store.state.newestId),
    limits: { maxMessages: 0, maxSize: 0, maxAge: 0 },
  });
  const envelope = { sender: 'app@client.test', recipients: [{ address: USER.user }] };
  await submit({ envelope, refused: [], raw: Buffer.from(unescape(text), 'latin1'), origin: ORIGIN });
}

/** Subjects, or raw texts where there is none, of what is left in a mailbox. */
function left({ sample: { store } }: Pop3Server, account: string, mailbox: string): string[] {
  const found = store.state.accounts.get(account)?.mailboxes.get(mailbox);
  return Array.from(found?.entries ?? [], ({ kept, flags }) => [kept.message.header.subject, ...flags].join(' '));
}

/**
 * Beside what every conversation has:
 *
 *     options: {"settings": {"popLock": false}}
 *     mail: Subject: one\r\n\r\n…   a message for jo@shop.test that is there before
 *     left: jo@shop.test/INBOX one \Seen, two    subjects and flags of what is there afterwards
 *     note: text                    the session says so of one of its lines
 *     hidden: text                  nowhere in the transcript
 *     marked: text                  a line of the transcript, said by a fault
 */
async function play(script: string): Promise<void> {
  const steps = parseScript(script);
  const of = (name: string): string[] => fieldsOf(steps, name);
  const options = JSON.parse(of('options')[0] ?? '{}') as Pop3Options;
  await using server = await startPop3(options);
  for (const text of of('mail')) await deliver(server, text);
  const client = options.tls === 'implicit' ? await Client.connectTls(server.port, server.ca) : await Client.connect(server.port);
  await converse(steps, client, server.ca);

  for (const text of of('left')) {
    const [, account = '', mailbox = '', subjects = ''] = /^(\S+)\/(\S+) ?(.*)$/.exec(text) ?? [];
    expect(left(server, account, mailbox).join(', '), text).toBe(subjects);
  }
  const [session] = server.sessions.list();
  for (const note of of('note')) expect(session?.notes.map(({ text }) => text)).toContain(note);
  const transcript = session?.lines.map(({ text }) => text).join('\n') ?? '';
  for (const secret of of('hidden')) expect(transcript).not.toContain(secret);
  const marked = session?.lines.flatMap(({ text, faultId }) => (faultId === null ? [] : text));
  for (const text of of('marked')) expect(marked).toContain(text);
  expect(server.errors).toEqual([]);
}

describe('POP3 conversations', () => {
  for (const name of readdirSync(FOLDER)) {
    it(name.replace(/\.txt$/, '').replaceAll('-', ' '), () => play(readFileSync(new URL(name, FOLDER), 'utf8')));
  }
});
