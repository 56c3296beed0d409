// Keeps a copy of what was sent in the sender's Sent, as web mail does.

import { Failure, appendSeen, getRaw } from '../../api/client.ts';
import type { Draft } from '../../state/draft.svelte.ts';
import { accountOf, readAddresses } from './addresses.ts';

/** For a message as large as one can be, ms. */
const PATIENCE = 60_000;

/** Appends exactly what was sent, seen. Throws nothing. */
export async function keepCopy(draft: Draft, id: string): Promise<void> {
  const [from] = readAddresses(draft.written.from);
  const account = accountOf(from?.address ?? draft.written.from.trim());
  draft.copy = { is: 'going', account };
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    await appendSeen({ account, mailbox: 'Sent' }, await getRaw(id, signal), signal);
    draft.copy = { is: 'there', account };
  } catch (error) {
    const failure = error instanceof Failure ? error : new Failure(0, 'unreachable', String(error));
    draft.copy = { is: 'failed', account, failure };
  }
}
