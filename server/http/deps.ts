// What the HTTP side is given: it knows the store and the sessions, and these functions for everything else.

import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { Events } from '../base/events.ts';
import type { MovableClock } from '../base/sandbox-clock.ts';
import type { Log } from '../base/log.ts';
import type { Queue } from '../delivery/queue/queue.ts';
import type { Sent } from '../delivery/send.ts';
import type { Arriving } from '../delivery/submit.ts';
import type { Receivers } from '../delivery/receivers/receivers.ts';
import type { Waiting } from '../delivery/receivers/waiting.ts';
import type { Faults } from '../faults/faults.ts';
import type { Hosts } from '../faults/hosts.ts';
import type { MessageId } from '../mail/message.ts';
import type { Session, SessionEvent } from '../net/session.ts';
import type { Refusals } from '../store/refusals.ts';
import type { Store } from '../store/store.ts';
import type { Info } from './contract/types.ts';

export interface SmtpMessage {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly raw: Buffer;
}

export interface SessionRegistry {
  readonly events: Events<SessionEvent>;
  get(id: string): Session | null;
  /** Newest first. */
  list(): readonly Session[];
  /** Ends a live session; false where it was over. */
  close(id: string): boolean;
  /** Forgets those that are over. */
  clear(): void;
}

export interface HttpSettings {
  /** The server's own name, for `by` in the origin of injected messages. */
  readonly name: string;
  readonly basePath: string;
  readonly allowedHosts: readonly string[];
  readonly corsOrigin: readonly string[];
  /** Addresses and networks. */
  readonly trustedProxies: readonly string[];
  /** `user:password`. */
  readonly auth: string | null;
  readonly token: string | null;
  /** Octets; 0 = unlimited. */
  readonly maxMessageSize: number;
  readonly mimeDepth: number;
  readonly mimeParts: number;
}

export interface HttpLimits {
  /** Octets of a request's body beyond `maxMessageSize`. */
  readonly bodyBeyondMessage: number;
  /** The longest wait, ms. */
  readonly wait: number;
  /** A wait that says nothing of it, ms. */
  readonly waitDefault: number;
  readonly waits: number;
  /** Events kept for readers that come back. */
  readonly events: number;
  readonly eventsPerFrame: number;
  /** The least time between two frames, ms. */
  readonly frameEvery: number;
  /** The least time between two events that tell of the same mailbox, ms. */
  readonly mailboxEvery: number;
  /** Between two events that tell how a session goes on, ms. */
  readonly sessionsEvery: number;
  /** Between two events that tell of the same fault or host, ms. */
  readonly sandboxEvery: number;
  /** What is due on the clock, as many of it as are told. */
  readonly pending: number;
  /** Unsent octets of a live reader from which it gets nothing more. */
  readonly unsent: number;
  /** Events per second from which such a reader gets a gap instead of what it missed. */
  readonly unsentRate: number;
  readonly readers: number;
  /** Between two signs of life on a live connection, ms. */
  readonly heartbeat: number;
  /** Silence on any connection, ms; longer than the longest wait. */
  readonly idle: number;
  /** For all of a request to arrive, ms. */
  readonly request: number;
  /** How long a stop waits for answers under way, ms. */
  readonly shutdown: number;
  readonly connections: number;
  /** Ids of deleted messages that are remembered, to answer `gone`. */
  readonly gone: number;
  /** At one time. */
  readonly imports: number;
  /** Octets of a zip file, which waits on disk until all of it is there. */
  readonly importZip: number;
  /** Octets of what a zip file says of its files: its directory, or an index in it. */
  readonly importIndex: number;
  /** Failures that an import names; of more it tells the number. */
  readonly importFailures: number;
}

export const HTTP_LIMITS: HttpLimits = {
  bodyBeyondMessage: 1024 * 1024,
  wait: 10 * 60_000,
  waitDefault: 10_000,
  waits: 10_000,
  events: 10_000,
  eventsPerFrame: 200,
  frameEvery: 5,
  mailboxEvery: 250,
  sessionsEvery: 500,
  sandboxEvery: 250,
  pending: 100,
  unsent: 1024 * 1024,
  unsentRate: 500,
  readers: 1_000,
  heartbeat: 20_000,
  idle: 11 * 60_000,
  request: 5 * 60_000,
  shutdown: 2_000,
  connections: 5_000,
  gone: 10_000,
  imports: 4,
  importZip: 4 * 1024 ** 3,
  importIndex: 64 * 1024 * 1024,
  importFailures: 1_000,
};

/** Folders of files that are served. */
export interface HttpFolders {
  /** The built page; null where it is not built. */
  readonly ui: string | null;
  /** Of `swagger-ui.css` and `swagger-ui-bundle.js`. */
  readonly docs: string | null;
}

export interface HttpDeps {
  readonly store: Store;
  readonly sessions: SessionRegistry;
  readonly refusals: Refusals;
  readonly faults: Faults;
  readonly hosts: Hosts;
  readonly receivers: Receivers;
  /** What is on its way to receivers; without a queue nothing is. */
  readonly waiting?: Waiting;
  readonly clock: MovableClock;
  readonly queue: Pick<Queue, 'deliveries' | 'open' | 'watch' | 'order' | 'orderAll'>;
  /** Of faults that say none. */
  readonly seed: number;
  /** Where a host that is no receiver's listens, or will again; null where it is none of ours. */
  listenerOf(host: string): { readonly addresses: readonly string[]; readonly port: number } | null;
  readonly settings: HttpSettings;
  readonly log: Log;
  /** Ids as the store's messages have them, for what is appended here. */
  readonly ids: () => string;
  /** Keeps a message; throws Refusal. */
  submit(message: Arriving): Promise<MessageId>;
  /** Sends a message to the submission server as a client would; throws Refusal with that server's words, and `SmtpRefusal` as details. */
  sendViaSmtp?(message: SmtpMessage): Promise<Sent>;
  info(): Info;
  /** Null where the certificate was not made here. */
  caPem(): Promise<string | null>;
  readonly limits?: Partial<HttpLimits>;
  readonly folders?: HttpFolders;
  /** Real time, ms: for what must end whatever the sandbox clock says. */
  readonly now?: () => number;
}

export interface HttpVariables {
  /** Where the request came from, and how the caller named this server. */
  peer: Peer;
}

export interface Peer {
  /** The caller's address; null where there is no socket. */
  readonly address: string | null;
  /** `address:port` of the socket. */
  readonly client: string | null;
  /** As in the Host field, lower case. */
  readonly host: string;
  readonly secure: boolean;
}

export interface HttpEnv {
  Bindings: Partial<HttpBindings>;
  Variables: HttpVariables;
}

export type HttpContext = Context<HttpEnv>;
export type HttpApp = Hono<HttpEnv>;
