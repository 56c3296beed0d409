// What a connection is made with.

import type { SecureContext } from 'node:tls';
import type { Flaw } from './certificates.ts';
import type { LiveSession } from './live-session.ts';

/** How long the client may take to close its side after we have closed ours, ms. */
export const LINGER = 2_000;

export interface ConnectionOptions {
  readonly session: LiveSession;
  /** Who the client is, where the socket's other end only speaks for it (a proxy). */
  readonly client: { readonly address: string; readonly port: number };
  /** What was already read from the socket. */
  readonly early?: Buffer;
  /** Null where TLS is not to be had here. */
  readonly secureContext: ((flaw?: Flaw) => Promise<SecureContext>) | null;
  /** From the first octet. */
  readonly implicitTls: boolean;
  /** How long one line, or one step of a message or of sending, may take, ms; 0 = for ever. */
  readonly idleTimeout: number;
  /** For what is no part of the conversation: bugs, and certificates that cannot be read. */
  readonly report: (error: unknown) => void;
}
