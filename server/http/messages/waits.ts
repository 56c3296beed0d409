// Waits for messages that are still to come: looked up by recipient, so that a thousand of them slow nothing.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Unsubscribe } from '../../base/events.ts';
import { contentOf } from '../../mail/content.ts';
import type { Content } from '../../mail/content.ts';
import { compile } from '../../store/match.ts';
import type { Matcher } from '../../store/match.ts';
import type { Query } from '../../store/query.ts';
import type { Kept } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';

export interface WaitOptions {
  readonly query: Query;
  /** How many must match. */
  readonly count: number;
  /** Milliseconds. */
  readonly timeout: number;
  /** Only messages that came after this one, or at this time (ms) or later, count. */
  readonly since: { readonly id: string } | { readonly time: number } | null;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}

/** How a wait ended; `messages` are all that matched, newest first. */
export interface WaitEnd {
  readonly how: 'arrived' | 'timeout' | 'left' | 'closed';
  readonly messages: readonly Kept[];
}

export interface Waits {
  /** How many are waiting. */
  readonly size: number;
  wait(options: WaitOptions): Promise<WaitEnd>;
  /** Ends all of them, `closed`. */
  close(): void;
}

interface Wait {
  readonly matcher: Matcher;
  readonly counts: (kept: Kept) => boolean;
  readonly count: number;
  readonly matched: Map<string, Kept>;
  /** While those that came before are still looked through, all of them are counted. */
  lookingBack: boolean;
  readonly end: (how: WaitEnd['how']) => void;
}

const FULL_ADDRESS = /^[^@\s*]+@[^@\s*]+$/;
const SLICE_MS = 8;

/** The recipient without which the query cannot match; null where there is no such. */
export function recipientOf(query: Query): string | null {
  const terms = query.kind === 'and' ? query.terms : [query];
  for (const term of terms) {
    if (term.kind === 'term' && (term.field === 'to' || term.field === 'rcpt') && FULL_ADDRESS.test(term.value))
      return term.value.toLowerCase();
  }
  return null;
}

/** Every address under which a wait for this message can stand. */
function addressesOf({ message: { envelope, header, refused } }: Kept): Set<string> {
  const found = new Set<string>();
  for (const { address } of envelope.recipients) found.add(address.toLowerCase());
  for (const { address } of header.to) found.add(address.toLowerCase());
  for (const { recipient } of refused) found.add(recipient.toLowerCase());
  return found;
}

/** A body is read for all waits at once, and only when one of them asks for it. */
function contentReader(store: Store, kept: Kept): () => Promise<Content | null> {
  let content: Promise<Content | null> | null = null;
  return () => (content ??= store.body(kept.message.id).then(contentOf, () => null)); // null: deleted meanwhile
}

export function createWaits(store: Store, report: (error: unknown) => void): Waits {
  const byRecipient = new Map<string, Set<Wait>>();
  const others = new Set<Wait>();
  const all = new Set<Wait>();

  function settle(wait: Wait): void {
    if (wait.matched.size < wait.count || (wait.lookingBack && wait.matcher.factsOnly)) return;
    // One that was deleted since it matched does not count any more.
    for (const id of wait.matched.keys()) if (!store.state.messages.has(id)) wait.matched.delete(id);
    if (wait.matched.size >= wait.count) wait.end('arrived');
  }

  function note(wait: Wait, kept: Kept): void {
    wait.matched.set(kept.message.id, kept);
    settle(wait);
  }

  /** Promise only where a body must be read. */
  function look(wait: Wait, kept: Kept, read: () => Promise<Content | null>): Promise<void> | undefined {
    if (!wait.counts(kept)) return undefined;
    const verdict = wait.matcher.facts(kept);
    if (verdict === true) note(wait, kept);
    if (verdict !== undefined) return undefined;
    return read().then((content) => {
      if (content && wait.matcher.content(kept, content)) note(wait, kept);
    });
  }

  function offer(kept: Kept): void {
    const read = contentReader(store, kept);
    const ask = (wait: Wait): void => void look(wait, kept, read)?.catch(report);
    others.forEach(ask);
    if (byRecipient.size > 0) for (const address of addressesOf(kept)) byRecipient.get(address)?.forEach(ask);
  }

  let listening: Unsubscribe | null = null;
  function listen(): void {
    listening ??= store.events.on((event) => {
      // A change can make a message match too: a tag, a mark.
      if ((event.type === 'message.added' || event.type === 'message.changed') && event.kept.captured) offer(event.kept);
    });
  }

  function enter(wait: Wait, recipient: string | null): void {
    all.add(wait);
    if (recipient === null) others.add(wait);
    else {
      const waiting = byRecipient.get(recipient);
      if (waiting) waiting.add(wait);
      else byRecipient.set(recipient, new Set([wait]));
    }
  }

  function leave(wait: Wait, recipient: string | null): void {
    all.delete(wait);
    others.delete(wait);
    if (recipient !== null && byRecipient.get(recipient)?.delete(wait) && byRecipient.get(recipient)?.size === 0)
      byRecipient.delete(recipient);
    if (all.size === 0) {
      listening?.();
      listening = null;
    }
  }

  /** What is there already counts. */
  async function lookBack(wait: Wait, since: WaitOptions['since']): Promise<void> {
    const { arrivals } = store.state;
    const first = since && 'id' in since ? arrivals.lowerBound(since.id) : 0;
    let until = performance.now() + SLICE_MS;
    for (const kept of arrivals.slice(first).reverse()) {
      if (!all.has(wait)) return;
      const reading = look(wait, kept, contentReader(store, kept));
      if (reading) await reading;
      if (performance.now() > until) {
        await nextTurn();
        until = performance.now() + SLICE_MS;
      }
    }
    wait.lookingBack = false;
    settle(wait);
  }

  return {
    get size() {
      return all.size;
    },
    wait({ query, count, timeout, since, signal }) {
      return new Promise((resolve) => {
        const recipient = recipientOf(query);
        const matched = new Map<string, Kept>();
        const timer = setTimeout(() => wait.end('timeout'), timeout);
        const left = (): void => wait.end('left');
        const wait: Wait = {
          matcher: compile(query, { now: store.clock.now() }),
          counts: ({ message }) => since === null || ('id' in since ? message.id > since.id : message.receivedAt >= since.time),
          count,
          matched,
          lookingBack: true,
          end(how) {
            if (!all.has(wait)) return;
            clearTimeout(timer);
            signal.removeEventListener('abort', left);
            leave(wait, recipient);
            const messages = [...matched.values()].filter(({ message }) => store.state.messages.has(message.id));
            resolve({ how, messages: messages.sort((a, b) => (a.message.id < b.message.id ? 1 : -1)) });
          },
        };
        enter(wait, recipient);
        listen();
        if (signal.aborted) left();
        else signal.addEventListener('abort', left);
        void lookBack(wait, since).catch(report);
      });
    },
    close() {
      for (const wait of [...all]) wait.end('closed');
    },
  };
}
