// When a delivery is tried again, warned of, given up: the sender's policy as data (RFC 5321 §4.5.4.1).

/** Which failures make the next host be tried: any temporary one, as Postfix and Exim do, or only those of the connection, as Haraka does. */
export type Failover = 'transient' | 'connection';

/** `required`: never in clear; `verified`: nor with a certificate that is not to be trusted. */
export type TlsPolicy = 'none' | 'opportunistic' | 'required' | 'verified';

export type Dialect = 'standard' | 'postfix' | 'exim' | 'exchange';

export const PROFILE_NAMES = ['sandbox', 'rfc5321', 'postfix', 'exim', 'sendmail', 'exchange-online', 'instant'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** As it is written; what is left out is the profile's. */
export interface WrittenPolicy {
  readonly profile?: ProfileName;
  /** `"5m,10m,20m*3,1h*4"`: the waits between tries; the last one stays until it is given up. */
  readonly schedule?: string;
  readonly giveUpAfter?: string | number;
  readonly warnAfter?: string | number | null;
  readonly failover?: Failover;
  readonly tls?: TlsPolicy;
  readonly dialect?: Dialect;
}

/** Times are ms. */
export interface Policy {
  /** Empty: one try. */
  readonly waits: readonly number[];
  readonly giveUpAfter: number;
  readonly warnAfter: number | null;
  readonly failover: Failover;
  readonly tls: TlsPolicy;
  readonly dialect: Dialect;
}
