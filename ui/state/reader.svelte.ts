// The open message: fetched when it is opened, kept in step with what happens to it.

import type { LiveEvent, MessageDetail, Summary } from '../../server/http/contract/types.ts';
import { Failure, getMessage } from '../api/client.ts';

/** `gone`: it was there and is deleted now. */
export type ReaderStatus = 'loading' | 'ready' | 'gone' | 'failed';

export class Reader {
  id: string | null = $state(null);
  detail: MessageDetail | undefined = $state.raw();
  status: ReaderStatus = $state('loading');
  failure: Failure | undefined = $state.raw();
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
      Object.assign(this, { failure: error, status: error.code === 'gone' || error.status === 404 ? 'gone' : 'failed' });
      return undefined;
    }
  }

  receive(events: readonly LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'message.changed' || event.type === 'message.indexed') this.follow(event.summary);
      else if (event.type === 'messages.deleted' && this.id !== null && event.ids.includes(this.id)) this.status = 'gone';
      else if (event.type === 'reset' && this.id !== null) this.status = 'gone';
    }
  }

  /** Takes over the marks of a row. */
  follow({ id, read, starred, pinned, tags }: Summary): void {
    if (this.detail?.id === id) this.detail = { ...this.detail, read, starred, pinned, tags };
  }
}
