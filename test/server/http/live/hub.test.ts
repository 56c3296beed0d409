import { describe, expect, it, vi } from 'vitest';
import { createHosts } from '../../../../server/faults/hosts.ts';
import { HTTP_LIMITS } from '../../../../server/http/deps.ts';
import type { EventFrame, Frame, GapFrame } from '../../../../server/http/contract/types.ts';
import { createHub } from '../../../../server/http/live/hub.ts';
import type { Hub, Reading } from '../../../../server/http/live/hub.ts';
import { createBoard } from '../../../../server/http/sandbox/board.ts';
import { compile } from '../../../../server/store/match.ts';
import { parseQuery } from '../../../../server/store/query.ts';
import { createRig, message, raise, session } from '../rig.ts';
import type { Rig } from '../rig.ts';

interface Reader {
  readonly frames: Frame[];
  readonly texts: string[];
  readonly types: () => string[];
  unsent: number;
  readonly leave: () => void;
}

const ALL: Reading = { since: null, matcher: null, session: null, sessions: false, account: null };

function read(hub: Hub, reading: Partial<Reading> = {}): Reader {
  const texts: string[] = [];
  const frames: Frame[] = [];
  const reader = { unsent: 0 };
  const send = (text: string): void => {
    texts.push(text);
    frames.push(JSON.parse(text) as Frame);
  };
  const leave = hub.join({ send, unsent: () => reader.unsent, close: () => undefined }, { ...ALL, ...reading });
  const types = (): string[] => frames.flatMap((frame) => ('events' in frame ? frame.events.map(({ type }) => type) : ['gap']));
  return Object.assign(reader, { frames, texts, types, leave });
}

async function withHub(limits: Partial<typeof HTTP_LIMITS> = {}): Promise<{ rig: Rig; hub: Hub }> {
  const rig = await createRig();
  return {
    rig,
    hub: createHub({
      ...rig.deps,
      board: createBoard({ ...rig.deps, hosts: createHosts({ ...rig.deps, places: [], report: raise }), report: raise, now: Date.now }),
      limits: { ...HTTP_LIMITS, ...limits },
      report: raise,
    }),
  };
}

const lastOf = (reader: Reader): Frame => reader.frames.at(-1) as Frame;
const placeOf = (frame: Frame): string => `${frame.epoch}.${frame.seq}`;
const filter = (q: string): Reading['matcher'] => compile(parseQuery(q), { now: Date.now() });

