// Messages leave one server and come into another.

import { describe, expect, it } from 'vitest';
import { zip } from '../../../../server/mail/zip.ts';
import { indexLine } from '../../../../server/mail/archive.ts';
import { createRig, message } from '../rig.ts';
import type { Rig, RigOptions } from '../rig.ts';

const RAWS = [
  message({ Subject: 'One' }),
  Buffer.from('Subject: Two\n\nFrom here\n>From there\r\n\r\nno end'),
  message({ Subject: 'Bücher & Co', To: 'undisclosed-recipients:;' }, 'x'.repeat(200_000)),
  Buffer.from('From: not a header\r\nFrom the start\r\n'),
];

/** A server with four messages, one of them marked in every way. */
async function filled(options?: RigOptions): Promise<{ rig: Rig; ids: string[] }> {
  const rig = await createRig(options);
  const ids: string[] = [];
  for (const [i, raw] of RAWS.entries()) {
    const receivedAt = Date.UTC(2026, 0, i + 1);
    const recipients = [{ address: `R${i}@shop.test`, notify: ['NEVER' as const] }, { address: 'hidden@shop.test' }];
    const { origin } = (rig.deps.store.state.messages.get(await rig.send()) ?? expect.fail()).message;
    ids.push(
      await rig.deps.submit({ envelope: { sender: i === 3 ? '' : 'App@client.test', recipients }, refused: [], raw, origin, receivedAt }),
    );
  }
  await rig.ask('/v1/messages', { method: 'DELETE', json: { q: 'rcpt:jo@shop.test' } });
  const set = { read: true, starred: true, pinned: true, tags: { add: ['order'] } };
  await rig.ask('/v1/messages', { method: 'PATCH', json: { ids: [ids[1]], set } });
  return { rig, ids };
}

async function exported(rig: Rig, query: string): Promise<Buffer> {
  const answer = await rig.ask(`/v1/messages/export?${query}`);
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

const TYPES: Readonly<Record<string, string>> = { eml: 'message/rfc822', mbox: 'application/mbox', zip: 'application/zip' };
const taken = (rig: Rig, format: string, bytes: Buffer | string): Promise<unknown> =>
  rig.json(`/v1/messages/import?format=${format}`, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(bytes)),
    headers: { 'content-type': TYPES[format] ?? '' },
  });

const kept = (rig: Rig) =>
  [...rig.deps.store.state.arrivals].map((one) => ({ ...one.message, pinned: one.pinned, tags: one.tags, flags: one.entries[0]?.flags }));
const raws = (rig: Rig): Promise<Buffer[]> =>
  Promise.all([...rig.deps.store.state.arrivals].map(({ message: { id } }) => rig.deps.store.body(id)));

