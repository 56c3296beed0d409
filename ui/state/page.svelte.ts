// Everything the page knows, made once and handed down by context, and what a person can do with a message.

import { createContext, type Component } from 'svelte';
import type { Info, LiveEvent, MessageMarks } from '../../server/http/contract/types.ts';
import { getInfo, type Choice, type Following, type Listing } from '../api/client.ts';
import { Live } from '../api/live.svelte.ts';
import { preferences } from '../preferences.svelte.ts';
import type { Scope } from '../route.ts';
import { Router } from '../router.svelte.ts';
import { text } from '../text.ts';
import { Acts } from './acts.ts';
import { Counts } from './facets.svelte.ts';
import type { Faults } from './faults.svelte.ts';
import { Imports } from './imports.svelte.ts';
import { Inbox } from './inbox.svelte.ts';
import { placeOf } from './items.ts';
import { Notices } from './notices.svelte.ts';
import { Notifications } from './notifications.ts';
import { Reader } from './reader.svelte.ts';
import { Selection } from './selection.svelte.ts';
import { Undos } from './undos.svelte.ts';

const sameAs = <T extends object>(one: T, other: T): boolean => (Object.keys(one) as (keyof T)[]).every((key) => one[key] === other[key]);

/** Events that say that there may be faults. */
const STIRRING = /^(?:fault|host|clock)/;

interface Alarm {
  readonly Faults: typeof Faults;
  readonly Chips: Component;
}

type Mark = 'read' | 'starred' | 'pinned';

