// The one WebSocket on which the page follows the server: it comes back by itself and goes on where it left off.

import type { EventFrame, Frame } from '../../server/http/contract/types.ts';
import { liveUrl } from './client.ts';

const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
/** A break shorter than this is not worth a word. */
const PATIENCE = 2_000;
/** A connection that neither opens nor fails by then is given up. */
const OPENING = 10_000;

/** `gap`: events were missed, so what is shown must be fetched again. */
export type Receive = (frame: EventFrame | 'gap') => void;

export class Live {
  /** True while events come in. */
  connected = $state(false);
  /** True once a break has lasted long enough to tell. */
  lost = $state(false);
  /** Attempts since the connection was lost. */
  attempt = $state(0);
  /** Seconds until the next attempt. */
  wait = $state(0);
  /** When the page last knew everything, ms. */
  asOf = $state(Date.now());

  readonly #receive: Receive;
  #socket: WebSocket | undefined;
  #since: string | undefined;
  #query = '';
  #timers: ReturnType<typeof setTimeout>[] = [];

  constructor(receive: Receive) {
    this.#receive = receive;
    addEventListener('online', () => this.hurry());
    addEventListener('focus', () => this.hurry());
    addEventListener('offline', () => this.#socket?.close());
  }

  /** Follows the messages that match; the caller fetches what is there already. */
  follow(query: string): void {
    this.#query = query;
    this.#since = undefined;
    this.#open();
  }

  /** Tries at once instead of waiting. */
  hurry(): void {
    if (!this.connected && this.#socket?.readyState !== WebSocket.CONNECTING) this.#open();
  }

  #open(): void {
    this.#stopTimers();
    this.#abandon();
    const socket = new WebSocket(liveUrl(this.#query, this.#since));
    this.#socket = socket;
    // Without a place to go on from, whatever happened between the last fetch and now is unknown.
    const blind = this.#since === undefined;
    this.#later(OPENING, () => socket.readyState === WebSocket.CONNECTING && socket.close());
    socket.onopen = () => {
      this.#stopTimers();
      Object.assign(this, { connected: true, lost: false, attempt: 0, wait: 0 });
      if (blind) this.#receive('gap');
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      const frame = JSON.parse(event.data) as Frame;
      this.#since = `${frame.epoch}.${frame.seq}`;
      this.#receive('gap' in frame ? 'gap' : frame);
    };
    socket.onclose = () => this.#closed();
  }

  #closed(): void {
    this.#stopTimers();
    if (this.connected) this.asOf = Date.now();
    this.connected = false;
    if (!this.lost) this.#later(Math.max(0, PATIENCE - (Date.now() - this.asOf)), () => (this.lost = true));
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.attempt) * (0.75 + Math.random() / 2);
    this.attempt++;
    this.#countDown(Date.now() + wait);
    this.#later(wait, () => this.#open());
  }

  #countDown(until: number): void {
    this.wait = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    if (this.wait > 0) this.#later(1000, () => this.#countDown(until));
  }

  #later(ms: number, run: () => void): void {
    this.#timers.push(setTimeout(run, ms));
  }

  #stopTimers(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
  }

  #abandon(): void {
    if (!this.#socket) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }
}