describe('live events', () => {
  it('begin with a frame that tells where the counter stands', async () => {
    const { rig, hub } = await withHub();
    await rig.send();
    expect(read(hub).frames).toEqual([{ epoch: expect.stringMatching(/^\w+$/) as string, seq: 1, events: [] }]);
  });

  it('tell what happens to messages, sessions and refusals, with one counter for all', async () => {
    const { rig, hub } = await withHub();
    const reader = read(hub);
    const id = await rig.send();
    await rig.ask('/v1/messages', { method: 'PATCH', json: { ids: [id], set: { read: true } } });
    await vi.waitFor(() => expect(reader.types()).toHaveLength(2));
    rig.refuse('a@full.test', 'full');
    rig.say({ type: 'session.opened', session: session({ id: 's1' }) });
    rig.say({ type: 'session.closed', session: session({ id: 's1', closedAt: 1 }) });
    rig.deps.store.events.emit({ type: 'storage.full', limit: 'maxSize' });
    await rig.ask('/v1/messages', { method: 'DELETE' });
    await vi.waitFor(() => expect(lastOf(reader).seq).toBe(8));
    const events = reader.frames.flatMap((frame) => ('events' in frame ? frame.events : []));
    expect(events).toMatchObject([
      { type: 'message.added', summary: { id } },
      { type: 'message.changed', summary: { id, read: true } },
      { type: 'refusal.added', refusal: { recipient: 'a@full.test' } },
      { type: 'session.opened', session: { id: 's1' } },
      { type: 'session.closed', session: { id: 's1', closedAt: '1970-01-01T00:00:00.001Z' } },
      { type: 'storage.full', limit: 'maxSize' },
      { type: 'storage.room' },
      { type: 'messages.deleted', ids: [id], reason: 'deleted' },
    ]);
  });

  it('come in frames of limited size, which lose nothing', async () => {
    const { rig, hub } = await withHub({ eventsPerFrame: 10 });
    const reader = read(hub);
    for (let n = 0; n < 35; n++) hub.tell({ type: 'reset' });
    await vi.waitFor(() => expect(reader.types()).toHaveLength(35));
    const sizes = reader.frames.map((frame) => ('events' in frame ? frame.events.length : 0));
    expect(Math.max(...sizes)).toBe(10);
    expect(reader.frames.map(({ seq }) => seq)).toEqual([0, 10, 20, 30, 35]);
    expect(rig.deps.store.state.arrivals.length).toBe(0);
  });

  it('are put into words once for all readers', async () => {
    const { rig, hub } = await withHub();
    const readers = [read(hub), read(hub), read(hub)];
    await rig.send();
    await vi.waitFor(() =>
      expect(readers.map((reader) => reader.types())).toEqual([['message.added'], ['message.added'], ['message.added']]),
    );
    const [a, b] = readers;
    expect(a?.texts.at(-1)).toBe(b?.texts.at(-1));
  });

  it('leave out lines of sessions, unless that session is followed', async () => {
    const { rig, hub } = await withHub();
    const line = { number: 1, at: 0, side: 'client' as const, text: 'NOOP', bytes: null, faultId: null };
    const [all, follower] = [read(hub), read(hub, { session: 's1' })];
    rig.say({ type: 'session.line', session: session({ id: 's1' }), line });
    rig.say({ type: 'session.line', session: session({ id: 's2' }), line });
    await rig.send();
    await vi.waitFor(() => expect([all.types(), follower.types()]).toEqual([['message.added'], ['session.line', 'message.added']]));
    const event = follower.frames.flatMap((frame) => (frame as EventFrame).events)[0];
    expect(event).toEqual({ type: 'session.line', sessionId: 's1', line: { ...line, at: '1970-01-01T00:00:00.000Z' } });
    // Once nobody follows it, its lines are not even counted; those before stay out of others' frames.
    const place = placeOf(lastOf(all));
    follower.leave();
    rig.say({ type: 'session.line', session: session({ id: 's1' }), line });
    expect(placeOf(read(hub).frames[0] as Frame)).toBe(place);
    const back = read(hub, { since: place.replace(/\d+$/, '0') });
    await vi.waitFor(() => expect(back.types()).toEqual(['message.added']));
  });

  it('tell of the mailboxes of an account to those who follow it, not of each change in a row', async () => {
    const { rig, hub } = await withHub({ mailboxEvery: 1 });
    const [all, jo] = [read(hub), read(hub, { account: 'jo@shop.test' })];
    const told = (reader: Reader) => reader.frames.flatMap((frame) => ('events' in frame ? frame.events : []));
    await rig.send();
    await vi.waitFor(() => expect(jo.types()).toEqual(['mailbox.changed', 'message.added']));
    expect(told(jo)[0]).toEqual({ type: 'mailbox.changed', account: 'jo@shop.test', mailbox: 'INBOX' });
    expect(all.types()).toEqual(['message.added']);
    const path = '/v1/accounts/jo@shop.test/mailboxes';
    await rig.ask(`${path}/Sent/messages?flag=%5CSeen`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: new Uint8Array(message()),
    });
    await vi.waitFor(() => expect(told(jo)).toContainEqual({ type: 'mailbox.changed', account: 'jo@shop.test', mailbox: 'Sent' }));
    expect(told(all)).toContainEqual({ type: 'mailboxes.changed', account: 'jo@shop.test' });
    // It was in no list of all: nothing tells those that it came, or that it goes.
    await rig.ask(`${path}/Sent/messages`, { method: 'DELETE', json: { uids: [1] } });
    await rig.ask(`${path}/Sent`, { method: 'DELETE' });
    await vi.waitFor(() => expect(all.types().filter((type) => type === 'mailboxes.changed').length).toBeGreaterThan(5));
    expect(all.types().filter((type) => type !== 'mailboxes.changed')).toEqual(['message.added']);
    jo.leave();
    await rig.send();
    await vi.waitFor(() => expect(lastOf(all)).toMatchObject({ events: [{ type: 'message.added' }] }));
    expect(all.types()).not.toContain('mailbox.changed');
  });

  it('tell how sessions go on to those who ask, once for all that happened meanwhile', async () => {
    const { rig, hub } = await withHub({ sessionsEvery: 1 });
    const [all, onlooker, follower, stranger] = [
      read(hub),
      read(hub, { sessions: true }),
      read(hub, { session: 's1' }),
      read(hub, { session: 's2' }),
    ];
    const line = { number: 1, at: 0, side: 'client' as const, text: 'NOOP', bytes: null, faultId: null };
    const one = session({ id: 's1', command: 'NOOP' });
    for (let i = 0; i < 5; i++) rig.say({ type: 'session.line', session: one, line });
    // It is told in one word that it is over.
    rig.say({ type: 'session.line', session: session({ id: 's3', closedAt: 1 }), line });
    await vi.waitFor(() => expect(onlooker.types()).toEqual(['session.changed']));
    await vi.waitFor(() => expect(follower.types()).toEqual([...Array<string>(5).fill('session.line'), 'session.changed']));
    expect(lastOf(onlooker)).toMatchObject({ events: [{ session: { id: 's1', command: 'NOOP' } }] });
    expect([all.types(), stranger.types()]).toEqual([[], []]);
    for (const reader of [onlooker, follower, stranger]) reader.leave();
    const place = placeOf(read(hub).frames[0] as Frame);
    rig.say({ type: 'session.line', session: one, line });
    await rig.send();
    await vi.waitFor(() => expect(all.types()).toEqual(['message.added']));
    expect(lastOf(all).seq).toBe(Number(place.split('.')[1]) + 1);
  });

  it('tell whoever begins to ask how each open session stands, since that was told to nobody before', async () => {
    const { rig, hub } = await withHub({ sessionsEvery: 1 });
    for (const one of [session({ id: 's1', command: 'IDLE' }), session({ id: 's2', closedAt: 1 })]) rig.known.set(one.id, one);
    const onlooker = read(hub, { sessions: true });
    await vi.waitFor(() => expect(onlooker.types()).toEqual(['session.changed']));
    expect(lastOf(onlooker)).toMatchObject({ events: [{ session: { id: 's1', command: 'IDLE' } }] });
  });

  it.each([
    ['subject:welcome', ['Welcome']],
    ['-subject:welcome', ['Other', 'Third']],
    ['"number 42"', ['Other']],
  ])('can be filtered by %s', async (q, subjects) => {
    const { rig, hub } = await withHub();
    const reader = read(hub, { matcher: filter(q) });
    await rig.send({ raw: message({ Subject: 'Welcome' }) });
    await rig.send({ raw: message({ Subject: 'Other' }, 'number 42') });
    await rig.send({ raw: message({ Subject: 'Third' }) });
    hub.tell({ type: 'reset' });
    await vi.waitFor(() => expect(reader.types().at(-1)).toBe('reset'));
    const events = reader.frames.flatMap((frame) => (frame as EventFrame).events);
    expect(events.flatMap((event) => ('summary' in event ? [event.summary.subject] : []))).toEqual(subjects);
  });

  it.each([
    ['rcpt:a@full.test', ['full']],
    ['"no such user"', ['no such user']],
    ['-rcpt:a@full.test', ['no such user']],
    ['user:web-9', ['full', 'no such user']],
    ['body:hello', []],
  ])('tell of refusals that match %s', async (q, texts) => {
    const { rig, hub } = await withHub();
    const reader = read(hub, { matcher: filter(q) });
    rig.known.set('s1', session({ id: 's1', user: 'web-9' }));
    rig.refuse('a@full.test', 'full');
    rig.refuse('b@full.test', 'no such user');
    hub.tell({ type: 'reset' });
    await vi.waitFor(() => expect(reader.types().at(-1)).toBe('reset'));
    const events = reader.frames.flatMap((frame) => (frame as EventFrame).events);
    expect(events.flatMap((event) => ('refusal' in event ? [event.refusal.text] : []))).toEqual(texts);
  });

  it('end for a reader that has left', async () => {
    const { rig, hub } = await withHub();
    const [gone, reader] = [read(hub), read(hub)];
    gone.leave();
    gone.leave();
    await rig.send();
    await vi.waitFor(() => expect(reader.types()).toEqual(['message.added']));
    expect([gone.types(), hub.readers]).toEqual([[], 1]);
  });
});

