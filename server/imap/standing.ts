// How each mailbox stands, kept between SELECTs: only what has changed since is looked at, not every message again.

import type { Mailbox } from '../store/state.ts';
import type { Recents } from './recent.ts';
import { SelectedView } from './selected-view.ts';

/** Claims nothing as recent: it is no session. */
const NOBODY: Recents = { from: ({ uidNext }) => uidNext };

const isSeen = (flags: readonly string[]): boolean => flags.includes('\\Seen');

class Standing {
  readonly #view: SelectedView;
  /** All messages with a lower UID are seen. */
  #unseenFrom = 1;

  constructor(mailbox: Mailbox) {
    this.#view = new SelectedView(mailbox, true, NOBODY);
  }

  /** The view, knowing all that has happened. */
  now(): SelectedView {
    for (const { uid, flags } of this.#view.update(true).changed) if (uid < this.#unseenFrom && !isSeen(flags)) this.#unseenFrom = uid;
    return this.#view;
  }

  /** Number of the first message that is not seen, 0 if there is none; to be asked after `now`. */
  firstUnseen(): number {
    const { entries, uidNext } = this.#view.mailbox;
    let at = entries.lowerBound(this.#unseenFrom);
    for (let entry = entries.at(at); entry && isSeen(entry.flags); entry = entries.at(++at));
    this.#unseenFrom = entries.at(at)?.uid ?? uidNext;
    return at < entries.length ? at + 1 : 0;
  }
}

const standings = new WeakMap<Mailbox, Standing>();

function standingOf(mailbox: Mailbox): Standing {
  const standing = standings.get(mailbox) ?? new Standing(mailbox);
  standings.set(mailbox, standing);
  return standing;
}

/** A view for one more session. */
export const openView = (mailbox: Mailbox, readOnly: boolean, recents: Recents): SelectedView =>
  new SelectedView(mailbox, readOnly, recents, standingOf(mailbox).now());

/** Number of the first unseen message of a mailbox that has just been opened; 0 if there is none. */
export const firstUnseen = (mailbox: Mailbox): number => standingOf(mailbox).firstUnseen();
