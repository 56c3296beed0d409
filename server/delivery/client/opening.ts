// From a connection to one that takes mail: greeting, EHLO or HELO, TLS as the policy wants it (RFC 5321 §3.1, §3.2, RFC 3207).

import { isIP } from 'node:net';
import { checkServerIdentity, createSecureContext } from 'node:tls';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import { asciiName } from '../../base/host-name.ts';
import type { Offers } from './offers.ts';
import { NO_OFFERS, offersOf } from './offers.ts';
import type { Target } from './outcome.ts';
import type { Reply } from './reply.ts';
import type { ClientTimeouts } from './timeouts.ts';
import { Failed, heard, isFinal, unsaid } from './verdict.ts';
import { Wire } from './wire.ts';

export interface ClientOptions {
  /** Said in EHLO. */
  readonly name: string;
  readonly timeouts: ClientTimeouts;
  /** With the authorities that `verified` trusts; asked for when TLS begins. */
  readonly secure: () => Promise<SecureContext>;
  /** One transaction for all recipients of a batch: who is one too many is refused. */
  readonly single?: true;
  /** Ends everything at once. */
  readonly signal?: AbortSignal;
  /** Called when the connection is made, before anything is said over it: by our side's `address:port` the host knows whose mail it is. */
  readonly dialled?: (client: string) => void;
  /** Called when the host serves us: all that is left to say is mail. */
  readonly served?: () => void;
}

export interface Opened {
  readonly wire: Wire;
  readonly offers: Offers;
}

const startsClass = ({ code }: Reply, digit: number): boolean => Math.floor(code / 100) === digit;

async function hello(wire: Wire, { name, timeouts }: ClientOptions): Promise<Offers> {
  wire.write(`EHLO ${name}\r\n`);
  const extended = await wire.reply('ehlo', timeouts.command);
  if (isFinal(extended)) return offersOf(extended);
  // A host that is busy is not asked again in other words.
  if (!startsClass(extended, 5)) throw new Failed(heard('ehlo', extended));
  wire.write(`HELO ${name}\r\n`);
  const plain = await wire.reply('ehlo', timeouts.command);
  if (isFinal(plain)) return NO_OFFERS;
  throw new Failed(heard('ehlo', plain));
}

/** Where any certificate will do; one for all connections, since making one takes its time. */
let context: SecureContext | undefined;
const anyContext = (): SecureContext => (context ??= createSecureContext({ ca: [] }));

/** A host that is named by its address is not named in the handshake (RFC 6066 §3), but its certificate is to name it all the same. */
function tlsTo(host: string, secureContext: SecureContext, verified: boolean): ConnectionOptions {
  const name = asciiName(host);
  return {
    secureContext,
    servername: isIP(name) === 0 ? name : '',
    rejectUnauthorized: verified,
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
  };
}

/** Asks for TLS; answers the reply that refuses it. */
async function startTls(wire: Wire, { name, tls }: Target, { timeouts, secure }: ClientOptions): Promise<Reply | null> {
  wire.write('STARTTLS\r\n');
  const answer = await wire.reply('starttls', timeouts.command);
  if (!isFinal(answer)) return answer;
  const verified = tls === 'verified';
  await wire.startTls(tlsTo(name, verified ? await secure() : anyContext(), verified), timeouts.command);
  return null;
}

const MUST = new Set<Target['tls']>(['required', 'verified']);

async function greet(wire: Wire, target: Target, options: ClientOptions): Promise<Offers> {
  const greeting = await wire.reply('banner', options.timeouts.greeting);
  // A host that serves nobody: the next one may, and so may this one later (Postfix: smtp_skip_5xx_greeting).
  if (!isFinal(greeting)) throw new Failed(heard('banner', greeting, 'transient'));
  const offers = await hello(wire, options);
  if (target.tls === 'none') return offers;
  const must = MUST.has(target.tls);
  if (!offers.startTls) {
    if (must) throw new Failed(unsaid('transient', 'starttls', '4.7.4', 'TLS is required, and not offered by the host'));
    return offers;
  }
  const refused = await startTls(wire, target, options);
  if (refused === null) return hello(wire, options);
  if (must) throw new Failed(heard('starttls', refused, 'transient'));
  return offers;
}

async function attempt(target: Target, options: ClientOptions): Promise<Opened> {
  const { address, port } = target;
  const { timeouts, signal = null } = options;
  const wire = await Wire.dial({ address, port, timeout: timeouts.connect, signal });
  try {
    if (wire.client !== null) options.dialled?.(wire.client);
    return { wire, offers: await greet(wire, target, options) };
  } catch (error) {
    await wire.quit(timeouts.command);
    throw error;
  }
}

const TLS_STAGES = new Set<string>(['starttls', 'tls']);

/** Nothing was answered where TLS was to begin. */
const lostToTls = (error: unknown): boolean =>
  error instanceof Failed && TLS_STAGES.has(error.outcome.stage) && error.outcome.code === null;

/** Throws Failed. Where TLS is only wished for and comes to nothing, the host is asked again in clear. */
export async function open(target: Target, options: ClientOptions): Promise<Opened> {
  try {
    return await attempt(target, options);
  } catch (error) {
    if (target.tls !== 'opportunistic' || options.signal?.aborted || !lostToTls(error)) throw error;
    return attempt({ ...target, tls: 'none' }, options);
  }
}
