// FETCH, as a client sees it.

import { expect, test } from 'vitest';
import { openSample } from '../../store/sample.ts';
import { openClient } from '../session.ts';

async function withMessages() {
  const sample = await openSample();
  await sample.send({ to: ['jo@shop.test'], header: { Subject: 'One', 'Message-ID': '<1@x.test>' }, text: 'first' });
  await sample.send({ to: ['jo@shop.test'], header: { Subject: 'Two' }, text: 'second' });
  await sample.send({ to: ['jo@shop.test'], header: { Subject: 'Three' }, text: 'third' });
  return sample;
}

test.each([
  ['FETCH 1 FLAGS', '* 1 FETCH (FLAGS ())'],
  ['FETCH 1:2 (UID FLAGS)', '* 1 FETCH (UID 1 FLAGS ())\r\n* 2 FETCH (UID 2 FLAGS ())'],
  ['UID FETCH 3 (FLAGS)', '* 3 FETCH (UID 3 FLAGS ())'],
  ['UID FETCH 9 (FLAGS)', ''],
  ['UID FETCH 9:* (FLAGS)', '* 3 FETCH (UID 3 FLAGS ())'],
  ['FETCH 1 (FLAGS FLAGS UID)', '* 1 FETCH (FLAGS () UID 1)'],
  ['FETCH 1 FAST', '* 1 FETCH (FLAGS () INTERNALDATE "24-Nov-2026 12:00:00 +0000" RFC822.SIZE 90)'],
  [
    'FETCH 1 ENVELOPE',
    '* 1 FETCH (ENVELOPE (NIL "One" ((NIL NIL "app" "client.test")) ((NIL NIL "app" "client.test")) ((NIL NIL "app" "client.test")) ((NIL NIL "jo" "shop.test")) NIL NIL NIL "<1@x.test>"))',
  ],
  ['FETCH 1 BODY', '* 1 FETCH (BODY ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 7 1))'],
  ['FETCH 1 BODYSTRUCTURE', '* 1 FETCH (BODYSTRUCTURE ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 7 1 NIL NIL NIL NIL))'],
  ['FETCH 1 BODY.PEEK[TEXT]', '* 1 FETCH (BODY[TEXT] {7}\r\nfirst\r\n)'],
  ['FETCH 1 BODY.PEEK[1]', '* 1 FETCH (BODY[1] {7}\r\nfirst\r\n)'],
  ['FETCH 1 BODY.PEEK[TEXT]<1.3>', '* 1 FETCH (BODY[TEXT]<1> {3}\r\nirs)'],
  ['FETCH 1 BODY.PEEK[TEXT]<100.3>', '* 1 FETCH (BODY[TEXT]<100> {0}\r\n)'],
  ['FETCH 1 BODY.PEEK[2]', '* 1 FETCH (BODY[2] NIL)'],
  ['FETCH 1 BODY.PEEK[1.HEADER]', '* 1 FETCH (BODY[1.HEADER] NIL)'],
  ['fetch 1 body.peek[header.fields (subject X-No)]', '* 1 FETCH (BODY[HEADER.FIELDS (subject X-No)] {16}\r\nSubject: One\r\n\r\n)'],
  [
    'FETCH 1 BODY.PEEK[HEADER.FIELDS.NOT (Subject From To)]',
    '* 1 FETCH (BODY[HEADER.FIELDS.NOT (Subject From To)] {26}\r\nMessage-ID: <1@x.test>\r\n\r\n)',
  ],
  ['FETCH 1 RFC822.HEADER', /^\* 1 FETCH \(RFC822.HEADER \{83\}\r\nFrom: <app@client.test>\r\n.*\r\n\r\n\)$/s],
  ['FETCH 1 BINARY.PEEK[1]', '* 1 FETCH (BINARY[1] {7}\r\nfirst\r\n)'],
  ['FETCH 1 BINARY.SIZE[1]', '* 1 FETCH (BINARY.SIZE[1] 7)'],
  ['FETCH 1 SAVEDATE', '* 1 FETCH (SAVEDATE "24-Nov-2026 12:00:00 +0000")'],
  ['FETCH 1 EMAILID', /^\* 1 FETCH \(EMAILID \(M[0-9a-z]{14}\)\)$/],
  ['FETCH 1 THREADID', /^\* 1 FETCH \(THREADID \(T[0-9a-f]{20}\)\)$/],
  ['FETCH 1 (PREVIEW (LAZY))', '* 1 FETCH (PREVIEW NIL)'],
  ['FETCH 1 PREVIEW', '* 1 FETCH (PREVIEW "first")'],
])('%s', async (command, expected) => {
  const { store } = await withMessages();
  const { text, completion } = await openClient(store).send(command);
  const said = text.replace(/\r\n$/, '');
  if (typeof expected === 'string') expect(said).toBe(expected);
  else expect(said).toMatch(expected);
  expect(completion).toMatchObject({ status: 'OK' });
});

