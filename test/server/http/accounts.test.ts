import { describe, expect, it } from 'vitest';
import { createRig, message } from './rig.ts';
import type { Rig } from './rig.ts';

const BOX = '/v1/accounts/jo@shop.test/mailboxes';
const INBOX = `${BOX}/INBOX/messages`;

async function withMail(): Promise<{ rig: Rig; ids: string[] }> {
  const rig = await createRig();
  const ids = [await rig.send(), await rig.send(), await rig.send({ to: ['Jo+tag@Shop.test', 'ann@shop.test'] })];
  return { rig, ids };
}

describe('accounts', () => {
  it('come into being with mail, and are listed by name', async () => {
    const { rig } = await withMail();
    const { items, total } = (await rig.json('/v1/accounts')) as unknown as {
      items: { name: string; mailboxes: unknown[] }[];
      total: number;
    };
    expect([items.map(({ name }) => name), total]).toEqual([['*', 'ann@shop.test', 'jo@shop.test'], 3]);
    expect(items[2]?.mailboxes).toEqual([
      expect.objectContaining({ name: 'INBOX', messages: 3, unread: 3, uidNext: 4, specialUse: null, subscribed: true }),
    ]);
    const page = (await rig.json('/v1/accounts?limit=1&cursor=ann@shop.test')) as unknown as {
      items: { name: string }[];
      next: string | null;
    };
    expect([page.items.map(({ name }) => name), page.next]).toEqual([['jo@shop.test'], null]);
  });

  it('have mailboxes that can be made and deleted', async () => {
    const { rig } = await withMail();
    const made = await rig.ask(BOX, { method: 'POST', json: { name: 'Archive' } });
    expect([made.status, await made.json()]).toMatchObject([201, { name: 'Archive', specialUse: '\\Archive', messages: 0 }]);
    expect((await rig.ask(BOX, { method: 'POST', json: { name: 'Archive' } })).status).toBe(409);
    expect((await rig.ask(BOX, { method: 'POST', json: { name: 'inbox' } })).status).toBe(409);
    expect(await rig.json(`${BOX}/Archive`, { method: 'DELETE' })).toEqual({ changed: 1 });
    expect((await rig.ask(`${BOX}/Archive`, { method: 'DELETE' })).status).toBe(404);
    expect((await rig.ask(`${BOX}/INBOX`, { method: 'DELETE' })).status).toBe(422);
  });

  it.each(['/v1/accounts/nobody/mailboxes', `${BOX}/Nowhere/messages`])('%s is not there', async (path) => {
    const { rig } = await withMail();
    expect((await rig.ask(path)).status).toBe(404);
  });
});

