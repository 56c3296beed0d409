// How a conversation, or a line of it, comes to its end before the protocol wanted it to.

/** `client` has closed or vanished, `timeout` it was silent for too long, `shutdown` we stop, `closed` a person ended it, `tls` the handshake failed, `fault` a rule wants it so. */
export type EndReason = 'client' | 'timeout' | 'shutdown' | 'closed' | 'tls' | 'fault';

/** Thrown by whatever waits for a client when there is nothing more to wait for. */
export class ConnectionEnded extends Error {
  readonly reason: EndReason;

  constructor(reason: EndReason) {
    super(`connection ended: ${reason}`);
    this.name = 'ConnectionEnded';
    this.reason = reason;
  }
}

/** A line was longer than its limit and has been dropped up to its end. */
export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
}
