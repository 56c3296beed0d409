// How long a client waits for each step of a host (RFC 5321 §4.5.3.2).

/** Real ms. */
export interface ClientTimeouts {
  readonly connect: number;
  /** From the connection to the greeting's end. */
  readonly greeting: number;
  /** Any command that none of the others is for, and a TLS handshake. */
  readonly command: number;
  /** DATA itself. */
  readonly data: number;
  /** One write of the message. */
  readonly block: number;
  /** The answer to the message. */
  readonly endOfData: number;
}

/** By the names under which they are set. */
export interface TimeoutSettings {
  readonly hostConnectTimeout: number;
  readonly hostGreetingTimeout: number;
  readonly hostCommandTimeout: number;
  readonly hostDataTimeout: number;
  readonly hostBlockTimeout: number;
  readonly hostEndOfDataTimeout: number;
}

export const timeoutsOf = (settings: TimeoutSettings): ClientTimeouts => ({
  connect: settings.hostConnectTimeout,
  greeting: settings.hostGreetingTimeout,
  command: settings.hostCommandTimeout,
  data: settings.hostDataTimeout,
  block: settings.hostBlockTimeout,
  endOfData: settings.hostEndOfDataTimeout,
});
