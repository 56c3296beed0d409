import { describe, expect, test } from 'vitest';
import type { Change } from '../../../server/store/changes.ts';
import type { Mailbox } from '../../../server/store/state.ts';
import { isRead } from '../../../server/store/state.ts';
import type { Sample } from './sample.ts';
import { openSample } from './sample.ts';

function box({ store }: Sample, account: string, name = 'INBOX'): Mailbox {
  const mailbox = store.state.accounts.get(account)?.mailboxes.get(name);
  if (!mailbox) throw new Error(`no mailbox ${account} ${name}`);
  return mailbox;
}

const uids = (mailbox: Mailbox): number[] => [...mailbox.entries].map((entry) => entry.uid);
const flags = (mailbox: Mailbox, uid: number): readonly string[] | undefined => mailbox.entries.get(uid)?.flags;
const jo = { account: 'jo@shop.test', mailbox: 'INBOX' } as const;

async function one(
  { store }: Sample,
  change: Change,
): Promise<{ changed: number; uids?: readonly number[]; modified?: readonly number[] }> {
  const [outcome] = await store.commit([change]);
  if (!outcome) throw new Error('no outcome');
  return outcome;
}

describe('a message arrives', () => {
  test('in the account of each recipient and in account *, under the next UID', async () => {
    const sample = await openSample();
    await sample.send({ to: ['jo@shop.test', 'ann@shop.test'] });
    await sample.send({ to: ['jo@shop.test'] });
    expect(uids(box(sample, 'jo@shop.test'))).toEqual([1, 2]);
    expect(uids(box(sample, 'ann@shop.test'))).toEqual([1]);
    expect(uids(box(sample, '*'))).toEqual([1, 2]);
  });

  test('once for two addresses of one account, which names both as delivered to', async () => {
    const sample = await openSample();
    await sample.send({ to: ['jo+a@shop.test', 'JO+b@shop.test'] });
    const entries = box(sample, 'jo@shop.test').entries.slice();
    expect(entries.map((entry) => entry.deliveredTo)).toEqual([['jo+a@shop.test', 'JO+b@shop.test']]);
    expect(box(sample, '*').entries.at(0)?.deliveredTo).toEqual([]);
  });

  test('and no UIDVALIDITY is given twice', async () => {
    const sample = await openSample();
    await sample.send({ to: ['a@x.test', 'b@x.test', 'c@x.test'] });
    const values = [...sample.store.state.accounts.values()].map((account) => account.mailboxes.get('INBOX')?.uidValidity);
    expect(new Set(values).size).toBe(4);
    expect(Math.min(...(values as number[]))).toBeGreaterThanOrEqual(Math.floor(Date.UTC(2026, 10, 24) / 1000));
  });
});

