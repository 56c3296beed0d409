// Where in a conversation a fault can step in, by protocol.

export type FaultProtocol = 'smtp' | 'imap' | 'pop3';

/** `any` is every command, those without a stage of their own too. */
export const STAGES = {
  smtp: [
    'connect',
    'banner',
    'ehlo',
    'starttls',
    'tls',
    'auth',
    'mail',
    'rcpt',
    'data',
    'body',
    'end-of-data',
    'bdat',
    'rset',
    'noop',
    'quit',
    'any',
  ],
  imap: ['connect', 'greeting', 'starttls', 'tls', 'login', 'select', 'fetch', 'idle', 'append', 'store', 'search', 'quit', 'any'],
  pop3: ['connect', 'greeting', 'starttls', 'tls', 'login', 'retr', 'dele', 'quit', 'any'],
} as const satisfies Readonly<Record<FaultProtocol, readonly string[]>>;

/** The servers that a rule without a host is meant for. */
const SERVERS: Readonly<Record<string, FaultProtocol>> = { submission: 'smtp', lmtp: 'smtp', imap: 'imap', pop3: 'pop3' };

/** Undefined for a host that is not built in. */
export const protocolOf = (host: string): FaultProtocol | undefined => (Object.hasOwn(SERVERS, host) ? SERVERS[host] : undefined);

export type Stage = (typeof STAGES)[FaultProtocol][number];
