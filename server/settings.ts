// Every setting there is: one table that makes the flags, the environment variables, the keys of the file and `/info`.

import { LOG_LEVELS } from './base/log.ts';
import type { LogLevel } from './base/log.ts';
import type { FaultsSetting, Kind, ListenerSetting, SmtpListener, WrittenReceivers } from './values.ts';
import {
  age,
  anyNumber,
  count,
  duration,
  faults,
  file,
  flag,
  hostName,
  hosts,
  listeners,
  login,
  networks,
  oneOf,
  optional,
  origins,
  path,
  port,
  positive,
  receivers,
  size,
  smtpListeners,
  text,
  time,
} from './values.ts';

/** The whole configuration, frozen. Lengths of time are milliseconds, sizes are octets, `0` is unlimited in every `max…`. */
export interface Config {
  readonly host: readonly string[];
  readonly smtpPort: number;
  readonly smtpsPort: number;
  readonly httpPort: number;
  readonly imapPort: number;
  readonly imapsPort: number;
  readonly pop3Port: number;
  readonly pop3sPort: number;
  readonly lmtpPort: number | null;
  readonly smtp: readonly SmtpListener[] | null;
  readonly imap: readonly ListenerSetting[] | null;
  readonly pop3: readonly ListenerSetting[] | null;
  readonly proxyFrom: readonly string[];
  readonly name: string;
  readonly basePath: string;
  readonly requireAuth: boolean;
  readonly requireTls: boolean;
  readonly accounts: 'any' | 'listed';
  readonly senders: 'any' | 'own';
  readonly localDomains: readonly string[];
  readonly lineEndings: 'keep' | 'strict';
  readonly users: string | null;
  readonly popLock: boolean;
  readonly traceHeaders: boolean;
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  readonly tlsName: readonly string[];
  readonly data: string | null;
  readonly durability: 'process' | 'power';
  readonly maxMessages: number;
  readonly maxAge: number | null;
  readonly maxSize: number | null;
  readonly maxDeliveries: number;
  readonly maxMessageSize: number;
  readonly maxInflight: number;
  readonly maxRecipients: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerClient: number;
  readonly maxCommandLine: number;
  readonly maxImapLine: number;
  readonly maxLiteral: number;
  readonly maxErrors: number;
  readonly maxSessions: number;
  readonly maxTranscriptLines: number;
  readonly maxTranscriptSize: number;
  readonly mimeDepth: number;
  readonly mimeParts: number;
  readonly idleTimeout: number;
  readonly imapIdleTimeout: number;
  readonly pop3IdleTimeout: number;
  readonly shutdownTimeout: number;
  readonly allowedHosts: readonly string[];
  readonly corsOrigin: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly auth: string | null;
  readonly token: string | null;
  readonly faults: FaultsSetting | null;
  readonly receivers: WrittenReceivers | null;
  readonly receiverPort: number;
  readonly maxReceivers: number;
  readonly seed: number;
  readonly magicAddresses: boolean;
  readonly maxFaults: number;
  readonly maxFaultKeys: number;
  readonly maxFaultHits: number;
  readonly clockNow: number | null;
  readonly clockFrozen: boolean;
  readonly maxClockEvents: number;
  readonly clockTimeout: number;
  readonly maxHostConnections: number;
  readonly hostRest: number;
  readonly hostConnectTimeout: number;
  readonly hostGreetingTimeout: number;
  readonly hostCommandTimeout: number;
  readonly hostDataTimeout: number;
  readonly hostBlockTimeout: number;
  readonly hostEndOfDataTimeout: number;
  readonly logLevel: LogLevel;
}

export type SettingName = keyof Config;

export interface Setting<T> extends Kind<T> {
  readonly group: string;
  readonly description: string;
  readonly default: T;
  /** The default in an embedded server, where it differs. */
  readonly embedded?: T;
  /** Has a structure that a flag cannot carry. */
  readonly fileOnly?: true;
  /** Shown to nobody. */
  readonly secret?: true;
}

type Extra<T> = Partial<Pick<Setting<T>, 'embedded' | 'fileOnly' | 'secret'>>;
const inGroup =
  (group: string) =>
  <T>(kind: Kind<T>, fallback: NoInfer<T>, description: string, extra: Extra<NoInfer<T>> = {}): Setting<T> => ({
    ...kind,
    group,
    description,
    default: fallback,
    ...extra,
  });

const KB = 1024;
const MB = 1024 * KB;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