describe('flags', () => {
  test.each<[string, 'add' | 'remove' | 'replace', string[], string[]]>([
    ['are added without doubling', 'add', ['\\Seen', 'work'], ['\\Seen', 'work']],
    ['are removed', 'remove', ['\\Seen'], []],
    ['are replaced', 'replace', ['\\Flagged'], ['\\Flagged']],
  ])('%s', async (_name, mode, given, expected) => {
    const sample = await openSample();
    await sample.send();
    await one(sample, { type: 'flags.set', ...jo, uids: [1], mode: 'add', flags: ['\\Seen'], via: 'imap' });
    await one(sample, { type: 'flags.set', ...jo, uids: [1], mode, flags: given, via: 'imap' });
    expect(flags(box(sample, 'jo@shop.test'), 1)).toEqual(expected);
  });

  test.each([
    ['added in another case', 'add', ['work']],
    ['removed in another case', 'remove', []],
  ] as const)('a keyword is the same one when it is %s', async (_, mode, expected) => {
    const sample = await openSample();
    await sample.send();
    await one(sample, { type: 'flags.set', ...jo, uids: [1], mode: 'add', flags: ['work'], via: 'imap' });
    await one(sample, { type: 'flags.set', ...jo, uids: [1], mode, flags: ['WORK'], via: 'imap' });
    expect(flags(box(sample, 'jo@shop.test'), 1)).toEqual(expected);
  });

  test('that change nothing raise no modseq', async () => {
    const sample = await openSample();
    await sample.send();
    const mailbox = box(sample, 'jo@shop.test');
    await one(sample, { type: 'flags.set', ...jo, uids: [1], mode: 'add', flags: ['\\Seen'], via: 'imap' });
    const before = mailbox.highestModseq;
    const { changed } = await one(sample, { type: 'flags.set', ...jo, uids: [1], mode: 'add', flags: ['\\Seen'], via: 'imap' });
    expect([changed, mailbox.highestModseq]).toEqual([0, before]);
  });

  test('changed since the given modseq are left alone and named', async () => {
    const sample = await openSample();
    await sample.send();
    await sample.send();
    const mailbox = box(sample, 'jo@shop.test');
    const since = mailbox.highestModseq;
    await one(sample, { type: 'flags.set', ...jo, uids: [2], mode: 'add', flags: ['\\Seen'], via: 'imap' });
    const outcome = await one(sample, {
      type: 'flags.set',
      ...jo,
      uids: [1, 2],
      mode: 'add',
      flags: ['\\Flagged'],
      unchangedSince: since,
      via: 'imap',
    });
    expect(outcome).toEqual({ changed: 1, modified: [2] });
    expect([flags(mailbox, 1), flags(mailbox, 2)]).toEqual([['\\Flagged'], ['\\Seen']]);
  });

  test('of account * are the read mark, and another account reading it tells by which protocol', async () => {
    const sample = await openSample();
    const id = await sample.send();
    const kept = sample.store.state.messages.get(id);
    if (!kept) throw new Error('not kept');
    await one(sample, { type: 'flags.set', ...jo, uids: [1], mode: 'add', flags: ['\\Seen'], via: 'pop3' });
    expect(isRead(kept)).toBe(false);
    expect(kept.recipients).toEqual([{ recipient: 'jo@shop.test', account: 'jo@shop.test', seen: 'pop3', removed: null }]);
    await one(sample, { type: 'messages.marked', ids: [id], read: true, pinned: true, addTags: ['a', 'b'], removeTags: ['b'] });
    expect([isRead(kept), kept.pinned, kept.tags]).toEqual([true, true, ['a']]);
    await one(sample, { type: 'messages.marked', ids: [id], read: false });
    expect(isRead(kept)).toBe(false);
  });
});

