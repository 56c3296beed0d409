// Follows the newest message, for those who switched it on: the list rises to it, and it is opened in the place of the one before.

import { untrack } from 'svelte';
import { preferences } from '../../preferences.svelte.ts';
import { isMessage } from '../../state/items.ts';
import type { Page } from '../../state/page.svelte.ts';

/** In a burst not every message is opened, ms. */
const PAUSE = 250;

export function followNewest({ inbox, router }: Page, rise: () => void): void {
  let before: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function openNewest(instead: string): void {
    timer = undefined;
    const newest = inbox.at(0);
    const { id, compose, section } = router.route;
    if (isMessage(newest) && id === instead && compose === null && section === null) router.go({ id: newest.id }, true);
  }

  $effect(() => {
    const newest = preferences.follow && inbox.listing.sort === '-received' ? inbox.at(0)?.id : undefined;
    untrack(() => {
      if (newest !== undefined && before !== undefined && newest > before) {
        rise();
        const { id } = router.route;
        if (id !== null && id === before) timer ??= setTimeout(() => openNewest(id), PAUSE);
      }
      before = newest;
    });
  });
  $effect(() => () => clearTimeout(timer));
}
