// Sessions, live and past, within their limits.

import { describe, expect, it } from 'vitest';
import type { LiveSession } from '../../../server/net/live-session.ts';
import { createSessions } from '../../../server/net/sessions.ts';
import type { SessionLimits, Sessions } from '../../../server/net/sessions.ts';
import type { SessionEvent } from '../../../server/net/session.ts';

interface Rig {
  readonly sessions: Sessions;
  readonly ended: string[];
  open(name?: string): LiveSession;
}

function rig(limits: Partial<SessionLimits> = {}): Rig {
  let time = 0;
  let id = 0;
  const ended: string[] = [];
  const sessions = createSessions({
    clock: { now: () => ++time },
    ids: () => `s${++id}`,
    limits: { maxSessions: 0, maxTranscriptLines: 0, maxTranscriptSize: 0, ...limits },
    report: (error) => {
      throw error;
    },
  });
  return {
    sessions,
    ended,
    open: (name = '127.0.0.1:1') => sessions.open({ protocol: 'smtp', host: 'submission', client: name, end: () => void ended.push(name) }),
  };
}

const idsOf = ({ sessions }: Rig): string[] => sessions.list().map(({ id }) => id);

describe('sessions', () => {
  it('are listed newest first and found by id', () => {
    const it = rig();
    it.open();
    it.open('other');
    expect(idsOf(it)).toEqual(['s2', 's1']);
    expect(it.sessions.get('s2')?.client).toBe('other');
    expect(it.sessions.get('s3')).toBe(null);
  });

  it('record lines with the time when something last happened', () => {
    const { open } = rig();
    const session = open();
    session.touch();
    session.record('client', 'EHLO x');
    session.record('server', '250 ok');
    session.note('odd');
    session.touch();
    session.record('client', '', 1234);
    session.brought('m1');
    session.close();
    session.record('client', 'too late');
    expect(session.lines).toEqual([
      { number: 1, at: 2, side: 'client', text: 'EHLO x', bytes: null, faultId: null },
      { number: 2, at: 2, side: 'server', text: '250 ok', bytes: null, faultId: null },
      { number: 3, at: 3, side: 'client', text: '', bytes: 1234, faultId: null },
    ]);
    expect(session).toMatchObject({ notes: [{ line: 2, text: 'odd' }], messageIds: ['m1'], openedAt: 1, closedAt: 4, truncated: false });
  });

  it('tell of their lines and their end', () => {
    const { sessions, open } = rig();
    const events: SessionEvent[] = [];
    const off = sessions.events.on((event) => events.push(event));
    const session = open();
    session.record('client', 'QUIT');
    session.close();
    session.close();
    off();
    open();
    expect(events.map(({ type }) => type)).toEqual(['session.opened', 'session.line', 'session.closed']);
    expect(events[1]).toMatchObject({ session: { id: 's1' }, line: { text: 'QUIT', side: 'client' } });
  });

  it('count octets that come in pieces as one line, which is told anew', () => {
    const { sessions, open } = rig();
    const told: string[] = [];
    sessions.events.on((event) => {
      if (event.type === 'session.line') told.push(`${event.line.number}: ${event.line.bytes} ${event.line.text}`);
    });
    const session = open();
    session.record('server', '', 100);
    session.record('server', '', 50);
    session.record('client', '', 7);
    session.record('server', ')');
    session.record('server', '', 1);
    expect(told).toEqual(['1: 100 ', '1: 150 ', '2: 7 ', '3: null )', '4: 1 ']);
    expect(session.lines.map(({ bytes }) => bytes)).toEqual([150, 7, null, 1]);
  });

  it('know what failed first since something worked', () => {
    const session = rig().open();
    session.asked('RCPT');
    session.failed('550 5.1.1 nobody');
    session.asked('DATA');
    session.failed('503 no recipients');
    expect(session).toMatchObject({ command: 'DATA', commands: 2, failure: '550 5.1.1 nobody' });
    session.worked();
    expect(session.failure).toBe(null);
    session.record('server', '451 later', null, 'f1');
    expect(session.faultId).toBe('f1');
  });

  it('that are past go first when there are too many, live ones never', () => {
    const it = rig({ maxSessions: 2 });
    const [first, second, third] = [it.open(), it.open(), it.open()];
    expect(idsOf(it)).toEqual(['s3', 's2', 's1']);
    second.close();
    expect(idsOf(it)).toEqual(['s3', 's1']);
    third.close();
    first.close();
    expect(idsOf(it)).toEqual(['s3', 's1']);
    it.open();
    expect(idsOf(it)).toEqual(['s4', 's1']);
  });

  it('lose their lines when all lines are too many, the one that ended first before the others', () => {
    const { open } = rig({ maxTranscriptSize: 3_000 });
    const fill = (session: LiveSession): void => {
      for (let i = 0; i < 10; i++) session.record('client', 'x'.repeat(36));
    };
    const [a, b, c] = [open(), open(), open()];
    for (const session of [a, b, c]) fill(session);
    b.close();
    a.close();
    expect([a, b, c].map(({ lines }) => lines.length)).toEqual([10, 10, 10]);
    c.record('client', 'x'.repeat(100));
    expect([a, b, c].map(({ lines }) => lines.length)).toEqual([10, 0, 11]);
    expect(b.truncated).toBe(true);
  });

  it('that alone are too large lose their own lines', () => {
    const { open } = rig({ maxTranscriptSize: 1_000 });
    const session = open();
    for (let i = 0; i < 1_000; i++) session.record('client', 'x'.repeat(100));
    expect(session.lines.length).toBeLessThan(10);
    expect(session.truncated).toBe(true);
  });

  it('show long lines cut, with their length', () => {
    const session = rig().open();
    session.record('client', 'x'.repeat(12_000));
    expect(session.lines[0]?.text).toBe(`${'x'.repeat(2_000)}… (12000 characters)`);
  });

  it('keep the newest thousand message ids and the first hundred notes', () => {
    const session = rig().open();
    for (let i = 1; i <= 3_500; i++) session.brought(`m${i}`);
    for (let i = 1; i <= 500; i++) session.note('odd');
    expect([session.messageIds.length, session.messageIds[0], session.messageIds.at(-1)]).toEqual([1_000, 'm2501', 'm3500']);
    expect([session.notes.length, session.messageCount]).toEqual([100, 3_500]);
  });

  it('are ended by id, once', () => {
    const { sessions, ended, open } = rig();
    const session = open('a');
    expect(sessions.close(session.id)).toBe(true);
    session.close();
    expect(sessions.close(session.id)).toBe(false);
    expect(sessions.close('s9')).toBe(false);
    expect(ended).toEqual(['a']);
  });

  it('that are past are forgotten on request', () => {
    const it = rig();
    it.open().close();
    it.open();
    it.sessions.clear();
    expect(idsOf(it)).toEqual(['s2']);
  });
});
