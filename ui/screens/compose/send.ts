// Sends a draft, and keeps what becomes of it.

import type { Injected } from '../../../server/http/contract/types.ts';
import { Failure } from '../../api/client.ts';
import { upload } from '../../api/upload.ts';
import type { Draft } from '../../state/draft.svelte.ts';
import { bodyOf } from './body.ts';

/** Goes through the submission server, as an app's message would. */
export async function send(draft: Draft, signal: AbortSignal): Promise<void> {
  draft.fate = { is: 'sending', share: 0 };
  try {
    let body: Blob;
    try {
      body = await bodyOf(draft.written, draft.files);
    } catch (error) {
      throw new Failure(0, 'malformed', `An attachment can no longer be read: ${String(error)}`);
    }
    const answer = await upload<Injected>({
      path: 'messages?via=smtp',
      type: 'application/json',
      body,
      signal,
      onshare: (share) => (draft.fate = { is: 'sending', share }),
    });
    draft.fate = { is: 'sent', answer };
  } catch (error) {
    if (signal.aborted) draft.fate = { is: 'open' };
    else if (error instanceof Failure) draft.fate = { is: 'refused', failure: error };
    else throw error;
  }
  draft.keep();
}
