// Files of mail that somebody puts in: one after the other, with what is under way and what could not be taken.

import type { ImportFailure } from '../../server/http/contract/types.ts';
import { text } from '../text.ts';
import { importFile } from './import-file.ts';
import type { Notices } from './notices.svelte.ts';

export interface Importing {
  readonly name: string;
  /** From 0 to 1. */
  readonly share: number;
}

/** How long a good end is told, ms. */
const TOLD = 10_000;

export class Imports {
  /** The file that is on its way. */
  current: Importing | undefined = $state.raw();
  failed: readonly ImportFailure[] = $state.raw([]);
  /** Whether the list of failures is open. */
  shown = $state(false);
  #waiting: File[] = [];
  #stopping: AbortController | undefined;
  readonly #notices: Notices;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  /** Lets somebody choose files, and takes them. */
  pick(): void {
    const input = document.createElement('input');
    Object.assign(input, { type: 'file', multiple: true, accept: '.eml,.mbox,.mbx,.zip,message/rfc822,application/mbox,application/zip' });
    input.addEventListener('change', () => void this.take([...(input.files ?? [])]));
    input.click();
  }

  /** Those that come while others are under way are taken after them. */
  async take(files: readonly File[]): Promise<void> {
    this.#waiting.push(...files);
    if (this.#stopping || files.length === 0) return;
    const stopping = (this.#stopping = new AbortController());
    let imported = 0;
    const failed: ImportFailure[] = [];
    for (let file = this.#waiting.shift(); file; file = this.#waiting.shift()) {
      const { name } = file;
      this.current = { name, share: 0 };
      const result = await importFile(file, stopping.signal, (share) => (this.current = { name, share }));
      imported += result.imported;
      failed.push(...result.failed);
    }
    this.#stopping = this.current = undefined;
    this.#tell(imported, failed);
  }

  /** What has been taken stays. */
  stop(): void {
    this.#waiting = [];
    this.#stopping?.abort();
  }

  #tell(imported: number, failed: readonly ImportFailure[]): void {
    this.failed = failed;
    if (failed.length === 0) {
      if (imported > 0) this.#notices.toast({ text: text.imported(imported), choices: [], stays: TOLD });
      return;
    }
    const choices = [{ word: text.showFailures, run: () => (this.shown = true) }];
    this.#notices.toast({ text: text.importedSome(imported, failed.length), choices, stays: null });
  }
}
