// The open message: fetched when it is opened, kept in step with what happens to it.

import type { DeletionReason, LiveEvent, MessageDetail, Summary } from '../../server/http/contract/types.ts';
import { Failure, getMessage } from '../api/client.ts';
import { ALL_MAIL, type Scope } from '../route.ts';

/** How long a look at what changed may take, ms. */
const PATIENCE = 10_000;

/** `gone`: it was there and is deleted now. */
export type ReaderStatus = 'loading' | 'ready' | 'gone' | 'failed';

export class Reader {
  id: string | null = $state(null);
  /** Whose marks it has. */
  scope: Scope = ALL_MAIL;
  detail: MessageDetail | undefined = $state.raw();
  status: ReaderStatus = $state('loading');
  failure: Failure | undefined = $state.raw();
  /** Why it is gone; `unknown` is an id that no message ever had, as far as the server remembers. */
  gone: DeletionReason | 'unknown' | 'elsewhere' | undefined = $state();
  #loading: AbortController | undefined;
  #refreshing = false;
  #again = false;

  /** Null closes. Resolves to the message, or to nothing when it did not come or another was opened. */
  async open(id: string | null, scope: Scope = this.scope): Promise<MessageDetail | undefined> {
    this.#loading?.abort();
    this.id = id;
    this.scope = scope;
    if (id === null) {
      this.detail = undefined;
      return undefined;
    }
    const loading = new AbortController();
    this.#loading = loading;
    Object.assign(this, { status: 'loading', failure: undefined });
    try {
      const detail = await getMessage(id, loading.signal, scope);
      Object.assign(this, { detail, status: 'ready' });
      return detail;
    } catch (error) {
      if (loading.signal.aborted || !(error instanceof Failure)) return undefined;
      this.detail = undefined;
      if (error.status === 404) this.#miss(error);
      else Object.assign(this, { failure: error, status: 'failed' });
      return undefined;
    }
  }

  #miss(failure: Failure): void {
    const unknown = this.scope.account === null ? 'unknown' : 'elsewhere';
    Object.assign(this, { failure, status: 'gone', gone: failure.code === 'gone' ? undefined : unknown });
  }

  /** Takes over what may have changed of it, and leaves what is shown of it as it is; once more for all that happens meanwhile. */
  async refresh(): Promise<void> {
    if (this.#refreshing) return void (this.#again = true);
    this.#refreshing = true;
    this.#again = false;
    await this.#look();
    this.#refreshing = false;
    if (this.#again) await this.refresh();
  }

  async #look(): Promise<void> {
    const { id, scope, status } = this;
    if (id === null || (status !== 'ready' && this.gone !== 'elsewhere')) return;
    if (status === 'gone') return void (await this.open(id, scope));
    try {
      const fresh = await getMessage(id, AbortSignal.timeout(PATIENCE), scope);
      if (this.detail?.id !== id || this.scope !== scope) return;
      const { read, starred, pinned, tags, deliveries } = fresh;
      this.detail = { ...this.detail, read, starred, pinned, tags, deliveries };
    } catch (error) {
      if (error instanceof Failure && error.status === 404 && this.id === id && this.scope === scope) this.#miss(error);
    }
  }

  receive(events: readonly LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'message.changed' || event.type === 'message.indexed') this.follow(event.summary);
      else if (event.type === 'mailbox.changed' && event.mailbox === this.scope.mailbox) void this.refresh();
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
    // Of more recipients than a row has, and of the marks in one mailbox, only the message itself tells.
    if (this.detail.deliveries.length > deliveries.length) void this.refresh();
    const own = this.scope.account === null ? { read, starred } : {};
    const fresh = (recipient: string) => deliveries.find((delivery) => delivery.recipient === recipient);
    const all = this.detail.deliveries.map((delivery) => fresh(delivery.recipient) ?? delivery);
    this.detail = { ...this.detail, ...own, pinned, tags, deliveries: all };
  }
}