const listening = inGroup('Where it listens');
const smtp = inGroup('What SMTP asks of clients');
const reading = inGroup('Accounts');
const tls = inGroup('Certificates');
const keeping = inGroup('What is kept (0 = unlimited)');
const limits = inGroup('Limits (0 = unlimited)');
const times = inGroup('Times');
const web = inGroup('Web page and HTTP API');
const wrong = inGroup('Faults, receivers and the clock');
const queue = inGroup('Queue');
const logs = inGroup('Log');

export const settings: { readonly [K in SettingName]: Setting<Config[K]> } = {
  host: listening(hosts, ['127.0.0.1', '::1'], 'addresses to listen on; 0.0.0.0 is every IPv4 address'),
  smtpPort: listening(port, 1025, 'SMTP, with STARTTLS', { embedded: 0 }),
  smtpsPort: listening(port, 1465, 'SMTP with TLS from the first byte', { embedded: 0 }),
  httpPort: listening(port, 8025, 'web page, HTTP API and WebSocket', { embedded: 0 }),
  imapPort: listening(port, 1143, 'IMAP, with STARTTLS', { embedded: 0 }),
  imapsPort: listening(port, 1993, 'IMAP with TLS from the first byte', { embedded: 0 }),
  pop3Port: listening(port, 1110, 'POP3, with STLS', { embedded: 0 }),
  pop3sPort: listening(port, 1995, 'POP3 with TLS from the first byte', { embedded: 0 }),
  lmtpPort: listening(optional(port), null, 'LMTP, as a mail server delivers to it; off without'),
  smtp: listening(smtpListeners, null, 'SMTP listeners in place of smtpPort and smtpsPort', { fileOnly: true }),
  imap: listening(listeners, null, 'IMAP listeners in place of imapPort and imapsPort', { fileOnly: true }),
  pop3: listening(listeners, null, 'POP3 listeners in place of pop3Port and pop3sPort', { fileOnly: true }),
  proxyFrom: listening(networks, [], 'proxies whose PROXY line (version 1 or 2) names the client; it must be there'),

  name: smtp(hostName, 'mailrig.test', "the server's own name, in its greeting and in Received fields"),
  requireAuth: smtp(flag, false, 'refuse mail before a login'),
  requireTls: smtp(flag, false, 'refuse mail and logins without TLS'),
  accounts: smtp(oneOf('any', 'listed'), 'any', 'recipients that exist: every address, or those of --users'),
  senders: smtp(oneOf('any', 'own'), 'any', 'senders of who has logged in: every address, or the own one'),
  localDomains: smtp(hosts, [], 'domains that mail is taken for; every one without'),
  lineEndings: smtp(oneOf('keep', 'strict'), 'keep', 'bare CR or LF in a message: keep it as it is, or refuse the message'),
  users: reading(optional(file), null, 'file of those who may log in, lines of name:password; anybody without'),
  popLock: reading(flag, true, 'one POP3 session of an account at a time, as on a real server'),
  traceHeaders: reading(flag, true, "write Return-Path, Delivered-To and Received before an account's copy"),

  tlsCert: tls(optional(file), null, 'certificate chain (PEM) instead of one made at the first start'),
  tlsKey: tls(optional(file), null, 'private key (PEM) of --tls-cert'),
  tlsName: tls(hosts, [], 'more names for the certificate that is made, beside localhost and --name'),

  data: keeping(optional(file), null, 'folder in which everything is kept; in memory without'),
  durability: keeping(
    oneOf('process', 'power'),
    'process',
    'what an acknowledged message survives: a killed process, or a loss of power too',
  ),
  maxMessages: keeping(count, 10_000, 'messages; the oldest go first'),
  maxAge: keeping(age, null, 'age of a message, in real time'),
  maxSize: keeping(optional(size), null, 'size of all messages together; 512mb in memory, unlimited with --data'),
  maxDeliveries: keeping(count, 100_000, 'deliveries with their attempts; of those that are over the oldest go first'),
  maxSessions: keeping(count, 1000, 'transcripts of conversations'),
  maxTranscriptLines: keeping(count, 1000, 'lines of one transcript'),
  maxTranscriptSize: keeping(size, 32 * MB, 'size of all transcripts together'),

  maxMessageSize: limits(size, 50 * MB, 'size of one message'),
  maxInflight: limits(size, 256 * MB, 'size of all messages that are arriving at one time'),
  maxRecipients: limits(count, 1000, 'recipients of one message'),
  maxConnections: limits(count, 1000, 'connections at one time'),
  maxConnectionsPerClient: limits(count, 0, 'connections at one time from one address'),
  maxCommandLine: limits(size, 12 * KB, 'length of one command'),
  maxImapLine: limits(size, 64 * KB, 'the same in IMAP, whose lists of messages are long'),
  maxLiteral: limits(size, 1 * MB, 'size of one literal in an IMAP command, appended messages excepted'),
  maxErrors: limits(count, 100, 'errors in one session before it is closed'),
  mimeDepth: limits(positive, 100, 'levels of nested MIME parts that are looked into'),
  mimeParts: limits(positive, 10_000, 'MIME parts of one message that are looked into'),

  idleTimeout: times(duration, 5 * MINUTE, 'silence of an SMTP client before its connection is closed'),
  imapIdleTimeout: times(duration, 30 * MINUTE, 'the same of an IMAP client'),
  pop3IdleTimeout: times(duration, 10 * MINUTE, 'the same of a POP3 client'),
  shutdownTimeout: times(duration, 5 * SECOND, 'how long a stop waits for open conversations'),

  basePath: web(path, '/', 'path under which everything lies'),
  auth: web(optional(login), null, 'ask for this login', { secret: true }),
  token: web(optional(text), null, 'let programs in with this bearer token', { secret: true }),
  allowedHosts: web(hosts, [], 'more names in the Host header, beside addresses, localhost and names without a dot'),
  corsOrigin: web(origins, [], 'other origins whose pages may use the API'),
  trustedProxies: web(networks, [], 'proxies whose X-Forwarded headers are believed'),

  faults: wrong(
    optional(faults),
    null,
    'file of faults, receivers and states of hosts to begin with (JSON or YAML); in settings also the content',
  ),
  receivers: wrong(optional(receivers), null, 'receivers to begin with: by domain, each with `hosts`', { fileOnly: true }),
  receiverPort: wrong(port, 20_000, "first of the ports that receivers' hosts are given (0 = anywhere from 20000 to 29999)", {
    embedded: 0,
  }),
  maxReceivers: wrong(count, 1_000, 'receivers at one time (0 = unlimited)'),
  seed: wrong(anyNumber, 1, 'what decides where a fault has a probability: the same seed, the same outcome'),
  magicAddresses: wrong(flag, true, 'take tags of addresses for faults, as in jo+rcpt-450@shop.test; those of *.fault.test always are'),
  maxFaults: wrong(count, 10_000, 'faults at one time, and kinds of addresses that are some (0 = unlimited)'),
  maxFaultKeys: wrong(count, 100_000, 'recipients, or what else it counts by, that one fault remembers (0 = unlimited)'),
  maxFaultHits: wrong(count, 200, 'hits that are kept of each fault (0 = unlimited)'),
  clockNow: wrong(optional(time), null, "time at which the sandbox's clock begins; the real one without"),
  clockFrozen: wrong(flag, false, "let the sandbox's clock stand until somebody moves it"),
  maxClockEvents: wrong(count, 1_000_000, 'what one move of the clock may run (0 = unlimited)'),
  clockTimeout: wrong(duration, MINUTE, 'how long one move of the clock may take, in real time'),

  maxHostConnections: queue(count, 20, 'connections to one host at one time (0 = unlimited)'),
  hostRest: queue(
    duration,
    SECOND / 2,
    "how long a host that could not be reached, or served nobody, is not dialled again, on the sandbox's clock",
  ),
  hostConnectTimeout: queue(duration, 30 * SECOND, 'how long a host may take to be connected to, in real time'),
  hostGreetingTimeout: queue(duration, 5 * MINUTE, 'the same of its greeting'),
  hostCommandTimeout: queue(duration, 5 * MINUTE, 'the same of its answer to a command, and of a TLS handshake'),
  hostDataTimeout: queue(duration, 2 * MINUTE, 'the same of its answer to DATA'),
  hostBlockTimeout: queue(duration, 3 * MINUTE, 'the same of each 64 KB of a message, until they are on their way'),
  hostEndOfDataTimeout: queue(duration, 10 * MINUTE, 'the same of its answer to a message'),

  logLevel: logs(oneOf(...LOG_LEVELS), 'info', 'the least that is written to standard error', { embedded: 'warn' }),
};

export const settingNames = Object.keys(settings) as readonly SettingName[];

const inWords = (name: string, join: string): string => name.replace(/[A-Z]/g, (letter) => join + letter);

/** `smtpPort` → `--smtp-port` */
export const flagOf = (name: string): string => `--${inWords(name, '-').toLowerCase()}`;

/** `smtpPort` → `MAILRIG_SMTP_PORT` */
export const variableOf = (name: string): string => `MAILRIG_${inWords(name, '_').toUpperCase()}`;
