// Follows the server: on the best way that gets through, coming back by itself and going on where it left off.

import type { EventFrame } from '../../server/http/contract/types.ts';
import { ALL_MAIL } from '../route.ts';
import type { Following, Standpoint, Watched } from './client.ts';
import { polling, transports, type Listener, type Transport } from './transports.ts';

const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
/** A break shorter than this is not worth a word. */
const PATIENCE = 2_000;
/** What neither opens nor fails by then is given up. */
const OPENING = 10_000;
/** Between two trials of the best way while another is in use; the first comes soon, since the server may just have started. */
const FIRST_TRIAL = 1_000;
const LONGEST_TRIAL = 60_000;

const [best] = transports;

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
  /** The conversation whose lines come in, once they do. */
  following: string | null = $state(null);
  /** When the page last knew everything, ms. */
  asOf = $state(Date.now());

  readonly #receive: Receive;
  #way: Transport = $state.raw(best);
  /** Of this way, in a row. */
  #failures = 0;
  #opening = false;
  #end: (() => void) | undefined;
  #endTrial: (() => void) | undefined;
  #since: string | undefined;
  #what: Following = { q: '', ...ALL_MAIL };
  #watched: Watched = { session: null, sessions: false };
  /** What the open way follows. */
  #opened: Watched = this.#watched;
  #timers: ReturnType<typeof setTimeout>[] = [];

  constructor(receive: Receive) {
    this.#receive = receive;
    addEventListener('online', () => this.hurry());
    addEventListener('focus', () => this.hurry());
    document.addEventListener('visibilitychange', () => !document.hidden && this.hurry());
    addEventListener('offline', () => this.connected && this.#closed());
  }

  /** True while nothing tells what happens, so that the page must ask. */
  get polling(): boolean {
    return this.connected && this.#way === polling;
  }

  /** Follows the messages that match; the caller fetches what is there already. */
  follow(what: Following): void {
    this.#what = what;
    this.#since = undefined;
    this.#open();
  }

  /** Follows conversations too, from where it is. */
  watch(change: Partial<Watched>): void {
    this.#watched = { ...this.#watched, ...change };
    // What changes together is one change; before there is a list nothing is open.
    queueMicrotask(() => {
      const { session, sessions } = this.#watched;
      if (this.#end && (session !== this.#opened.session || sessions !== this.#opened.sessions)) this.#open();
    });
  }

  get #standpoint(): Standpoint {
    return { what: this.#what, since: this.#since, ...this.#watched };
  }

  /** Tries at once instead of waiting. */
  hurry(): void {
    if (!this.connected && !this.#opening) this.#open();
    else if (this.connected && this.#way !== best) this.#tryBest(FIRST_TRIAL);
  }

  #open(): void {
    this.#stop();
    const way = this.#way;
    // Without a place to go on from, whatever happened between the last fetch and now is unknown; and while nobody followed a mailbox,
    // nothing was told of it.
    const blind = this.#since === undefined || !way.resumes || this.#what.account !== null;
    this.#opening = true;
    const standpoint = this.#standpoint;
    this.#opened = standpoint;
    this.#end = way.open(standpoint, {
      opened: () => {
        this.#stopTimers();
        this.#opening = false;
        this.#failures = 0;
        Object.assign(this, { connected: true, lost: false, attempt: 0, wait: 0 });
        if (blind) this.#receive('gap');
        if (way !== best) this.#later(FIRST_TRIAL, () => this.#tryBest(FIRST_TRIAL));
      },
      heard: (frame) => {
        if (frame === 'gap') return this.#receive('gap');
        this.following = standpoint.session;
        this.#since = `${frame.epoch}.${frame.seq}`;
        this.#receive('gap' in frame ? 'gap' : frame);
      },
      closed: () => this.#closed(),
    } satisfies Listener);
    this.#later(OPENING, () => this.#closed());
  }

  #closed(): void {
    const wait = this.#nextWay() ? 0 : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.attempt) * (0.75 + Math.random() / 2);
    this.#stop();
    if (this.connected) this.asOf = Date.now();
    this.connected = false;
    if (!this.lost) this.#later(Math.max(0, PATIENCE - (Date.now() - this.asOf)), () => (this.lost = true));
    this.attempt++;
    this.#countDown(Date.now() + wait);
    this.#later(wait, () => this.#open());
  }

  /** True when there is another way to try at once; after the last one all begins anew, and then the server may just be down. */
  #nextWay(): boolean {
    if (this.connected || ++this.#failures < this.#way.tries) return false;
    const next = transports.indexOf(this.#way) + 1;
    this.#way = transports[next] ?? best;
    this.#failures = 0;
    return next < transports.length;
  }

  /** Beside the way in use, which goes on meanwhile. */
  #tryBest(wait: number): void {
    this.#endTrial?.();
    this.#endTrial = best.open(this.#standpoint, {
      opened: () => {
        this.#way = best;
        this.#open();
      },
      heard: () => undefined,
      closed: () => {
        const longer = Math.min(LONGEST_TRIAL, wait * 2);
        this.#later(longer, () => this.#tryBest(longer));
      },
    } satisfies Listener);
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

  #stop(): void {
    this.#stopTimers();
    this.#opening = false;
    this.following = null;
    this.#end?.();
    this.#endTrial?.();
    this.#end = this.#endTrial = undefined;
  }
}
