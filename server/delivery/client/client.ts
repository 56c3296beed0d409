// A client of one receiver's host: batch after batch over one connection, and what became of each recipient (RFC 5321 §3, §4.5.4).

import { networkList } from '../../base/networks.ts';
import { badRecipient, commandsFor } from './commands.ts';
import { open } from './opening.ts';
import type { ClientOptions, Opened } from './opening.ts';
import type { Batch, Conversation, Outcome, Target } from './outcome.ts';
import { transact } from './transaction.ts';
import type { Outcomes } from './transaction.ts';
import { Failed, isFinal } from './verdict.ts';

export interface Client {
  /** One at a time. Never rejects for what a host or the network does; after a connection was lost the next one begins a new one. */
  converse(batch: Batch): Promise<Conversation>;
  /** Says QUIT; what has been delivered stays so, whatever comes of it. */
  close(): Promise<void>;
}

const isLoopback = networkList(['127.0.0.0/8', '::1']);

export function openClient(target: Target, options: ClientOptions): Client {
  if (!isLoopback(target.address)) throw new Error(`${target.address} is no loopback address`);
  const { timeouts } = options;
  let opened: Opened | null = null;
  /** What was said over the connection may stand in the way of the next transaction. */
  let used = false;
  let client: string | null = null;

  const begin = async (): Promise<Opened> => {
    const { dialled } = options;
    client = null;
    const known = (address: string): void => {
      client = address;
      dialled?.(address);
    };
    opened = await open(target, { ...options, dialled: known });
    options.served?.();
    return opened;
  };

  /** A connection that rested may be gone by now, and one that will not be reset is not used again: nothing is lost by a new one. */
  async function ready(): Promise<Opened> {
    if (opened === null) return begin();
    if (!used) return opened;
    const { wire } = opened;
    try {
      wire.write('RSET\r\n');
      if (isFinal(await wire.reply('mail', timeouts.command))) return opened;
    } catch (error) {
      if (!(error instanceof Failed) || options.signal?.aborted) throw error;
    }
    await close();
    return begin();
  }

  async function carryOut(batch: Batch, outcomes: Outcomes): Promise<void> {
    let waiting: readonly number[] = [...batch.recipients.keys()].filter((i) => outcomes[i] === null);
    while (waiting.length > 0) {
      const { wire, offers } = await ready();
      const commands = commandsFor(batch, offers);
      if ('outcome' in commands) throw new Failed(commands);
      used = true;
      const now = options.single ? waiting : waiting.slice(0, offers.maxRecipients);
      const again = await transact({ wire, offers, batch, commands, timeouts, outcomes, single: options.single ?? false }, now);
      waiting = [...again, ...waiting.slice(now.length)];
    }
  }

  async function close(): Promise<void> {
    const closing = opened;
    opened = null;
    used = false;
    await closing?.wire.quit(timeouts.command);
  }

  /** Nothing can be said over it any more. */
  function drop(): void {
    opened?.wire.close();
    opened = null;
    used = false;
  }

  return {
    async converse(batch): Promise<Conversation> {
      const began = performance.now();
      const outcomes: Outcomes = batch.recipients.map(badRecipient);
      let failed: Outcome | null = null;
      try {
        if (outcomes.includes(null)) await carryOut(batch, outcomes);
      } catch (error) {
        if (!(error instanceof Failed)) throw error;
        failed = error.outcome;
      }
      const durationMs = performance.now() - began;
      if (failed?.lost) drop();
      return {
        outcomes: outcomes.map((outcome) => outcome ?? failed ?? bug()),
        client,
        durationMs,
        open: opened?.wire.alive ?? false,
      };
    },
    close,
  };
}

function bug(): never {
  throw new Error('a recipient without an outcome');
}
