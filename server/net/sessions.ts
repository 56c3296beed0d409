// All sessions, live and past: who talks to us, and what was said.

import type { Clock } from '../base/clock.ts';
import { createEvents } from '../base/events.ts';
import type { Events } from '../base/events.ts';
import { LiveSession } from './live-session.ts';
import type { Session, SessionEvent, SessionProtocol } from './session.ts';

export interface SessionLimits {
  /** Sessions kept, live ones included; a live one is never dropped. 0 = unlimited, as for the others. */
  readonly maxSessions: number;
  /** Lines kept of one session. */
  readonly maxTranscriptLines: number;
  /** Octets of all lines together. */
  readonly maxTranscriptSize: number;
}

export interface Opening {
  readonly protocol: SessionProtocol;
  readonly host: string;
  /** `address:port`. */
  readonly client: string;
  /** Ends the connection when a person asks for it. */
  readonly end: () => void;
}

export interface Sessions {
  readonly events: Events<SessionEvent>;
  open(opening: Opening): LiveSession;
  get(id: string): Session | null;
  /** Newest first. */
  list(): readonly Session[];
  /** Ends a live session; false where there is none of this id. */
  close(id: string): boolean;
  /** Forgets the sessions that are over. */
  clear(): void;
}

interface SessionsOptions {
  readonly clock: Clock;
  readonly ids: () => string;
  readonly limits: SessionLimits;
  readonly report: (error: unknown) => void;
}

export function createSessions({ clock, ids, limits, report }: SessionsOptions): Sessions {
  const events = createEvents<SessionEvent>(report);
  const kept = new Map<string, LiveSession>();
  const ends = new Map<string, () => void>();
  // Past sessions, the one that ended first at the front. From `trimmed` on they still have their lines.
  let past: LiveSession[] = [];
  let trimmed = 0;
  let size = 0;

  const dropLines = (session: LiveSession): void => {
    size -= session.transcript.size;
    session.transcript.clear();
  };

  /** The lines of the oldest past sessions go first; live ones only lose lines when they alone are too many. */
  const makeRoom = (speaker: LiveSession): void => {
    for (let next = past[trimmed]; size > limits.maxTranscriptSize && next !== undefined; next = past[trimmed]) {
      dropLines(next);
      trimmed++;
    }
    if (size > limits.maxTranscriptSize) dropLines(speaker);
  };

  const dropSessions = (): void => {
    const excess = Math.min(past.length, kept.size - limits.maxSessions);
    if (limits.maxSessions === 0 || excess <= 0) return;
    for (const session of past.splice(0, excess)) {
      dropLines(session);
      kept.delete(session.id);
    }
    trimmed = Math.max(0, trimmed - excess);
  };

  return {
    events,
    open({ protocol, host, client, end }) {
      const session = new LiveSession({ id: ids(), protocol, host, client, clock, events, maxLines: limits.maxTranscriptLines });
      session.onGrowth = (octets) => {
        size += octets;
        if (limits.maxTranscriptSize > 0 && size > limits.maxTranscriptSize) makeRoom(session);
      };
      session.onClose = () => {
        ends.delete(session.id);
        past.push(session);
        dropSessions();
      };
      kept.set(session.id, session);
      ends.set(session.id, end);
      dropSessions();
      if (events.observed) events.emit({ type: 'session.opened', session });
      return session;
    },
    get: (id) => kept.get(id) ?? null,
    list: () => [...kept.values()].reverse(),
    close(id) {
      const end = ends.get(id);
      end?.();
      return end !== undefined;
    },
    clear() {
      for (const session of past) {
        dropLines(session);
        kept.delete(session.id);
      }
      past = [];
      trimmed = 0;
    },
  };
}
