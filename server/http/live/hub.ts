// Tells every live reader what happens: numbered events, in frames, with a gap where a reader cannot keep up.

import { randomBytes } from 'node:crypto';
import type { Unsubscribe } from '../../base/events.ts';
import { contentOf } from '../../mail/content.ts';
import type { Session } from '../../net/session.ts';
import type { Matcher } from '../../store/match.ts';
import type { Mailbox } from '../../store/state.ts';
import type { HttpDeps, HttpLimits } from '../deps.ts';
import type { Board } from '../sandbox/board.ts';
import { refusalMatching } from '../messages/refusals.ts';
import { coalesced, createFollowed } from './followed.ts';
import { followSandbox } from './sandbox.ts';
import { createRing } from './ring.ts';
import type { Happening, Ring } from './ring.ts';

/** One connection of a reader. */
export interface Outlet {
  /** `id` is `epoch.seq` of the frame. */
  send(frame: string, id: string): void;
  /** Octets handed over and not yet gone out. */
  unsent(): number;
  close(): void;
}

export interface Reading {
  /** `epoch.seq` of the last frame seen. */
  readonly since: string | null;
  /** Events of messages and refusals that do not match are left out. */
  readonly matcher: Matcher | null;
  /** The session whose lines are wanted. */
  readonly session: string | null;
  /** The account whose mailboxes are followed. */
  readonly account: string | null;
  /** How all sessions go on is wanted too. */
  readonly sessions: boolean;
}

export interface Hub {
  readonly readers: number;
  tell(happening: Happening): void;
  /** Starts with a frame that tells where the counter stands, what was missed, or that there is a gap. */
  join(outlet: Outlet, reading: Reading): Unsubscribe;
  close(): void;
}

interface Reader extends Reading {
  readonly outlet: Outlet;
  /** Number of the last event that it got or that was passed over for it. */
  seen: number;
  gap: boolean;
  /** A filter is reading a body for it. */
  busy: boolean;
}

/** How often a reader that does not take what it was sent is looked at again, ms. */
const RETRY = 50;

type HubParts = Pick<HttpDeps, 'store' | 'sessions' | 'refusals' | 'faults' | 'clock' | 'receivers' | 'hosts' | 'waiting' | 'queue'> & {
  readonly board: Board;
  readonly limits: Pick<
    HttpLimits,
    'events' | 'eventsPerFrame' | 'frameEvery' | 'mailboxEvery' | 'sessionsEvery' | 'sandboxEvery' | 'pending' | 'unsent' | 'unsentRate'
  >;
  readonly report: (error: unknown) => void;
};

function isFor({ session, sessions, account }: Reading, happening: Happening): boolean {
  switch (happening.type) {
    case 'session.line':
      return happening.session.id === session;
    case 'session.changed':
      return sessions || happening.session.id === session;
    case 'mailbox.changed':
      return happening.account === account;
    default:
      return true;
  }
}

/** Events that only some readers asked for. */
const CHOSEN: ReadonlySet<Happening['type']> = new Set(['session.line', 'session.changed', 'mailbox.changed']);

/** Counts how many events come in a second. */
function createMeter(ring: Ring): () => number {
  let [from, first, rate] = [performance.now(), ring.newest, 0];
  return () => {
    const elapsed = performance.now() - from;
    const current = ((ring.newest - first) * 1000) / Math.max(elapsed, 100);
    if (elapsed >= 1000) [from, first, rate] = [from + elapsed, ring.newest, current];
    return Math.max(rate, current);
  };
}

