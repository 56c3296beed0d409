// SEARCH, as a client sees it.

import { describe, expect, test } from 'vitest';
import { createIndexer } from '../../../../server/store/index/indexer.ts';
import type { Store } from '../../../../server/store/store.ts';
import { openSample } from '../../store/sample.ts';
import { openClient } from '../session.ts';

const DAY = 24 * 60 * 60 * 1000;

async function withMessages() {
  const sample = await openSample();
  await sample.send({
    sender: 'anna@client.test',
    header: {
      From: '"Anna Ä" <anna@client.test>',
      Subject: '=?utf-8?q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln?=',
      Date: 'Tue, 24 Nov 2026 23:30:00 -0500',
      'Message-ID': '<1@x.test>',
      'X-Trip': 'Rhine',
    },
    text: 'The bridge is closed.',
  });
  sample.clock.time += DAY;
  await sample.send({
    to: ['jo@shop.test', 'al@shop.test'],
    header: { Cc: 'Team: b@c.test, d@e.test;', Subject: 'Bill' },
    text: 'A long text '.repeat(20),
  });
  sample.clock.time += DAY;
  await sample.send({ header: { Subject: 'Third', Date: 'Wed, 25 Nov 2026 00:30:00 +0900' }, text: 'Über die Brücke' });
  await sample.store.commit([
    { type: 'flags.set', account: '*', mailbox: 'INBOX', uids: [2], mode: 'add', flags: ['\\Seen', '$Work'], via: 'imap' },
  ]);
  return sample;
}

async function indexed(store: Store): Promise<void> {
  const indexer = createIndexer({ store, report: (error) => expect.fail(String(error)) });
  await expect.poll(() => indexer.pending).toBe(0);
  await indexer.stop();
}

const CASES: [string, string][] = [
  ['ALL', '1 2 3'],
  ['1', '1'],
  ['2:*', '2 3'],
  ['*', '3'],
  ['UID 2,3', '2 3'],
  ['UID 99', ''],
  ['NOT 1:2', '3'],
  ['OR 1 3', '1 3'],
  ['(1:2) (2:3)', '2'],
  ['OR (SEEN) (OR UID 1 UID 3)', '1 2 3'],
  ['SEEN', '2'],
  ['UNSEEN', '1 3'],
  ['UNDELETED UNFLAGGED UNDRAFT UNANSWERED', '1 2 3'],
  ['KEYWORD $work', '2'],
  ['UNKEYWORD $WORK', '1 3'],
  ['NEW', ''],
  ['OLD', '1 2 3'],
  ['FROM anna', '1'],
  ['FROM ANNA@CLIENT.TEST', '1'],
  ['FROM "Anna \u00c4"', '1'],
  ['FROM "<app@client.test>"', '2 3'],
  ['TO al@shop.test', '2'],
  ['CC team', '2'],
  ['CC b@c', '2'],
  ['BCC b', ''],
  ['SUBJECT k\u00f6ln', '1'],
  ['SUBJECT "GR\u00dc\u00dfE AUS"', '1'],
  ['SUBJECT ""', '1 2 3'],
  ['HEADER x-trip rhi', '1'],
  ['HEADER X-Trip ""', '1'],
  ['HEADER X-Trip Danube', ''],
  ['HEADER Message-ID "<1@x"', '1'],
  ['HEADER Received ""', ''],
  ['BODY bridge', '1'],
  ['BODY "long text a"', '2'],
  ['BODY \u00dcBER', '3'],
  ['BODY rhine', ''],
  ['TEXT rhine', '1'],
  ['TEXT closed', '1'],
  ['TEXT bill', '2'],
  ['TEXT nowhere', ''],
  ['NOT TEXT closed', '2 3'],
  ['OR BODY closed SUBJECT third', '1 3'],
  ['ON 24-Nov-2026', '1'],
  ['SINCE 25-Nov-2026', '2 3'],
  ['BEFORE "26-Nov-2026"', '1 2'],
  ['SENTON 24-Nov-2026', '1'],
  ['SENTON 25-Nov-2026', '3'],
  ['SENTBEFORE 25-Nov-2026', '1'],
  ['SENTSINCE 25-Nov-2026', '3'],
  ['SAVEDON 26-Nov-2026', '3'],
  ['LARGER 300', '2'],
  ['SMALLER 300', '1 3'],
  ['YOUNGER 90000', '2 3'],
  ['OLDER 90000', '1'],
  ['MODSEQ 5', '2 (MODSEQ 5)'],
  ['MODSEQ "/flags/\\\\draft" all 5', '2 (MODSEQ 5)'],
  ['CHARSET UTF-8 SUBJECT bill', '2'],
  ['charset us-ascii subject bill', '2'],
];

describe.each(['not indexed', 'indexed'])('messages %s', (state) => {
  test.each(CASES)('%s', async (keys, expected) => {
    const { store } = await withMessages();
    if (state === 'indexed') await indexed(store);
    const { lines, completion } = await openClient(store).send(`SEARCH ${Buffer.from(keys).toString('latin1')}`);
    expect(completion.status).toBe('OK');
    expect(lines.filter((line) => !line.startsWith('* OK'))).toEqual([`* SEARCH${expected === '' ? '' : ` ${expected}`}`]);
  });
});

