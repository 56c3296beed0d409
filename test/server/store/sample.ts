// A store filled the way real mail fills it: through submit, with a clock that stands still.

import type { Clock } from '../../../server/base/clock.ts';
import { createIds } from '../../../server/base/ids.ts';
import { createSubmit } from '../../../server/delivery/submit.ts';
import type { Origin } from '../../../server/mail/message.ts';
import type { RetentionLimits } from '../../../server/store/retention.ts';
import type { Store } from '../../../server/store/store.ts';
import { inMemory, openStore } from '../../../server/store/store.ts';

export const NOON = Date.UTC(2026, 10, 24, 12);

export const ORIGIN: Origin = {
  source: 'smtp',
  sessionId: 's1',
  client: '127.0.0.1:50000',
  user: null,
  host: 'submission',
  helo: 'client.test',
  protocol: 'ESMTP',
  by: 'mailrig.test',
};

export interface Sample {
  readonly store: Store;
  readonly clock: Clock & { time: number };
  readonly full: string[];
  /** Sends one message; the raw text is made from the header given. */
  send(options?: SendOptions): Promise<string>;
}

export interface SendOptions {
  readonly sender?: string;
  readonly to?: readonly string[];
  readonly header?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly origin?: Partial<Origin>;
}

const UNLIMITED: RetentionLimits = { maxMessages: 0, maxSize: 0, maxAge: 0 };

/** `parts` are those of a store in memory unless given; a reopened one goes on after its newest id. */
export async function openSample(limits: Partial<RetentionLimits> = {}, parts = inMemory()): Promise<Sample> {
  const clock = { time: NOON, now: () => clock.time };
  const full: string[] = [];
  const report = (error: unknown): never => {
    throw error;
  };
  const store = await openStore({ ...parts, clock, openedAt: NOON, report });
  store.events.on((event) => event.type === 'storage.full' && full.push(event.limit));
  const submit = createSubmit({
    store,
    ids: createIds(() => clock.time, store.state.newestId),
    limits: { ...UNLIMITED, ...limits },
  });
  return {
    store,
    clock,
    full,
    send({ sender = 'app@client.test', to = ['jo@shop.test'], header = {}, text = 'hello', origin = {} } = {}) {
      const fields = { From: `<${sender}>`, To: to.join(', '), Subject: 'A subject', ...header };
      const raw = `${Object.entries(fields)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n${text}\r\n`;
      const recipients = to.map((address) => ({ address }));
      return submit({ envelope: { sender, recipients }, refused: [], raw: Buffer.from(raw), origin: { ...ORIGIN, ...origin } });
    },
  };
}
