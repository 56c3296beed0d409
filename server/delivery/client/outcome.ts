// What a conversation with a receiver's host came to, for each recipient.

import type { AttemptStage } from '../../mail/delivery.ts';
import type { EnvelopeRecipient } from '../../mail/message.ts';
import type { TlsPolicy } from '../policy.ts';

/** One message for some recipients that the same host takes. */
export interface Batch {
  readonly sender: string;
  readonly recipients: readonly EnvelopeRecipient[];
  readonly raw: Buffer;
  readonly body: '7BIT' | '8BITMIME' | 'BINARYMIME' | null;
  readonly smtputf8: boolean;
  readonly ret: 'FULL' | 'HDRS' | null;
  readonly envid: string | null;
}

export interface Target {
  readonly name: string;
  /** A loopback address: nothing else is ever dialled. */
  readonly address: string;
  readonly port: number;
  readonly tls: TlsPolicy;
}

export interface Outcome {
  readonly stage: AttemptStage;
  readonly code: number | null;
  readonly enhanced: string | null;
  /** Of all lines; where nothing was answered, why. */
  readonly text: string;
  readonly outcome: 'delivered' | 'transient' | 'permanent';
  /** The connection itself failed, or was ended, or the host refused to serve at all: the next host may be better, whatever the policy. */
  readonly lost: boolean;
  /** The final dot was sent and nothing was answered. */
  readonly unsure: boolean;
}

export interface Conversation {
  /** By index of the batch's recipients. */
  readonly outcomes: readonly Outcome[];
  /** Our side of the connection, `address:port`: by it the host's session is found. Null where there was none. */
  readonly client: string | null;
  readonly durationMs: number;
  /** It may be used again, after RSET. */
  readonly open: boolean;
}