test.each([
  'SEARCH',
  'SEARCH FOO',
  'SEARCH SUBJECT',
  'SEARCH 0',
  'SEARCH (1',
  'SEARCH ()',
  'SEARCH OR 1',
  'SEARCH NOT',
  'SEARCH ON 31-Feb-2026',
  'SEARCH LARGER x',
  'SEARCH YOUNGER 0',
  'SEARCH RETURN (FOO) ALL',
  'SEARCH RETURN (ALL PARTIAL 1:2) ALL',
  'SEARCH RETURN (PARTIAL 0:2) ALL',
  'SEARCH RETURN (PARTIAL -1:2) ALL',
  `SEARCH ${'('.repeat(10_000)}ALL${')'.repeat(10_000)}`,
  `SEARCH ${'NOT '.repeat(10_000)}ALL`,
  `SEARCH ${'OR ALL '.repeat(10_000)}ALL`,
  `SEARCH ${'ALL '.repeat(1_000)}ALL`,
])('%.60s is refused', async (command) => {
  const { store } = await withMessages();
  expect((await openClient(store).send(command)).completion.status).toBe('BAD');
});

test('an unknown charset is refused with those that are known', async () => {
  const { store } = await withMessages();
  const { completion } = await openClient(store).send('SEARCH CHARSET KOI8-R SUBJECT ', Buffer.from('\u00d0'));
  expect(completion).toMatchObject({ status: 'NO', code: 'BADCHARSET (US-ASCII UTF-8)' });
});

test('a literal may stand in the middle', async () => {
  const { store } = await withMessages();
  expect(await openClient(store).say('SEARCH CHARSET UTF-8 SUBJECT ', Buffer.from('Köln'), ' UNSEEN')).toBe('* SEARCH 1');
});

test.each<[string, string]>([
  ['SEARCH RETURN () ALL', '* ESEARCH (TAG "a1") ALL 1:3'],
  ['UID SEARCH RETURN () UNSEEN', '* ESEARCH (TAG "a1") UID ALL 1,3'],
  ['SEARCH RETURN (MIN MAX COUNT) ALL', '* ESEARCH (TAG "a1") MIN 1 MAX 3 COUNT 3'],
  ['SEARCH RETURN (MIN MAX COUNT ALL) DELETED', '* ESEARCH (TAG "a1") COUNT 0'],
  ['SEARCH RETURN (PARTIAL 2:9) ALL', '* ESEARCH (TAG "a1") PARTIAL (2:9 2:3)'],
  ['SEARCH RETURN (PARTIAL -1:-2) ALL', '* ESEARCH (TAG "a1") PARTIAL (-1:-2 2:3)'],
  ['SEARCH RETURN (PARTIAL 7:9) ALL', '* ESEARCH (TAG "a1") PARTIAL (7:9 NIL)'],
  ['SEARCH RETURN (MIN) MODSEQ 1', '* OK [HIGHESTMODSEQ 5] Modseqs are told from now on\r\n* ESEARCH (TAG "a1") MIN 1 MODSEQ 2'],
  ['UID SEARCH 1:2', '* SEARCH 1 2'],
])('%s', async (command, expected) => {
  const { store } = await withMessages();
  expect(await openClient(store).say(command)).toBe(expected);
});

test('a result is saved, and $ stands for it', async () => {
  const { store } = await withMessages();
  const client = openClient(store);
  expect(await client.say('SEARCH RETURN (SAVE) UNSEEN')).toBe('');
  expect(client.session.saved).toEqual([1, 3]);
  expect(await client.say('SEARCH $ NOT 1')).toBe('* SEARCH 3');
  expect(await client.say('SEARCH UID $')).toBe('* SEARCH 1 3');
  expect(await client.say('FETCH $ UID')).toBe('* 1 FETCH (UID 1)\r\n* 3 FETCH (UID 3)');
  expect(await client.say('SEARCH RETURN (SAVE MIN) ALL')).toBe('* ESEARCH (TAG "a1") MIN 1');
  expect(client.session.saved).toEqual([1]);
  await client.say('SEARCH RETURN (SAVE) CHARSET X ALL');
  expect(client.session.saved).toEqual([]);
});

test('IMAP4rev2 knows the extended form alone', async () => {
  const { store } = await withMessages();
  const client = openClient(store);
  client.session.enabled.add('IMAP4rev2');
  expect(await client.say('SEARCH UNSEEN')).toBe('* ESEARCH (TAG "a1") ALL 1,3');
});

test('the trace lines of an account are searched too', async () => {
  const { store } = await withMessages();
  const client = openClient(store, { account: 'jo@shop.test' });
  expect(await client.say('SEARCH HEADER Delivered-To jo@shop.test')).toBe('* SEARCH 1 2 3');
  expect(await client.say('SEARCH TEXT "return-path: <anna"')).toBe('* SEARCH 1');
});