describe('a zip', () => {
  it('brings all of it into another server', async () => {
    const { rig } = await filled();
    const other = await createRig();
    expect(await taken(other, 'zip', await exported(rig, 'format=zip'))).toEqual({ imported: 4, failed: [] });
    expect(await raws(other)).toEqual(RAWS);
    const facts = (from: Rig): unknown[] =>
      kept(from).map(({ receivedAt, envelope, refused, header, pinned, tags, flags }) => ({
        receivedAt,
        envelope,
        refused,
        header,
        pinned,
        tags,
        flags,
      }));
    expect(facts(other)).toEqual(facts(rig));
    expect(kept(other).map(({ origin }) => origin.source)).toEqual(['import', 'import', 'import', 'import']);
    const { items } = (await other.json('/v1/messages?account=hidden@shop.test')) as unknown as { items: unknown[] };
    expect(items.length).toBe(4);
  });

  it('with more in its index than one file holds is whole too', async () => {
    const rig = await createRig();
    const { origin } = (rig.deps.store.state.messages.get(await rig.send()) ?? expect.fail()).message;
    const refused = Array.from({ length: 1000 }, (_, i) => ({
      recipient: `r${i}@x.test`,
      code: 550,
      enhanced: null,
      text: 'x'.repeat(400),
      faultId: null,
    }));
    const envelope = { sender: '', recipients: [] };
    for (let n = 0; n < 10; n++) await rig.deps.submit({ envelope, refused, raw: message(), origin });
    const bytes = await exported(rig, 'format=zip');
    expect(bytes.includes('index-2.jsonl')).toBe(true);
    const other = await createRig();
    expect(await taken(other, 'zip', bytes)).toEqual({ imported: 11, failed: [] });
    expect(kept(other).map((one) => one.refused.length)).toEqual([0, ...Array<number>(10).fill(1000)]);
  });

  it('of nothing is a zip', async () => {
    const rig = await createRig();
    expect(await taken(rig, 'zip', await exported(rig, 'format=zip'))).toEqual({ imported: 0, failed: [] });
  });

  const zipped = async (files: readonly [string, string][]): Promise<Buffer> => {
    const pieces: Buffer[] = [];
    const given = async function* () {
      for (const [name, text] of files) yield await Promise.resolve({ name, data: Buffer.from(text), at: 0 });
    };
    for await (const piece of zip(given())) pieces.push(piece);
    return Buffer.concat(pieces);
  };

  it('that a person made is taken in by the names of its files', async () => {
    const rig = await createRig();
    const bytes = await zipped([
      ['mail/', ''],
      ['mail/a.EML', 'From: a@x.test\nTo: b@x.test, c@x.test\nCc: broken@\n\n'],
      ['__MACOSX/mail/._a.EML', 'x'],
      ['readme.txt', 'x'],
      ['empty.eml', ''],
    ]);
    expect(await taken(rig, 'zip', bytes)).toEqual({ imported: 1, failed: [{ at: 'empty.eml', reason: 'it is empty' }] });
    expect(kept(rig)).toMatchObject([{ envelope: { sender: 'a@x.test', recipients: [{ address: 'b@x.test' }, { address: 'c@x.test' }] } }]);
  });

  it('with a wrong index tells where, and takes what is right', async () => {
    const rig = await createRig();
    const index = `${indexLine('a.eml', { read: true })}nonsense\n\n${indexLine('none.eml', {})}${indexLine('a.eml', {})}`;
    const bytes = await zipped([
      ['mail/a.eml', 'Subject: a\n\n'],
      ['mail/index.jsonl', index],
      ['mail/b.eml', 'Subject: b\n\n'],
    ]);
    expect(await taken(rig, 'zip', bytes)).toEqual({
      imported: 2,
      failed: [
        { at: 'mail/index.jsonl line 2', reason: 'this is no line of an index' },
        { at: 'mail/index.jsonl line 4', reason: 'there is no file none.eml to go with it' },
        { at: 'mail/index.jsonl line 5', reason: 'there is no file a.eml to go with it' },
      ],
    });
    expect(kept(rig).map(({ header, flags }) => [header.subject, flags])).toEqual([
      ['a', ['\\Seen']],
      ['b', []],
    ]);
  });

  it.each<[string, RigOptions, number, string]>([
    ['larger than the limit', { limits: { importZip: 100 } }, 413, 'too-large'],
    ['with more files than the limit', { limits: { importIndex: 100 } }, 413, 'too-large'],
  ])('%s is refused', async (_what, options, status, code) => {
    const rig = await createRig(options);
    const answer = await rig.ask('/v1/messages/import?format=zip', {
      method: 'POST',
      body: new Uint8Array(
        await zipped([
          ['a.eml', 'a'],
          ['b.eml', 'b'],
          ['c.eml', 'c'],
        ]),
      ),
      headers: { 'content-type': 'application/zip' },
    });
    expect([answer.status, await answer.json()]).toMatchObject([status, { error: { code } }]);
  });

  it('without a message says so', async () => {
    const rig = await createRig();
    expect(await taken(rig, 'zip', await zipped([['a.txt', 'a']]))).toMatchObject({ error: { code: 'unprocessable' } });
    expect(await taken(rig, 'zip', 'no zip')).toMatchObject({ error: { code: 'unprocessable' } });
  });
});

describe('an mbox file', () => {
  it('brings the bytes and the sender; the recipients are those of the header, and it arrives now', async () => {
    const { rig } = await filled();
    const other = await createRig();
    const before = Date.now();
    expect(await taken(other, 'mbox', await exported(rig, 'format=mbox'))).toEqual({ imported: 4, failed: [] });
    expect(await raws(other)).toEqual(RAWS);
    expect(kept(other).map(({ envelope }) => envelope)).toEqual([
      { sender: 'App@client.test', recipients: [{ address: 'jo@shop.test' }] },
      { sender: 'App@client.test', recipients: [] },
      { sender: 'App@client.test', recipients: [] },
      { sender: '', recipients: [] },
    ]);
    for (const { receivedAt } of kept(other)) expect(receivedAt).toBeGreaterThanOrEqual(before);
  });

  it('says which message could not be kept, and goes on', async () => {
    const rig = await createRig({ settings: { maxMessageSize: 100 }, limits: { importFailures: 2 } });
    const separator = 'From a@b.test Mon Feb  2 10:00:00 2026\n';
    const file = ['S: 1\n\n\n', '\n', `${'x'.repeat(200)}\n\n`, 'S: 4\n\n\n', '\n', '\n'].map((text) => separator + text).join('');
    expect(await taken(rig, 'mbox', file)).toEqual({
      imported: 2,
      failed: [
        { at: 'message 2 at octet 46', reason: 'it is empty' },
        { at: 'message 3 at octet 86', reason: 'the message is larger than 100 octets' },
        { at: 'elsewhere', reason: '2 more could not be imported' },
      ],
    });
  });

  it('that is none is refused', async () => {
    expect(await taken(await createRig(), 'mbox', 'Subject: x\n\n')).toMatchObject({ error: { code: 'unprocessable' } });
  });
});