describe('a reader that comes back', () => {
  it('goes on after the last frame it saw', async () => {
    const { rig, hub } = await withHub();
    const first = read(hub);
    await rig.send({ raw: message({ Subject: 'one' }) });
    await vi.waitFor(() => expect(first.types()).toHaveLength(1));
    first.leave();
    await rig.send({ raw: message({ Subject: 'two' }) });
    await rig.send({ raw: message({ Subject: 'three' }) });
    const again = read(hub, { since: placeOf(lastOf(first)) });
    await vi.waitFor(() => expect(again.types()).toHaveLength(2));
    expect(again.frames.flatMap((frame) => (frame as EventFrame).events)).toMatchObject([
      { summary: { subject: 'two' } },
      { summary: { subject: 'three' } },
    ]);
  });

  it.each([
    ['of another start of the server', () => 'other.1'],
    ['that has not been reached', (epoch: string) => `${epoch}.99`],
    ['that is too far back', (epoch: string) => `${epoch}.0`],
    ['that is nonsense', () => 'x'],
  ])('from a place %s gets a gap', async (_what, since) => {
    const { rig, hub } = await withHub({ events: 3 });
    const { epoch } = read(hub).frames[0] as Frame;
    for (let n = 0; n < 4; n++) await rig.send();
    const reader = read(hub, { since: since(epoch) });
    expect(reader.frames).toEqual([{ gap: true, epoch, seq: 4, total: 4 } satisfies GapFrame]);
    await rig.send();
    await vi.waitFor(() => expect(reader.types()).toEqual(['gap', 'message.added']));
  });
});

