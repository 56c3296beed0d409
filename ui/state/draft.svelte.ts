// What is being written: kept while the page is open and, but for attachments, when its tab is closed.

import type { Injected } from '../../server/http/contract/types.ts';
import type { Failure } from '../api/client.ts';
import { forgetDraft, keepDraft, keptDraft, type Kept } from './kept.ts';
import type { Written } from './written.ts';

export type Fate =
  | { readonly is: 'open' }
  /** `share` from 0 to 1. */
  | { readonly is: 'sending'; readonly share: number }
  | { readonly is: 'sent'; readonly answer: Injected }
  | { readonly is: 'refused'; readonly failure: Failure };

/** What became of the copy in the sender's Sent. */
export type Copy =
  | { readonly is: 'none' }
  | { readonly is: 'going'; readonly account: string }
  | { readonly is: 'there'; readonly account: string }
  | { readonly is: 'failed'; readonly account: string; readonly failure: Failure };

let opened: readonly Draft[] = [];
const others = (place: string): readonly Draft[] => opened.filter((draft) => draft.place !== place);

export class Draft {
  /** `new`, or the kind of answer and the message: `reply/01HZ…`. */
  readonly place: string;
  written: Written = $state({ from: '', to: [], cc: [], bcc: [], subject: '', text: '', html: null, headers: [] });
  files: readonly File[] = $state.raw([]);
  /** The answered message, while it is one of the files. */
  original: File | undefined = $state.raw();
  fate: Fate = $state.raw({ is: 'open' });
  copy: Copy = $state.raw({ is: 'none' });
  /** Of a draft that was written before this page was opened. */
  readonly kept: Kept | undefined;
  readonly #start: string;
  #dropped = false;

  constructor(place: string, start: Written, kept: Kept | undefined) {
    this.place = place;
    this.written = structuredClone(kept?.written ?? start);
    this.kept = kept;
    this.#start = JSON.stringify(start);
  }

  /** Whether somebody wrote something. */
  get changed(): boolean {
    return this.files.length > 0 || JSON.stringify(this.written) !== this.#start;
  }

  detach(file: File | undefined): void {
    this.files = this.files.filter((other) => other !== file);
    if (file === this.original) this.original = undefined;
  }

  keep(): void {
    if (this.#dropped) return;
    const { place, files, written, fate } = this;
    const worth = this.changed && fate.is !== 'sent';
    opened = worth ? [...others(place), this] : others(place);
    const names = files.map(({ name }) => name);
    if (worth) keepDraft(place, written, names);
    else forgetDraft(place);
  }

  drop(): void {
    this.#dropped = true;
    opened = others(this.place);
    forgetDraft(this.place);
  }

  bringBack(): void {
    this.#dropped = false;
    this.keep();
  }
}

/** The draft of that place as it was left, else a new one. */
export function openDraft(place: string, start: () => Written): Draft {
  const known = opened.find((draft) => draft.place === place);
  return known ?? new Draft(place, start(), keptDraft(place));
}