describe('the entries of a mailbox', () => {
  it('are listed newest first, page by page', async () => {
    const { rig, ids } = await withMail();
    const first = (await rig.json(`${INBOX}?limit=2`)) as unknown as { next: string };
    expect(first).toEqual({
      items: [
        { uid: 3, flags: [], messageId: ids[2] },
        { uid: 2, flags: [], messageId: ids[1] },
      ],
      next: '2',
      total: 3,
    });
    expect(await rig.json(`${INBOX}?limit=2&cursor=${first.next}`)).toEqual({
      items: [{ uid: 1, flags: [], messageId: ids[0] }],
      next: null,
      total: 3,
    });
  });

  it.each<[unknown, string[]]>([
    [{ uids: [1], add: ['\\Seen', '\\Seen', '$Label'] }, ['\\Flagged', '\\Seen', '$Label']],
    [{ uids: [1], remove: ['\\Flagged'] }, []],
    [{ uids: [1], add: ['\\Seen'], remove: ['\\Flagged'] }, ['\\Seen']],
    [{ uids: [1], replace: ['\\Answered'] }, ['\\Answered']],
    [{ uids: [1, 99], replace: [] }, []],
  ])('take flags: %o', async (json, flags) => {
    const { rig } = await withMail();
    await rig.ask(INBOX, { method: 'PATCH', json: { uids: [1], add: ['\\Flagged'] } });
    expect(await rig.json(INBOX, { method: 'PATCH', json })).toEqual({ changed: 1, uids: [] });
    const { items } = (await rig.json(INBOX)) as unknown as { items: { uid: number; flags: string[] }[] };
    expect(items.find(({ uid }) => uid === 1)?.flags).toEqual(flags);
  });

  it.each<[unknown]>([
    [{ uids: [1] }],
    [{ uids: [], add: ['\\Seen'] }],
    [{ uids: [0], add: ['\\Seen'] }],
    [{ uids: [1], add: ['\\Recent'] }],
    [{ uids: [1], add: ['a b'] }],
    [{ uids: [1], add: ['a'], replace: ['b'] }],
  ])('refuse %o', async (json) => {
    const { rig } = await withMail();
    expect((await rig.ask(INBOX, { method: 'PATCH', json })).status).toBe(400);
  });

  it('are copied and moved within the account', async () => {
    const { rig, ids } = await withMail();
    await rig.ask(BOX, { method: 'POST', json: { name: 'Archive' } });
    const copied = await rig.ask(INBOX, { method: 'POST', json: { uids: [1, 2], to: 'Archive' } });
    expect([copied.status, await copied.json()]).toEqual([201, { changed: 2, uids: [1, 2] }]);
    expect(await rig.json(INBOX, { method: 'POST', json: { uids: [3], to: 'Archive', move: true } })).toEqual({ changed: 1, uids: [3] });
    expect(await rig.json(`${BOX}/Archive/messages`)).toMatchObject({
      items: [{ messageId: ids[2] }, { messageId: ids[1] }, { messageId: ids[0] }],
    });
    expect(await rig.json(INBOX)).toMatchObject({ total: 2 });
    expect((await rig.ask(INBOX, { method: 'POST', json: { uids: [1], to: 'Nowhere' } })).status).toBe(404);
  });

  it('are appended without becoming messages of everybody', async () => {
    const { rig } = await withMail();
    const answer = await rig.ask(`${INBOX}?flag=%5CSeen&flag=draft`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: new Uint8Array(message({ Subject: 'Draft' })),
    });
    expect([answer.status, await answer.json()]).toEqual([201, { changed: 1, uids: [4] }]);
    const { items } = (await rig.json(`${INBOX}?limit=1`)) as unknown as { items: { uid: number; flags: string[]; messageId: string }[] };
    expect(items[0]).toMatchObject({ uid: 4, flags: ['\\Seen', 'draft'] });
    expect(await rig.json(`/v1/messages/${items[0]?.messageId}`)).toMatchObject({
      source: 'append',
      subject: 'Draft',
      envelope: { recipients: [] },
    });
    expect(await rig.json('/v1/messages')).toMatchObject({ total: 3 });
  });

  it('are removed there only; the message stays', async () => {
    const { rig, ids } = await withMail();
    expect(await rig.json(INBOX, { method: 'DELETE', json: { uids: [2, 99] } })).toEqual({ changed: 1, uids: [] });
    expect(await rig.json(INBOX)).toMatchObject({ total: 2 });
    expect((await rig.ask(`/v1/messages/${ids[1]}`)).status).toBe(200);
  });
});

