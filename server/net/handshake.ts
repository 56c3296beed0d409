// A TLS handshake as the server's side of it sees it: established, or failed with a reason.

import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { TLSSocket } from 'node:tls';

interface Outcome {
  established(): void;
  /** Also afterwards, when the connection ends. */
  failed(): void;
}

export interface Handshake {
  readonly tls: TLSSocket;
  readonly established: boolean;
  /** Empty unless OpenSSL says why it failed. */
  readonly reason: () => string;
  /** It is over: who uses the socket from now on hears of its end itself. */
  finish(): void;
}

export function beginHandshake(tcp: Socket, secureContext: SecureContext, { established, failed }: Outcome): Handshake {
  const tls = new TLSSocket(tcp, { isServer: true, secureContext });
  let reason = '';
  // A client that has closed its side will say nothing more: no need to wait until it has been silent for too long.
  tls.on('close', failed).on('error', failed).on('end', failed);
  // The only event of a failed handshake that says why.
  tls.on('_tlsError', (error: Error) => (reason = `: ${error.message}`));
  let secure = false;
  tls.once('secure', () => {
    secure = true;
    established();
  });
  return {
    tls,
    get established() {
      return secure;
    },
    reason: () => reason,
    finish: () => void tls.off('close', failed).off('end', failed),
  };
}