test.each([
  'FETCH',
  'FETCH 1',
  'FETCH 0 FLAGS',
  'FETCH 4 FLAGS',
  'FETCH 1 (FLAGS',
  'FETCH 1 ()',
  'FETCH 1 FLAG',
  'FETCH 1 (ALL)',
  'FETCH 1 FLAGS UID',
  'FETCH 1 BODY[',
  'FETCH 1 BODY[MIME]',
  'FETCH 1 BODY[0]',
  'FETCH 1 BODY[1.]',
  'FETCH 1 BODY[1.FOO]',
  'FETCH 1 BODY[HEADER.FIELDS]',
  'FETCH 1 BODY[HEADER.FIELDS ()]',
  'FETCH 1 BODY[]<1>',
  'FETCH 1 BODY[]<1.0>',
  'FETCH 1 RFC822[]',
  'FETCH 1 BINARY[TEXT]',
  'FETCH 1 FLAGS (CHANGEDSINCE)',
  'FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)',
  'FETCH 1 FLAGS (PARTIAL 1:2)',
  `FETCH 1 (${'FLAGS '.repeat(200)}UID)`,
])('%.60s is refused', async (command) => {
  const { store } = await withMessages();
  expect((await openClient(store).send(command)).completion.status).toBe('BAD');
});

test('reading marks as seen, and says so in the same reply', async () => {
  const { store } = await withMessages();
  const client = openClient(store);
  expect(await client.say('FETCH 1 BODY[TEXT]')).toBe('* 1 FETCH (BODY[TEXT] {7}\r\nfirst\r\n FLAGS (\\Seen))');
  expect(await client.say('FETCH 1 (FLAGS BODY[TEXT])')).toBe('* 1 FETCH (FLAGS (\\Seen) BODY[TEXT] {7}\r\nfirst\r\n)');
  expect(await client.say('FETCH 2 (FLAGS RFC822.TEXT)')).toBe('* 2 FETCH (FLAGS (\\Seen) RFC822.TEXT {8}\r\nsecond\r\n)');
  expect(await client.say('FETCH 3 (RFC822.HEADER)')).not.toContain('FLAGS');
});

test('reading in an examined mailbox marks nothing', async () => {
  const { store } = await withMessages();
  expect(await openClient(store, { readOnly: true }).say('FETCH 1 BODY[TEXT]')).toBe('* 1 FETCH (BODY[TEXT] {7}\r\nfirst\r\n)');
});

test('an account reads its trace lines, and counts them', async () => {
  const { store } = await withMessages();
  const client = openClient(store, { account: 'jo@shop.test' });
  const [, size = '', octets = ''] =
    /RFC822.SIZE (\d+) BODY\[\] \{(\d+)\}/.exec(await client.say('FETCH 1 (RFC822.SIZE BODY.PEEK[])')) ?? [];
  expect(size).toBe(octets);
  const header = await client.say('FETCH 1 BODY.PEEK[HEADER.FIELDS (Return-Path Delivered-To Subject)]');
  expect(header).toContain('Return-Path: <app@client.test>\r\nDelivered-To: jo@shop.test\r\nSubject: One\r\n\r\n)');
  expect(await client.say('FETCH 1 BODY.PEEK[TEXT]')).toBe('* 1 FETCH (BODY[TEXT] {7}\r\nfirst\r\n)');
  expect(await client.say('FETCH 1 BODY.PEEK[1]')).toBe('* 1 FETCH (BODY[1] {7}\r\nfirst\r\n)');
  expect(await client.say('FETCH 1 BODY.PEEK[]<0.20>')).toContain('Return-Path: <app@cl');
});

test('CHANGEDSINCE answers what changed, with its modseq, and switches CONDSTORE on', async () => {
  const { store } = await withMessages();
  const client = openClient(store);
  await client.say('FETCH 2 BODY[]');
  expect(await client.say('FETCH 1:* (FLAGS) (CHANGEDSINCE 4)')).toBe(
    '* OK [HIGHESTMODSEQ 5] Modseqs are told from now on\r\n* 2 FETCH (FLAGS (\\Seen) MODSEQ (5))',
  );
  expect(client.session.enabled).toContain('CONDSTORE');
});

test('VANISHED tells what is gone before what changed', async () => {
  const { store, send } = await withMessages();
  await store.commit([{ type: 'entries.removed', account: '*', mailbox: 'INBOX', uids: [2], via: 'http' }]);
  await send();
  const client = openClient(store);
  client.session.enabled.add('QRESYNC').add('CONDSTORE');
  expect(await client.say('UID FETCH 1:* (FLAGS) (CHANGEDSINCE 4 VANISHED)')).toBe(
    '* VANISHED (EARLIER) 2\r\n* 3 FETCH (UID 4 FLAGS () MODSEQ (6))',
  );
});

test('what another client removed meanwhile is not answered', async () => {
  const { store } = await withMessages();
  const client = openClient(store);
  await store.commit([{ type: 'entries.removed', account: '*', mailbox: 'INBOX', uids: [2], via: 'http' }]);
  const { text, completion } = await client.send('FETCH 1:3 FLAGS');
  expect(text).toBe('* 1 FETCH (FLAGS ())\r\n* 3 FETCH (FLAGS ())\r\n');
  expect(completion).toMatchObject({ status: 'OK', code: 'EXPUNGEISSUED' });
});