describe('mailboxes', () => {
  it('get another name together with those below them', async () => {
    const { rig } = await withMail();
    await rig.ask(BOX, { method: 'POST', json: { name: 'Work/2026' } });
    const renamed = await rig.ask(`${BOX}/Work`, { method: 'PATCH', json: { name: 'Old' } });
    expect([renamed.status, await renamed.json()]).toMatchObject([200, { name: 'Old' }]);
    const { items } = (await rig.json(BOX)) as unknown as { items: { name: string }[] };
    expect(items.map(({ name }) => name)).toEqual(['INBOX', 'Old', 'Old/2026']);
    expect((await rig.ask(`${BOX}/${encodeURIComponent('Old/2026')}`, { method: 'DELETE' })).status).toBe(200);
  });

  it.each<[string, string, number]>([
    ['Work', 'inbox', 409],
    ['Work', 'Work', 409],
    ['Work', 'Work/deeper', 422],
    ['Work', 'a//b', 422],
    ['Work', 'a*', 400],
    ['Nowhere', 'Other', 404],
  ])('%s does not become %s: %i', async (name, to, status) => {
    const { rig } = await withMail();
    await rig.ask(BOX, { method: 'POST', json: { name: 'Work' } });
    expect((await rig.ask(`${BOX}/${name}`, { method: 'PATCH', json: { name: to } })).status).toBe(status);
  });

  it('are found by a part of their account’s name', async () => {
    const { rig } = await withMail();
    expect(await rig.json('/v1/accounts?q=AN')).toMatchObject({ items: [{ name: 'ann@shop.test' }], total: 1, next: null });
  });

  it('that a mail program expects are made when the first thing goes there', async () => {
    const { rig, ids } = await withMail();
    expect(await rig.json(INBOX, { method: 'POST', json: { ids: [ids[0]], to: 'Archive', move: true } })).toMatchObject({ changed: 1 });
    expect(await rig.json(INBOX, { method: 'POST', json: { q: 'subject:welcome', to: 'trash' } }).catch(() => null)).toMatchObject({
      error: { code: 'not-found' },
    });
    expect(await rig.json(INBOX, { method: 'POST', json: { q: 'subject:welcome', to: 'Trash', move: true } })).toMatchObject({
      changed: 2,
    });
    expect((await rig.ask(INBOX, { method: 'POST', json: { q: '', to: 'INBOX', move: true } })).status).toBe(422);
    expect((await rig.ask(INBOX, { method: 'POST', json: { to: 'Trash' } })).status).toBe(400);
    expect(await rig.json(INBOX)).toMatchObject({ total: 0 });
  });

  it('take a message also where there was no account yet, Sent by its use', async () => {
    const { rig } = await withMail();
    const append = (path: string) =>
      rig.ask(path, {
        method: 'POST',
        headers: { 'content-type': 'message/rfc822' },
        body: new Uint8Array(message({ Subject: 'Copy' })),
      });
    const sent = '/v1/accounts/New@Shop.test/mailboxes/Sent/messages';
    expect((await append(sent)).status).toBe(201);
    await rig.ask('/v1/accounts/new@shop.test/mailboxes/Sent', { method: 'PATCH', json: { name: 'Gesendet' } });
    expect((await append(sent)).status).toBe(201);
    expect(await rig.json('/v1/messages?account=new@shop.test&mailbox=Gesendet')).toMatchObject({
      total: 2,
      items: [{ subject: 'Copy' }, {}],
    });
    expect((await append('/v1/accounts/new@shop.test/mailboxes/Nowhere/messages')).status).toBe(404);
  });
});

describe('the messages of a mailbox', () => {
  const PLACE = 'account=jo@shop.test';

  it('are counted, opened and exported with the marks of that mailbox', async () => {
    const { rig, ids } = await withMail();
    await rig.ask(INBOX, { method: 'PATCH', json: { uids: [1], add: ['\\Seen'] } });
    expect(await rig.json(`/v1/messages/facets?${PLACE}`)).toMatchObject({
      states: expect.arrayContaining([
        { value: 'unread', count: 2 },
        { value: 'read', count: 1 },
      ]) as unknown,
    });
    expect(await rig.json(`/v1/messages/${ids[0]}?${PLACE}`)).toMatchObject({ read: true });
    expect(await rig.json(`/v1/messages/${ids[0]}`)).toMatchObject({ read: false });
    expect((await rig.ask(`/v1/messages/${ids[0]}?account=ann@shop.test`)).status).toBe(404);
    expect((await rig.ask(`/v1/messages/${ids[0]}?mailbox=INBOX`)).status).toBe(400);
    const mbox = await (await rig.ask(`/v1/messages/export?format=mbox&account=ann@shop.test`)).text();
    expect(mbox.match(/^From /gm)).toHaveLength(1);
  });

  it('are listed once each, though a client copied them to where they were', async () => {
    const { rig, ids } = await withMail();
    await rig.ask(INBOX, { method: 'POST', json: { uids: [1, 2], to: 'INBOX' } });
    for (const sort of ['-received', 'received', 'subject']) {
      const { items, total } = (await rig.json(`/v1/messages?${PLACE}&sort=${sort}`)) as unknown as {
        items: { id: string }[];
        total: number;
      };
      expect([new Set(items.map(({ id }) => id)).size, items.length, total]).toEqual([3, 3, 3]);
    }
    expect(await rig.json(`/v1/messages?${PLACE}`, { method: 'DELETE', json: { ids: [ids[0]] } })).toMatchObject({ undo: null });
    expect(await rig.json(`/v1/messages?${PLACE}`)).toMatchObject({ total: 2 });
    expect(await rig.json('/v1/messages')).toMatchObject({ total: 3 });
  });
});
