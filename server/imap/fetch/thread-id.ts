// The ids of RFC 8474: of a message, the same wherever it is copied to, and of the conversation that it belongs to.

import { createHash } from 'node:crypto';
import type { MessageId } from '../../mail/message.ts';
import { identifiers } from '../../mail/references.ts';
import type { Kept } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import { valuesIn } from '../../mail/header.ts';
import { readHeaderBlock } from './reading.ts';

/** An objectid begins with a letter by which the kinds are told apart (RFC 8474 §7). */
export const emailId = (id: MessageId): string => `M${id}`;

/** All that name the same first message, by References, In-Reply-To or their own Message-ID, are one conversation. */
export async function threadIdOf(store: Store, kept: Kept): Promise<string> {
  const valuesOf = valuesIn(await readHeaderBlock(store, kept));
  const [root] = ['references', 'in-reply-to', 'message-id'].flatMap((name) => identifiers(valuesOf(name)[0] ?? '').slice(0, 1));
  return `T${createHash('sha256')
    .update(root ?? kept.message.id)
    .digest('hex')
    .slice(0, 20)}`;
}
