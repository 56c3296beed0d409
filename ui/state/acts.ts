// What a person does to messages, one or many: shown at once, told to the server, taken back when that refuses.

import type { MessageMarks, Summary } from '../../server/http/contract/types.ts';
import { Failure, deleteMessages, markMessages, type Choice } from '../api/client.ts';
import { withKey } from '../keys.ts';
import { ALL_MAIL, EVERYONE, type Scope } from '../route.ts';
import type { Router } from '../router.svelte.ts';
import { text } from '../text.ts';
import type { Inbox } from './inbox.svelte.ts';
import { marked, placeOf } from './items.ts';
import type { Notices } from './notices.svelte.ts';
import type { Reader } from './reader.svelte.ts';
import type { Selection } from './selection.svelte.ts';
import type { Undo, Undos } from './undos.svelte.ts';

/** How long a deletion offers to be undone by itself, ms. */
const OFFERED = 10_000;
const OFFERED_OF_ALL = 60_000;

interface Parts {
  readonly inbox: Inbox;
  readonly reader: Reader;
  readonly router: Router;
  readonly notices: Notices;
  readonly selection: Selection;
  readonly undos: Undos;
}

export class Acts {
  readonly #parts: Parts;
  /** The toast that offers to undo. */
  #offer = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whose the list is that is shown; before the first one, that which is on its way. */
  get scope(): Scope {
    const { inbox, router } = this.#parts;
    const { account, mailbox } = inbox.status === 'ready' ? inbox.listing : router.route;
    return { account, mailbox };
  }

  /** What is ticked. */
  get ticked(): Choice {
    const { inbox, selection } = this.#parts;
    return selection.everything ? { q: inbox.q } : { ids: selection.ids };
  }

  /** As far as they are known here. */
  summariesOf(choice: Choice): readonly Summary[] {
    const { inbox } = this.#parts;
    return 'q' in choice ? inbox.known() : choice.ids.flatMap((id) => inbox.messageOf(id) ?? []);
  }

  async mark(choice: Choice, marks: MessageMarks, scope = this.scope): Promise<void> {
    const { inbox, reader } = this.#parts;
    const ids = 'ids' in choice ? choice.ids : inbox.known().map(({ id }) => id);
    const before = inbox.mark(ids, marks);
    const shown = reader.detail && ids.includes(reader.detail.id) ? reader.detail : undefined;
    if (shown) reader.detail = marked(shown, marks);
    try {
      await markMessages(choice, marks, scope);
    } catch (error) {
      for (const summary of before) inbox.change(summary);
      if (shown) reader.detail = shown;
      this.#complain(error);
    }
  }

  /** Gone at once; the row after them becomes the active one, and is opened if an open one went. */
  async remove(choice: Choice): Promise<void> {
    const { inbox, selection } = this.#parts;
    // What was only put there is in no other place.
    const stays = this.summariesOf(choice).every(({ source }) => source !== 'append');
    if ('q' in choice) {
      this.leave(new Set(inbox.known().flatMap(({ id, pinned }) => (pinned ? [] : [id]))));
      inbox.dropAll();
    } else {
      this.leave(new Set(choice.ids));
      inbox.drop(choice.ids);
    }
    selection.clear();
    await this.#delete(choice, false, stays);
  }

  /** All of the filter but the pinned ones, for ever. */
  async purge(): Promise<void> {
    const { inbox, selection } = this.#parts;
    selection.clear();
    await this.#delete({ q: inbox.q }, true, false);
  }

  /** `stays`: what goes from one mailbox is still in that of all. */
  async #delete(choice: Choice, purge: boolean, stays: boolean): Promise<void> {
    const { inbox, notices, undos } = this.#parts;
    const { account, mailbox } = this.scope;
    // The account of all: there a message goes with its entry, and that can be undone.
    const everywhere = account === EVERYONE && 'ids' in choice;
    try {
      const { deleted, undo } = await deleteMessages(choice, purge, everywhere ? ALL_MAIL : { account, mailbox });
      const removed = account === null || everywhere ? null : text.removedFrom(deleted, account, mailbox, stays && account !== EVERYONE);
      const added = undo === null ? undefined : undos.add(undo, deleted);
      this.#offer = notices.toast({
        text: removed ?? (purge ? text.purged(deleted) : text.deletedMany(deleted)),
        choices: added ? [{ word: withKey(text.undo, 'undo'), run: () => void this.undo(added) }] : [],
        stays: added && 'q' in choice ? OFFERED_OF_ALL : OFFERED,
      });
      if ('q' in choice) await inbox.refetch();
    } catch (error) {
      await inbox.refetch();
      this.#complain(error);
    }
  }

  /** They are back in their place. */
  async undo(undo: Undo | undefined): Promise<void> {
    const { inbox, notices, undos } = this.#parts;
    if (!undo) return;
    notices.dismiss(this.#offer);
    try {
      const restored = await undos.run(undo);
      notices.say(() => text.restored(restored));
      // The toast took the focus with it.
      if (document.activeElement === document.body) document.getElementById('list')?.focus();
      await inbox.refetch();
    } catch (error) {
      this.#complain(error);
    }
  }

  /** Goes from what is about to be deleted, or moved away, to its neighbour. */
  leave(gone: ReadonlySet<string>): void {
    const { inbox, router } = this.#parts;
    const { id } = router.route;
    const from = inbox.indexOf(inbox.activeId !== null && gone.has(inbox.activeId) ? inbox.activeId : id);
    const stays = (index: number): boolean => !gone.has(inbox.at(index)?.id ?? '');
    let index = from;
    while (index < inbox.length && !stays(index)) index++;
    if (index >= inbox.length) for (index = from - 1; index >= 0 && !stays(index);) index--;
    const next = from < 0 ? undefined : inbox.at(index);
    if (inbox.activeId !== null && gone.has(inbox.activeId)) inbox.activeId = next?.id ?? null;
    if (id !== null && gone.has(id)) router.go(placeOf(next), true);
  }

  #complain(error: unknown): void {
    this.#parts.notices.alert(text.failed(error instanceof Failure ? error.message : String(error)));
  }
}