describe('a reader that does not keep up', () => {
  it('gets nothing more while too much is unsent, and a gap when events came too fast', async () => {
    const { hub } = await withHub({ unsent: 1_000, unsentRate: 50, eventsPerFrame: 50 });
    const [slow, quick] = [read(hub), read(hub)];
    slow.unsent = 1_001;
    for (let n = 0; n < 500; n++) hub.tell({ type: 'reset' });
    await vi.waitFor(() => expect(quick.types()).toHaveLength(500));
    expect(slow.frames).toHaveLength(1);
    slow.unsent = 0;
    await vi.waitFor(() => expect(slow.frames.at(-1)).toMatchObject({ gap: true, seq: 500, total: 0 }));
    expect(slow.types()).toEqual(['gap']);
  });

  it('gets all of it later when they came slowly', async () => {
    const { hub } = await withHub({ unsent: 1_000, unsentRate: 1_000 });
    const [slow, quick] = [read(hub), read(hub)];
    slow.unsent = 1_001;
    for (let n = 0; n < 20; n++) hub.tell({ type: 'reset' });
    await vi.waitFor(() => expect(quick.types()).toHaveLength(20));
    slow.unsent = 0;
    await vi.waitFor(() => expect(slow.types()).toHaveLength(20));
  });

  it('gets a gap when the events it missed are no longer kept', async () => {
    const { hub } = await withHub({ unsent: 1_000, unsentRate: Infinity, events: 10 });
    const slow = read(hub);
    slow.unsent = 1_001;
    for (let n = 0; n < 30; n++) hub.tell({ type: 'reset' });
    slow.unsent = 0;
    await vi.waitFor(() => expect(slow.types()).toEqual(['gap']));
  });
});
