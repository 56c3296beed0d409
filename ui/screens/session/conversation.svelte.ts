// The open conversation: fetched, then kept in step with what is said in it.

import type { LiveEvent, SessionDetail } from '../../../server/http/contract/types.ts';
import { Failure, getSession } from '../../api/client.ts';
import { joined } from './lines.ts';

export class Conversation {
  detail: SessionDetail | undefined = $state.raw();
  failure: Failure | undefined = $state.raw();
  #id: string | null = null;
  #loading: AbortController | undefined;
  #told: LiveEvent[] = [];
  #drawing = false;

  /** Another one takes the place of the one before once it is there. Throws nothing. */
  async open(id: string | null): Promise<void> {
    this.#loading?.abort();
    this.#id = id;
    this.failure = undefined;
    if (id === null) return void (this.detail = undefined);
    const loading = new AbortController();
    this.#loading = loading;
    try {
      const detail = await getSession(id, loading.signal);
      this.detail = detail;
      // What was told while the answer was on its way.
      this.#draw();
    } catch (error) {
      if (loading.signal.aborted || !(error instanceof Failure)) return;
      // What is shown stays where only nobody answers.
      if (this.detail?.id !== id || error.status !== 0) Object.assign(this, { failure: error, detail: undefined });
    } finally {
      if (this.#loading === loading) this.#loading = undefined;
    }
  }

  reopen(): Promise<void> {
    return this.open(this.#id);
  }

  receive(events: readonly LiveEvent[] | 'gap'): void {
    if (events === 'gap') return void this.reopen();
    const own = events.filter((event) =>
      event.type === 'session.line' ? event.sessionId === this.#id : 'session' in event && event.session.id === this.#id,
    );
    if (own.length === 0) return;
    this.#told.push(...own);
    this.#draw();
  }

  /** Once per frame of the screen, whatever comes in between. */
  #draw(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      if (!this.#loading) this.#take();
    });
  }

  #take(): void {
    const told = this.#told;
    this.#told = [];
    const { detail } = this;
    if (detail?.id !== this.#id || told.length === 0) return;
    const lines = joined(
      detail.lines,
      told.flatMap((event) => (event.type === 'session.line' && event.sessionId === detail.id ? event.line : [])),
    );
    const summary = told.findLast((event) => 'session' in event);
    this.detail = { ...detail, ...(summary && 'session' in summary && summary.session), lines: lines ?? detail.lines };
    // Lines in between were never told.
    if (lines === null) void this.reopen();
  }

  stop(): void {
    this.#loading?.abort();
  }
}
