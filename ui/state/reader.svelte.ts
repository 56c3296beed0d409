// The open message: fetched when it is opened, kept in step with what happens to it.

import type { DeletionReason, LiveEvent, MessageDetail, Summary } from '../../server/http/contract/types.ts';
import { Failure, getMessage } from '../api/client.ts';

/** `gone`: it was there and is deleted now. */
export type ReaderStatus = 'loading' | 'ready' | 'gone' | 'failed';

export class Reader {
  id: string | null = $state(null);
  detail: MessageDetail | undefined = $state.raw();
  status: ReaderStatus = $state('loading');
  failure: Failure | undefined = $state.raw();
  /** Why it is gone; `unknown` is an id that no message ever had, as far as the server remembers. */
  gone: DeletionReason | 'unknown' | undefined = $state();
  #loading: AbortController | undefined;

  /** Null closes. Resolves to the message, or to nothing when it did not come or another was opened. */
  async open(id: string | null): Promise<MessageDetail | undefined> {
    this.#loading?.abort();
    this.id = id;
    if (id === null) {
      this.detail = undefined;
      return undefined;
    }
    const loading = new AbortController();
    this.#loading = loading;
    Object.assign(this, { status: 'loading', failure: undefined });
    try {
      const detail = await getMessage(id, loading.signal);
      Object.assign(this, { detail, status: 'ready' });
      return detail;
    } catch (error) {
      if (loading.signal.aborted || !(error instanceof Failure)) return undefined;
      this.detail = undefined;
      const gone = error.code === 'gone' || error.status === 404;
      Object.assign(this, { failure: error, status: gone ? 'gone' : 'failed', gone: error.code === 'gone' ? undefined : 'unknown' });
      return undefined;
    }
  }

  receive(events: readonly LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'message.changed' || event.type === 'message.indexed') this.follow(event.summary);
      else if (event.type === 'messages.deleted' && this.id !== null && event.ids.includes(this.id)) this.#leave(event.reason);
      else if (event.type === 'reset' && this.id !== null) this.#leave('reset');
      // Undone: it is there again.
      else if (event.type === 'message.added' && event.summary.id === this.id && this.status === 'gone') void this.open(this.id);
    }
  }

  #leave(reason: DeletionReason): void {
    Object.assign(this, { status: 'gone', gone: reason });
  }

  /** Takes over the marks of a row, which has only the first recipients. */
  follow({ id, read, starred, pinned, tags, deliveries }: Summary): void {
    if (this.detail?.id !== id) return;
    const fresh = (recipient: string) => deliveries.find((delivery) => delivery.recipient === recipient);
    const all = this.detail.deliveries.map((delivery) => fresh(delivery.recipient) ?? delivery);
    this.detail = { ...this.detail, read, starred, pinned, tags, deliveries: all };
  }
}