export function createHub(parts: HubParts): Hub {
  const { store, sessions, refusals, queue, limits, report } = parts;
  const epoch = randomBytes(6).toString('base64url').replace(/\W/g, 'x');
  const ring = createRing(limits.events);
  const readers = new Set<Reader>();
  const watched = createFollowed();
  const followed = createFollowed();
  const rate = createMeter(ring);
  let scheduled = false;
  let retrying = false;
  let lastFlush = 0;
  /** The newest event that is not for every reader. */
  let lastChosen = 0;
  /** Readers that want to know how all sessions go on. */
  let onlookers = 0;
  /** Sessions in which something happened that has not been told. */
  const moved = new Set<Session>();

  const frame = (seq: number, events: string): string => `{"epoch":"${epoch}","seq":${seq},"events":[${events}]}`;
  const gapFrame = (): string => `{"gap":true,"epoch":"${epoch}","seq":${ring.newest},"total":${store.state.arrivals.length}}`;

  function tell(happening: Happening): void {
    ring.add(happening);
    if (CHOSEN.has(happening.type)) lastChosen = ring.newest;
    if (readers.size > 0) schedule();
  }

  /** A session says much in a second: how it stands is told now and then. */
  function noteMoved(session: Session): void {
    moved.add(session);
    if (moved.size > 1) return;
    setTimeout(() => {
      // That it is over, and how, was told at once.
      for (const other of moved) if (other.closedAt === null) tell({ type: 'session.changed', session: other });
      moved.clear();
    }, limits.sessionsEvery).unref();
  }

  /** The next turn of the loop when it was quiet, else when the time for the next frame has come. */
  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    const wait = limits.frameEvery - (performance.now() - lastFlush);
    if (wait <= 0) setImmediate(flush);
    else setTimeout(flush, wait).unref();
  }

  function flush(): void {
    scheduled = false;
    lastFlush = performance.now();
    // Readers that stand at the same place and see everything share one text.
    const shared = new Map<number, string>();
    for (const reader of readers) {
      if (!reader.busy && (reader.seen < ring.newest || reader.gap)) serve(reader, shared);
    }
  }

  /** A reader that does not take what it was sent gets nothing more, and is looked at again a little later. */
  function hold(reader: Reader): void {
    if (rate() > limits.unsentRate || reader.seen < ring.oldest - 1) reader.gap = true;
    if (retrying) return;
    retrying = true;
    setTimeout(() => {
      retrying = false;
      schedule();
    }, RETRY).unref();
  }

  /** Sends at most one frame. */
  function serve(reader: Reader, shared: Map<number, string>): void {
    if (reader.outlet.unsent() > limits.unsent) return hold(reader);
    if (reader.gap || reader.seen < ring.oldest - 1) {
      reader.gap = false;
      reader.seen = ring.newest;
      return reader.outlet.send(gapFrame(), `${epoch}.${reader.seen}`);
    }
    const first = reader.seen + 1;
    const end = Math.min(ring.newest, reader.seen + limits.eventsPerFrame);
    if (reader.matcher === null && lastChosen < first) {
      const text = shared.get(first) ?? frame(end, jsonOf(range(first, end)));
      shared.set(first, text);
      pass(reader, end, text);
    } else {
      const chosen = choose(reader, first, end);
      if (chosen instanceof Promise) {
        reader.busy = true;
        void chosen.then((seqs) => sendChosen(reader, end, seqs)).catch(report);
      } else sendChosen(reader, end, chosen);
    }
    if (!reader.busy && reader.seen < ring.newest) schedule();
  }

  function pass(reader: Reader, end: number, text: string): void {
    reader.seen = end;
    reader.outlet.send(text, `${epoch}.${end}`);
  }

  function sendChosen(reader: Reader, end: number, seqs: readonly number[]): void {
    const wasBusy = reader.busy;
    reader.busy = false;
    if (!readers.has(reader)) return;
    // Overtaken while a body was read: what was chosen may be gone.
    const kept = seqs.filter((seq) => seq >= ring.oldest);
    if (kept.length > 0) pass(reader, end, frame(end, jsonOf(kept)));
    else reader.seen = end;
    if (wasBusy && reader.seen < ring.newest) schedule();
  }

  const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const jsonOf = (seqs: readonly number[]): string => seqs.map((seq) => ring.json(seq)).join(',');

  /** The events of `first`…`last` that a reader wants; a promise only where its filter must read bodies. */
  function choose(reader: Reader, first: number, last: number): number[] | Promise<number[]> {
    const { matcher } = reader;
    const verdicts = range(first, last).map((seq): boolean | Promise<boolean> => {
      const happening = ring.at(seq);
      if (matcher !== null && happening.type === 'refusal.added') return refusalMatching({ sessions }, matcher, happening.refused) !== null;
      if (!('kept' in happening) || matcher === null) return isFor(reader, happening);
      const { kept } = happening;
      return (
        matcher.facts(kept) ??
        store.body(kept.message.id).then(
          (raw) => matcher.content(kept, contentOf(raw)),
          () => false, // deleted meanwhile
        )
      );
    });
    const pick = (wanted: readonly boolean[]): number[] => range(first, last).filter((_, i) => wanted[i] === true);
    const known = verdicts.filter((verdict) => typeof verdict === 'boolean');
    if (known.length === verdicts.length) return pick(known);
    return Promise.all(verdicts.map((verdict) => Promise.resolve(verdict))).then(pick);
  }

  /** Where a reader goes on; null for a gap. */
  function placeOf(since: string | null): number | null {
    if (since === null) return ring.newest;
    const [, known, seq = ''] = /^(\w+)\.(\d{1,15})$/.exec(since) ?? [];
    const place = Number(seq);
    return known === epoch && place <= ring.newest && place >= ring.oldest - 1 ? place : null;
  }

  const mailboxChanged = coalesced(limits.mailboxEvery, ({ account, name }: Mailbox) =>
    tell({ type: 'mailbox.changed', account, mailbox: name }),
  );

  const stops = [
    store.events.on((event) => {
      if (event.type === 'message.added' || event.type === 'storage.full' || event.type === 'storage.room') tell(event);
      else if ((event.type === 'message.changed' || event.type === 'message.indexed') && event.kept.captured) tell(event);
      // Those of one mailbox were never told of. Without the messages themselves, which would stay in memory as long as the event.
      else if (event.type === 'messages.deleted') {
        const ids = event.messages.filter(({ captured }) => captured).map(({ message }) => message.id);
        if (ids.length > 0) tell({ type: event.type, ids, reason: event.reason });
      } else if (event.type === 'mailboxes.changed') tell(event);
      else if (event.type === 'mailbox.changed' && followed.has(event.mailbox.account)) mailboxChanged(event.mailbox);
    }),
    followSandbox(parts, tell),
    queue.watch((ids) => {
      for (const id of ids) {
        const delivery = queue.deliveries.get(id);
        // That it went is told with its message.
        if (delivery) tell({ type: 'delivery.changed', delivery });
      }
    }),
    refusals.events.on((refused) => tell({ type: 'refusal.added', refused })),
    sessions.events.on((event) => {
      if (event.type !== 'session.line') return tell(event);
      // Lines are numbered only while somebody follows their session: there are thousands in a second.
      const followed = watched.has(event.session.id);
      if (followed) tell(event);
      if (followed || onlookers > 0) noteMoved(event.session);
    }),
  ];

  return {
    get readers() {
      return readers.size;
    },
    tell,
    join(outlet, reading) {
      const place = placeOf(reading.since);
      const reader: Reader = { ...reading, outlet, seen: place ?? ring.newest, gap: false, busy: false };
      const { session, sessions, account } = reading;
      watched.add(session);
      followed.add(account);
      if (sessions) {
        onlookers++;
        // What was not told while nobody looked on.
        for (const one of parts.sessions.list()) if (one.closedAt === null) noteMoved(one);
      }
      readers.add(reader);
      const text = place === null ? gapFrame() : frame(reader.seen, '');
      outlet.send(text, `${epoch}.${reader.seen}`);
      if (reader.seen < ring.newest) schedule();
      return () => {
        if (!readers.delete(reader)) return;
        watched.remove(session);
        followed.remove(account);
        if (sessions) onlookers--;
      };
    },
    close() {
      stops.forEach((stop) => stop());
      for (const { outlet } of readers) outlet.close();
      readers.clear();
    },
  };
}