export class Page {
  readonly router = new Router(preferences.firstTab === 'last' ? 'preview' : preferences.firstTab);
  readonly notices = new Notices();
  readonly imports = new Imports(this.notices);
  readonly inbox = new Inbox();
  readonly reader = new Reader();
  readonly selection = new Selection();
  readonly undos = new Undos();
  readonly acts = new Acts(this);
  readonly counts = new Counts();
  readonly live = new Live((frame) => {
    for (const listen of this.#listeners) listen(frame === 'gap' ? frame : frame.events);
    if (frame === 'gap') return void this.refresh();
    this.inbox.receive(frame.events);
    this.reader.receive(frame.events);
    for (const event of frame.events) if (event.type === 'messages.deleted') this.selection.remove(event.ids);
    this.counts.receive(frame.events);
    this.#notifications.receive(frame.events);
    this.#watchStorage(frame.events);
    if (frame.events.some(({ type }) => STIRRING.test(type))) this.watchFaults();
  });
  #listeners: readonly ((events: readonly LiveEvent[] | 'gap') => void)[] = [];
  readonly #notifications = new Notifications((id) => this.router.go({ id }));
  info: Info | undefined = $state.raw();
  /** Undefined until something stirs, or somebody asks. */
  faults: Faults | undefined = $state.raw();
  /** Shows them. */
  chips: Component | undefined;
  readonly #fetchAlarm: () => Promise<Alarm>;
  #fetchingFaults = false;
  #wanted: Listing | undefined;
  /** Of what events come in. */
  #followed: Following | undefined;
  /** Of the server when the page came; the page is of the same build. */
  #version: string | undefined;

  /** What tells of faults is fetched once there is something to tell. */
  constructor(fetchAlarm: () => Promise<Alarm>) {
    this.#fetchAlarm = fetchAlarm;
  }

  /** Marks and deletions need the server. */
  get canWrite(): boolean {
    return this.live.connected || !this.live.lost;
  }

  /** True once the server is of another version than the page. */
  get outdated(): boolean {
    return this.info !== undefined && this.info.version !== this.#version;
  }

  /** For what is not always in the page. Returns what ends it. */
  listen(listener: (events: readonly LiveEvent[] | 'gap') => void): () => unknown {
    this.#listeners = [...this.#listeners, listener];
    return () => (this.#listeners = this.#listeners.filter((other) => other !== listener));
  }

  /** What the keys act on: the marked row while the list has the focus, else the open message. */
  get target(): string | null {
    if (this.router.elsewhere) return null;
    const inList = document.activeElement?.closest('[role=grid]') != null;
    return inList ? this.inbox.activeId : (this.router.route.id ?? this.inbox.activeId);
  }

  /** What an act is about: the ticked rows, else the target. */
  get chosen(): Choice | undefined {
    if (this.selection.any) return this.acts.ticked;
    const { target } = this;
    // Nothing can be done to a refused attempt.
    const item = this.inbox.at(this.inbox.indexOf(target));
    return target === null || item?.kind === 'refusal' ? undefined : { ids: [target] };
  }

  /** After a gap: what is shown is fetched again. */
  async refresh(): Promise<void> {
    this.counts.changed();
    await Promise.all([this.inbox.refetch(), this.open(this.reader.id), this.learn()]);
  }

  /** Shows and follows what matches; the same list again changes nothing. */
  async search(listing: Listing): Promise<void> {
    const before = this.#wanted;
    if (before && sameAs(before, listing)) return;
    this.#wanted = listing;
    this.selection.clear();
    await this.inbox.load(listing);
    if (this.inbox.queryFailure || listing !== this.#wanted) return;
    const { q, account, mailbox } = listing;
    const what = { q, account, mailbox };
    if (this.#followed && sameAs(this.#followed, what)) return;
    this.#followed = what;
    this.live.follow(what);
    this.counts.search(what);
  }

  async open(id: string | null, scope?: Scope): Promise<void> {
    if (id !== null) this.inbox.activeId = id;
    const detail = await this.reader.open(id, scope);
    if (detail && !detail.read && this.canWrite) await this.acts.mark({ ids: [detail.id] }, { read: true }, this.reader.scope);
  }

  /** Opens the row before or after the open one. */
  step(by: number): void {
    const { inbox, router } = this;
    const index = inbox.indexOf(router.route.id ?? inbox.activeId);
    const next = index < 0 ? undefined : inbox.at(index + by);
    if (!next) return;
    inbox.activeId = next.id;
    router.go(placeOf(next), true);
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

  /** Sets a mark where one of them lacks it, else takes it from all. */
  toggle(choice: Choice | string | null | undefined, mark: Mark): void {
    if (choice === null || choice === undefined || !this.canWrite) return;
    const meant = typeof choice === 'string' ? { ids: [choice] } : choice;
    const { detail } = this.reader;
    const known = this.acts.summariesOf(meant);
    const marks = known.length > 0 || !detail || !('ids' in meant) || !meant.ids.includes(detail.id) ? known : [detail];
    if (marks.length > 0) void this.acts.mark(meant, { [mark]: marks.some((message) => !message[mark]) });
  }

  mark(id: string, marks: MessageMarks): Promise<void> {
    return this.acts.mark({ ids: [id] }, marks);
  }

  remove(id: string): Promise<void> {
    return this.acts.remove({ ids: [id] });
  }

  /** What the server says of itself. */
  async learn(): Promise<void> {
    try {
      const info = await getInfo();
      this.#version ??= info.version;
      this.info = info;
      const { mode, offsetMs } = info.clock;
      if (info.faults > 0 || mode === 'frozen' || offsetMs !== 0) this.watchFaults();
    } catch {
      // The list says that the server does not answer.
    }
  }

  /** From now on what goes wrong is known; its code is fetched with it. */
  watchFaults(): void {
    if (this.#fetchingFaults) return;
    this.#fetchingFaults = true;
    this.#fetchAlarm().then(
      ({ Faults, Chips }) => {
        this.chips = Chips;
        this.faults = new Faults({ notices: this.notices, listen: (listener) => this.listen(listener) });
      },
      () => (this.#fetchingFaults = false),
    );
  }

  #watchStorage(events: readonly LiveEvent[]): void {
    const isNews = ({ type }: LiveEvent): boolean => type === 'storage.room' || (type === 'storage.full' && !this.info?.storage.full);
    if (events.some(isNews)) void this.learn();
  }
}

export const [usePage, providePage] = createContext<Page>();
