// Everything the page knows, made once and handed down by context, and what a person can do with a message.

import { createContext } from 'svelte';
import type { Info, MessageMarks } from '../../server/http/contract/types.ts';
import { Failure, deleteMessages, getInfo, markMessages, sendMessage } from '../api/client.ts';
import { Live } from '../api/live.svelte.ts';
import { preferences } from '../preferences.svelte.ts';
import { Router } from '../router.svelte.ts';
import { text } from '../text.ts';
import { Imports } from './imports.svelte.ts';
import { Inbox } from './inbox.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Reader } from './reader.svelte.ts';

export class Page {
  readonly router = new Router(preferences.firstTab === 'last' ? 'preview' : preferences.firstTab);
  readonly notices = new Notices();
  readonly imports = new Imports(this.notices);
  readonly inbox = new Inbox();
  readonly reader = new Reader();
  readonly live = new Live((frame) => {
    if (frame === 'gap') return void this.refresh();
    this.inbox.receive(frame.events);
    this.reader.receive(frame.events);
  });
  info: Info | undefined = $state.raw();
  #wanted: string | undefined;

  /** Marks and deletions need the server. */
  get canWrite(): boolean {
    return this.live.connected || !this.live.lost;
  }

  /** What the keys act on: the marked row while the list has the focus, else the open message. */
  get target(): string | null {
    const inList = document.activeElement?.closest('[role=grid]') != null;
    return inList ? this.inbox.activeId : (this.router.route.id ?? this.inbox.activeId);
  }

  /** After a gap: what is shown is fetched again. */
  async refresh(): Promise<void> {
    await Promise.all([this.inbox.load(), this.open(this.reader.id), this.learn()]);
  }

  /** Shows and follows what matches; the same query again changes nothing. */
  async search(q: string): Promise<void> {
    if (q === this.#wanted) return;
    this.#wanted = q;
    await this.inbox.load(q);
    if (!this.inbox.queryFailure && q === this.#wanted) this.live.follow(q);
  }

  async open(id: string | null): Promise<void> {
    if (id !== null) this.inbox.activeId = id;
    const detail = await this.reader.open(id);
    if (detail && !detail.read && this.canWrite) await this.mark(detail.id, { read: true });
  }

  /** Opens the message before or after the open one. */
  step(by: number): void {
    const { inbox, router } = this;
    const index = inbox.indexOf(router.route.id ?? inbox.activeId);
    const next = index < 0 ? undefined : inbox.at(index + by);
    if (next) router.go({ id: next.id }, true);
  }

  /** Resolves to whether it worked: without https or localhost there is no clipboard. */
  async copy(what: string): Promise<boolean> {
    if (what === '') return false;
    try {
      await navigator.clipboard.writeText(what);
      this.notices.say(() => text.copied);
      return true;
    } catch {
      this.notices.alert(text.copyFailed);
      return false;
    }
  }

  toggle(id: string | null, mark: 'read' | 'starred' | 'pinned'): void {
    const { detail } = this.reader;
    const marks = id === null ? undefined : (this.inbox.at(this.inbox.indexOf(id)) ?? (detail?.id === id ? detail : undefined));
    if (marks && this.canWrite) void this.mark(marks.id, { [mark]: !marks[mark] });
  }

  async mark(id: string, marks: MessageMarks): Promise<void> {
    const before = this.inbox.mark(id, marks);
    const shown = this.reader.detail?.id === id ? this.reader.detail : undefined;
    if (shown)
      this.reader.detail = {
        ...shown,
        read: marks.read ?? shown.read,
        starred: marks.starred ?? shown.starred,
        pinned: marks.pinned ?? shown.pinned,
      };
    try {
      await markMessages([id], marks);
    } catch (error) {
      if (before) this.inbox.change(before);
      if (shown) this.reader.detail = shown;
      this.#complain(error);
    }
  }

  /** Gone at once; the row after it becomes the active one, and is opened if the deleted one was open. */
  async remove(id: string): Promise<void> {
    const { inbox, router } = this;
    const index = inbox.indexOf(id);
    const next = index < 0 ? undefined : (inbox.at(index + 1) ?? inbox.at(index - 1));
    inbox.drop([id]);
    inbox.activeId = next?.id ?? null;
    if (router.route.id === id) router.go({ id: next?.id ?? null }, true);
    try {
      await deleteMessages([id]);
      this.notices.say(() => text.deleted);
    } catch (error) {
      await inbox.load();
      this.#complain(error);
    }
  }

  /** Through the submission server, as an app would. */
  async sendTest(): Promise<void> {
    try {
      await sendMessage(text.testMessage);
    } catch (error) {
      this.#complain(error);
    }
  }

  /** What the server says of itself. */
  async learn(): Promise<void> {
    try {
      this.info = await getInfo();
    } catch {
      // The list says that the server does not answer.
    }
  }

  #complain(error: unknown): void {
    this.notices.alert(error instanceof Failure ? text.failed(error.message) : text.failed(String(error)));
  }
}

export const [usePage, providePage] = createContext<Page>();
