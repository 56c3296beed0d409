// How rows are ticked: one, a range, or all.

import { Failure } from '../../api/client.ts';
import { isMessage } from '../../state/items.ts';
import type { Page } from '../../state/page.svelte.ts';
import { text } from '../../text.ts';

/** The server takes no more by name. */
const MOST = 10_000;

export function toggleTick({ inbox, selection }: Page, index: number): void {
  const item = inbox.at(index);
  if (isMessage(item)) selection.toggle(item.id);
}

/** From where the last tick was, else from the active row. */
export async function tickTo({ inbox, selection, notices }: Page, index: number): Promise<void> {
  const origin = selection.origin ?? inbox.activeId ?? inbox.at(index)?.id;
  const from = inbox.indexOf(origin ?? null);
  if (origin === undefined || from < 0) return;
  try {
    selection.extend(await inbox.between(from, index, MOST), origin);
  } catch (error) {
    notices.alert(text.failed(error instanceof Failure ? error.message : String(error)));
  }
}

/** All, or none when any is ticked. */
export function tickAll({ inbox, selection }: Page): void {
  if (selection.any) selection.clear();
  else
    selection.all(
      inbox.known().map(({ id }) => id),
      inbox.whole,
    );
}
