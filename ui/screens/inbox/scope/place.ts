// Moves and copies messages to another mailbox of the account that is shown.

import { Failure, placeMessages, type Choice } from '../../../api/client.ts';
import type { Page } from '../../../state/page.svelte.ts';
import { text } from '../../../text/accounts.ts';

/** How long a move offers to be undone, ms. */
const OFFERED = 10_000;

export async function place(page: Page, choice: Choice, to: string, how: 'move' | 'copy'): Promise<void> {
  const { inbox, notices, acts, selection } = page;
  const { account, mailbox } = acts.scope;
  if (account === null) return;
  const from = { account, mailbox };
  const move = how === 'move';
  const ids = 'ids' in choice ? choice.ids : inbox.known().map(({ id }) => id);
  if (move) {
    acts.leave(new Set(ids));
    inbox.drop(ids);
    selection.clear();
  }
  try {
    const { changed, uids } = await placeMessages(from, { ...choice, to, move });
    const back = (): void => void placeMessages({ account, mailbox: to }, { uids, to: mailbox, move: true }).catch(complain);
    const choices = move && uids.length > 0 ? [{ word: text.undo, run: back }] : [];
    notices.toast({ text: text.placed[how](changed, to), choices, stays: OFFERED });
  } catch (error) {
    complain(error);
  }
  // What was not known here went as well, or nothing did.
  await inbox.refetch();

  function complain(error: unknown): void {
    notices.alert(text.failed(error instanceof Failure ? error.message : String(error)));
  }
}