describe('removing', () => {
  test('in an account takes its entry only, and the message says by whom', async () => {
    const sample = await openSample();
    const id = await sample.send({ to: ['jo@shop.test', 'ann@shop.test'] });
    await one(sample, { type: 'entries.removed', ...jo, uids: [1], via: 'imap' });
    expect(uids(box(sample, 'jo@shop.test'))).toEqual([]);
    expect(uids(box(sample, 'ann@shop.test'))).toEqual([1]);
    expect(sample.store.state.messages.get(id)?.recipients.map(({ removed }) => removed)).toEqual(['imap', null]);
  });

  test('the last entry in * deletes the message everywhere, with its bytes', async () => {
    const sample = await openSample();
    const id = await sample.send();
    await one(sample, { type: 'entries.removed', account: '*', mailbox: 'INBOX', uids: [1], via: 'imap' });
    expect(sample.store.state.messages.size).toBe(0);
    expect(uids(box(sample, 'jo@shop.test'))).toEqual([]);
    await expect(sample.store.body(id)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a move to Trash in * keeps the message', async () => {
    const sample = await openSample();
    const id = await sample.send();
    const everyone = { account: '*', mailbox: 'INBOX' } as const;
    await one(sample, { type: 'mailbox.created', account: '*', mailbox: 'Trash' });
    await one(sample, { type: 'entries.copied', ...everyone, uids: [1], to: 'Trash', move: true, at: 0, via: 'imap' });
    expect([uids(box(sample, '*')), uids(box(sample, '*', 'Trash'))]).toEqual([[], [1]]);
    expect(sample.store.state.messages.has(id)).toBe(true);
    await one(sample, { type: 'entries.removed', account: '*', mailbox: 'Trash', uids: [1], via: 'imap' });
    expect(sample.store.state.messages.has(id)).toBe(false);
  });

  test('a pinned message in * is refused, and survives the deletion of its mailbox', async () => {
    const sample = await openSample();
    const id = await sample.send();
    const everyone = { account: '*', mailbox: 'INBOX' } as const;
    await sample.store.commit([
      { type: 'messages.marked', ids: [id], pinned: true },
      { type: 'mailbox.created', account: '*', mailbox: 'Old' },
      { type: 'entries.copied', ...everyone, uids: [1], to: 'Old', move: true, at: 0, via: 'imap' },
    ]);
    const refused = await one(sample, { type: 'entries.removed', account: '*', mailbox: 'Old', uids: [1], via: 'imap' });
    expect(refused).toEqual({ changed: 0, modified: [1] });
    await one(sample, { type: 'mailbox.deleted', account: '*', mailbox: 'Old', via: 'imap' });
    expect(sample.store.state.messages.has(id)).toBe(true);
    expect(uids(box(sample, '*'))).toEqual([2]);
  });

  test('is written in the change log, by which a reader catches up', async () => {
    const sample = await openSample();
    for (let i = 0; i < 3; i++) await sample.send();
    const mailbox = box(sample, 'jo@shop.test');
    const seen = mailbox.highestModseq;
    await one(sample, { type: 'entries.removed', ...jo, uids: [2], via: 'imap' });
    await one(sample, { type: 'flags.set', ...jo, uids: [3], mode: 'add', flags: ['\\Seen'], via: 'imap' });
    const { changes } = mailbox.log;
    expect(changes.slice(changes.lowerBound(seen + 1)).map(({ uid }) => uid)).toEqual([2, 3]);
  });

  test('a long change log forgets its beginning and says so', async () => {
    const sample = await openSample();
    await sample.send();
    const mailbox = box(sample, 'jo@shop.test');
    for (let i = 0; i < 15_000; i++) {
      await one(sample, { type: 'flags.set', ...jo, uids: [1], mode: i % 2 ? 'remove' : 'add', flags: ['\\Seen'], via: 'imap' });
    }
    expect(mailbox.log.changes.length).toBeLessThanOrEqual(10_000);
    expect(mailbox.log.floor).toBeGreaterThan(0);
    expect(mailbox.log.changes.at(0)?.modseq).toBe(mailbox.log.floor + 1);
  });
});

describe('mailboxes', () => {
  test('INBOX renamed stays, and its messages move', async () => {
    const sample = await openSample();
    await sample.send();
    await sample.store.commit([
      { type: 'flags.set', ...jo, uids: [1], mode: 'add', flags: ['\\Flagged'], via: 'imap' },
      { type: 'mailbox.renamed', ...jo, to: 'Old', at: 7 },
    ]);
    expect([uids(box(sample, jo.account)), uids(box(sample, jo.account, 'Old'))]).toEqual([[], [1]]);
    expect(box(sample, jo.account, 'Old').entries.get(1)).toMatchObject({ flags: ['\\Flagged'], savedAt: 7 });
    expect(box(sample, jo.account).uidNext).toBe(2);
  });

  test('a mailbox numbered anew has its messages, and their marks, under a UIDVALIDITY of its own; the old one is left empty', async () => {
    const sample = await openSample();
    for (let i = 0; i < 3; i++) await sample.send();
    const old = box(sample, '*');
    await sample.store.commit([
      { type: 'flags.set', account: '*', mailbox: 'INBOX', uids: [3], mode: 'add', flags: ['\\Seen'], via: 'imap' },
      { type: 'mailbox.created', account: '*', mailbox: 'Kept' },
      { type: 'entries.copied', account: '*', mailbox: 'INBOX', uids: [3], to: 'Kept', move: false, at: 0, via: 'imap' },
      { type: 'entries.removed', account: '*', mailbox: 'INBOX', uids: [1], via: 'imap' },
    ]);
    const ids = [...old.entries].map(({ kept }) => kept.message.id);
    await one(sample, { type: 'mailbox.renumbered', account: '*', mailbox: 'INBOX' });
    const made = box(sample, '*');
    expect([made.uidValidity > old.uidValidity, made.subscribed, made.specialUse]).toEqual([true, true, null]);
    expect([uids(made), uids(old), made.uidNext]).toEqual([[1, 2], [], 3]);
    expect([...made.entries].map(({ kept }) => kept.message.id)).toEqual(ids);
    expect(flags(made, 2)).toEqual(['\\Seen']);
    const last = sample.store.state.messages.get(ids[1] ?? '');
    expect(last?.entries.map(({ mailbox }) => mailbox.name)).toEqual(['INBOX', 'INBOX', 'Kept']);
    expect(last && isRead(last)).toBe(true);
    // By its old UIDVALIDITY nothing is found any more.
    const old1 = { account: '*', mailbox: 'INBOX', uidValidity: old.uidValidity, uids: [1], via: 'imap' } as const;
    expect(await one(sample, { ...old1, type: 'entries.removed' })).toMatchObject({ changed: 0 });
    expect(uids(made)).toEqual([1, 2]);
  });

  test('that are named with their UIDVALIDITY are meant whatever they are called now, and no other of that name', async () => {
    const sample = await openSample();
    await sample.send();
    const { account } = jo;
    await sample.store.commit([
      { type: 'mailbox.created', account, mailbox: 'Kept' },
      { type: 'entries.copied', ...jo, uids: [1], to: 'Kept', move: false, at: 1, via: 'imap' },
    ]);
    const kept = box(sample, account, 'Kept');
    const { uidValidity } = kept;
    const star = { type: 'flags.set', account, mailbox: 'Kept', uidValidity, uids: [1], mode: 'add', via: 'imap' } as const;
    await one(sample, { type: 'mailbox.renamed', account, mailbox: 'Kept', to: 'Renamed', at: 2 });
    expect(await one(sample, { ...star, flags: ['\\Flagged'] })).toMatchObject({ changed: 1 });
    expect(flags(kept, 1)).toEqual(['\\Flagged']);
    await sample.store.commit([
      { type: 'mailbox.deleted', account, mailbox: 'Renamed', via: 'imap' },
      { type: 'mailbox.created', account, mailbox: 'Kept' },
      { type: 'entries.copied', ...jo, uids: [1], to: 'Kept', move: false, at: 3, via: 'imap' },
    ]);
    expect(await one(sample, { ...star, flags: ['\\Deleted'] })).toMatchObject({ changed: 0 });
    expect(flags(box(sample, account, 'Kept'), 1)).toEqual([]);
  });

  test('a subscription needs none, outlives one, and is taken up by the next of that name', async () => {
    const sample = await openSample();
    await sample.send();
    const { account } = jo;
    const left = (): string[] => [...(sample.store.state.accounts.get(account)?.subscriptions ?? [])];
    await one(sample, { type: 'mailbox.subscribed', account, mailbox: 'news', subscribed: true });
    expect(left()).toEqual(['news']);
    await one(sample, { type: 'mailbox.created', account, mailbox: 'news' });
    expect([left(), box(sample, account, 'news').subscribed]).toEqual([[], true]);
    await one(sample, { type: 'mailbox.deleted', account, mailbox: 'news', via: 'imap' });
    expect(left()).toEqual(['news']);
    await one(sample, { type: 'mailbox.subscribed', account, mailbox: 'news', subscribed: false });
    expect(left()).toEqual([]);
  });

  test('a copy says which UIDs were copied, and a seen one moved is still seen', async () => {
    const sample = await openSample();
    const id = await sample.send();
    await sample.store.commit([
      { type: 'mailbox.created', account: jo.account, mailbox: 'Kept' },
      { type: 'flags.set', ...jo, uids: [1], mode: 'add', flags: ['\\Seen'], via: 'imap' },
    ]);
    const outcome = await one(sample, { type: 'entries.copied', ...jo, uids: [1, 9], to: 'Kept', move: true, at: 0, via: 'imap' });
    expect(outcome).toMatchObject({ changed: 1, from: [1], uids: [1] });
    expect(sample.store.state.messages.get(id)?.recipients).toMatchObject([{ seen: 'imap', removed: null }]);
  });
});

test('the same changes in the same order give the same state', async () => {
  const runs = await Promise.all(
    [0, 1].map(async () => {
      const sample = await openSample();
      for (let i = 0; i < 20; i++) await sample.send({ to: [`u${i % 3}@x.test`], text: `number ${i}` });
      const ids = sample.store.state.arrivals.slice().map(({ message }) => message.id);
      await sample.store.commit([
        { type: 'messages.deleted', ids: ids.filter((_, i) => i % 4 === 0), reason: 'deleted' },
        { type: 'mailbox.created', account: 'u1@x.test', mailbox: 'Keep' },
        { type: 'entries.copied', account: 'u1@x.test', mailbox: 'INBOX', uids: [2, 3], to: 'Keep', move: true, at: 1, via: 'imap' },
        { type: 'mailbox.renamed', account: 'u1@x.test', mailbox: 'Keep', to: 'Kept', at: 1 },
      ]);
      return [...sample.store.state.accounts.values()].map(({ name, mailboxes }) => [
        name,
        [...mailboxes.values()].map((mailbox) => ({
          ...mailbox,
          entries: [...mailbox.entries].map(({ uid, flags: set, modseq, kept }) => [uid, set, modseq, kept.message.id]),
        })),
      ]);
    }),
  );
  expect(runs[0]).toEqual(runs[1]);
});
