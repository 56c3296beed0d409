// A session while it goes on: the connection records its lines here, the protocol says who the client is.

import type { Clock } from '../base/clock.ts';
import type { Events } from '../base/events.ts';
import { Transcript } from './transcript.ts';
import type { Session, SessionEvent, SessionNote, SessionProtocol, Side, TranscriptLine } from './session.ts';

/** Characters of one line that the transcript shows. */
const MAX_SHOWN = 2_000;
const MAX_NOTES = 100;
const MAX_MESSAGE_IDS = 1_000;

interface LiveSessionOptions {
  readonly id: string;
  readonly protocol: SessionProtocol;
  readonly host: string;
  readonly client: string;
  readonly clock: Clock;
  readonly events: Events<SessionEvent>;
  readonly maxLines: number;
}

/** Copied, since a slice would keep the whole line alive. */
const cut = (text: string): string => `${Buffer.from(text.slice(0, MAX_SHOWN)).toString()}… (${text.length} characters)`;

export class LiveSession implements Session {
  readonly id: string;
  readonly protocol: SessionProtocol;
  readonly host: string;
  readonly client: string;
  readonly openedAt: number;
  readonly notes: SessionNote[] = [];
  readonly transcript: Transcript;
  user: string | null = null;
  tls: string | null = null;
  helo: string | null = null;
  mailbox: string | null = null;
  command: string | null = null;
  commands = 0;
  failure: string | null = null;
  faultId: string | null = null;
  messageCount = 0;
  closedAt: number | null = null;
  onGrowth: (octets: number) => void = () => undefined;
  onClose: () => void = () => undefined;
  readonly #clock: Clock;
  #now: number;
  readonly #events: Events<SessionEvent>;
  #messageIds: string[] = [];

  constructor({ id, protocol, host, client, clock, events, maxLines }: LiveSessionOptions) {
    this.id = id;
    this.protocol = protocol;
    this.host = host;
    this.client = client;
    this.openedAt = clock.now();
    this.#now = this.openedAt;
    this.transcript = new Transcript(maxLines);
    this.#clock = clock;
    this.#events = events;
  }

  get lines(): readonly TranscriptLine[] {
    return this.transcript.lines();
  }

  get truncated(): boolean {
    return this.transcript.truncated;
  }

  get messageIds(): readonly string[] {
    return this.#messageIds.slice(-MAX_MESSAGE_IDS);
  }

  /** Time goes on: the next lines are of now. The clock is not read for each line. */
  touch(): void {
    this.#now = this.#clock.now();
  }

  /** `bytes` is null for a line of text, else the octets that the line stands for; those that come in pieces are one line. */
  record(side: Side, text: string, bytes: number | null = null, faultId: string | null = null): void {
    if (this.closedAt !== null) return;
    const { transcript } = this;
    if (faultId !== null) this.faultId = faultId;
    if (bytes === null || text !== '' || !transcript.grow(side, bytes, faultId)) {
      const shown = text.length > MAX_SHOWN ? cut(text) : text;
      const before = transcript.size;
      transcript.add(this.#now, side, shown, bytes, faultId);
      this.onGrowth(transcript.size - before);
    }
    const line = this.#events.observed ? transcript.last : undefined;
    if (line) this.#events.emit({ type: 'session.line', session: this, line });
  }

  /** The client gave a command that is known. */
  asked(command: string): void {
    this.command = command;
    this.commands++;
  }

  /** What follows from it fails too: what failed first is the reason. */
  failed(reason: string): void {
    this.failure ??= reason;
  }

  worked(): void {
    this.failure = null;
  }

  /** Says something about the newest line. */
  note(text: string): void {
    if (this.notes.length < MAX_NOTES) this.notes.push({ line: this.transcript.count, text });
  }

  brought(messageId: string): void {
    this.messageCount++;
    this.#messageIds.push(messageId);
    if (this.#messageIds.length > MAX_MESSAGE_IDS * 2) this.#messageIds = this.#messageIds.slice(-MAX_MESSAGE_IDS);
  }

  close(): void {
    if (this.closedAt !== null) return;
    this.closedAt = this.#clock.now();
    if (this.commands === 0) this.failed('closed before any command');
    this.onClose();
    if (this.#events.observed) this.#events.emit({ type: 'session.closed', session: this });
  }
}