describe('one message', () => {
  it('is taken in as it is', async () => {
    const rig = await createRig();
    expect(await taken(rig, 'eml', RAWS[1] ?? '')).toEqual({ imported: 1, failed: [] });
    expect(await raws(rig)).toEqual([RAWS[1]]);
  });

  it.each<[string, string, object]>([
    ['larger than the limit', 'x'.repeat(101), { error: { code: 'too-large' } }],
    ['without octets', '', { error: { code: 'malformed' } }],
  ])('%s is refused', async (_what, text, answer) => {
    const rig = await createRig({ settings: { maxMessageSize: 100 } });
    expect(
      await rig.json('/v1/messages/import?format=eml', {
        method: 'POST',
        ...(text && { body: text, headers: { 'content-type': 'message/rfc822' } }),
      }),
    ).toMatchObject(answer);
  });

  it('that finds no room is told', async () => {
    const rig = await createRig({ settings: { maxMessageSize: 0 } });
    expect(await taken(rig, 'eml', Buffer.alloc(50_000_001))).toMatchObject({ imported: 0, failed: [{ at: 'message 1' }] });
  });
});

describe('an export', () => {
  it('has what the query finds, oldest first, as a file with a name', async () => {
    const { rig } = await filled();
    const answer = await rig.ask('/v1/messages/export?format=mbox&q=subject:one+OR+is:starred');
    expect(answer.headers.get('content-disposition')).toContain('filename="mailrig.mbox"');
    expect(answer.headers.get('content-type')).toBe('application/mbox');
    expect((await answer.text()).match(/^From \S+ .*$/gm)).toEqual([
      'From App@client.test Thu Jan  1 00:00:00 2026',
      'From App@client.test Fri Jan  2 00:00:00 2026 unended',
    ]);
  });

  it('leaves out what is deleted meanwhile, and reads no further than it is read', async () => {
    const { rig, ids } = await filled();
    let read = 0;
    const { store } = rig.deps;
    const body = store.body.bind(store);
    Object.assign(store, { body: (id: string) => (read++, body(id)) });
    const answer = await rig.ask('/v1/messages/export?format=mbox');
    const reader = (answer.body ?? expect.fail()).getReader();
    await reader.read();
    expect(read).toBe(3); // the third message fills the first piece
    await rig.ask('/v1/messages', { method: 'DELETE', json: { ids: [ids[3]] } });
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  });

  it('has the messages named, each once and oldest first', async () => {
    const { rig, ids } = await filled();
    const [first = '', second = '', , fourth = ''] = ids;
    const bytes = await exported(rig, `format=mbox&ids=${[fourth, first, second, first].join(',')}`);
    expect(bytes.toString().match(/^From \S* .* 2026/gm)).toHaveLength(3);
    expect(bytes.indexOf('Subject: One')).toBeLessThan(bytes.indexOf('Subject: Two'));
    expect(bytes.indexOf('Subject: Two')).toBeLessThan(bytes.indexOf('From the start'));
  });

  it('names the first message that is not there', async () => {
    const { rig, ids } = await filled();
    await rig.ask('/v1/messages', { method: 'DELETE', json: { ids: [ids[1]] } });
    const answer = (id: string): Promise<unknown> => rig.json(`/v1/messages/export?format=zip&ids=${ids[0]},${id},nobody`);
    expect(await answer('nothing')).toMatchObject({ error: { code: 'not-found', message: 'no message nothing' } });
    expect(await answer(ids[1] ?? '')).toMatchObject({ error: { code: 'gone', message: `message ${ids[1]} was deleted` } });
  });

  it.each(['format=zip&ids=a&q=b', 'format=zip&ids=', 'format=zip&ids=a,,b', `format=zip&ids=${'a,'.repeat(500)}a`])(
    'asked for with %s names the ids as wrong',
    async (query) => {
      expect(await (await createRig()).json(`/v1/messages/export?${query}`)).toMatchObject({ error: { details: { field: 'ids' } } });
    },
  );

  it.each(['format=tar', '', 'format=mbox&q=(', 'format=mbox&mailbox=a'])('asked for with "%s" is malformed', async (query) => {
    expect((await (await createRig()).ask(`/v1/messages/export?${query}`)).status).toBe(400);
  });
});

it.each([
  ['text/plain', 415],
  ['multipart/form-data', 415],
  ['application/json', 415],
  ['application/octet-stream', 200],
])('an upload of %s is answered %d', async (type, status) => {
  const answer = await (
    await createRig()
  ).ask('/v1/messages/import?format=eml', { method: 'POST', body: 'Subject: x\n\n', headers: { 'content-type': type } });
  expect(answer.status).toBe(status);
});

it('more imports than the limit at one time are refused, and a broken upload ends its own', async () => {
  const rig = await createRig({ limits: { imports: 1 } });
  let end: (error: Error) => void = () => undefined;
  const body = new ReadableStream<Uint8Array>({ start: (controller) => (end = (error) => controller.error(error)) });
  const headers = { 'content-type': 'application/mbox' };
  const first = rig.ask('/v1/messages/import?format=mbox', { method: 'POST', body, headers, duplex: 'half' });
  expect(await taken(rig, 'mbox', '')).toMatchObject({ error: { code: 'busy' } });
  end(new Error('gone'));
  expect(await (await first).json()).toMatchObject({ error: { code: 'malformed', message: 'body: it broke off' } });
  expect(await taken(rig, 'eml', 'Subject: x\n\n')).toEqual({ imported: 1, failed: [] });
});
