import { expect, it } from 'vitest';
import type { Info } from '../../../../server/http/contract/types.ts';
import { used } from '../../../../ui/screens/frame/fullness.ts';

const info = (settings: Record<string, unknown>): Info => ({
  name: 'mailrig',
  version: '1.0.0',
  ports: { smtp: 1, smtps: 2, http: 3, imap: null, imaps: null, pop3: null, pop3s: null, lmtp: null, dns: null },
  listeners: [],
  settings: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, { value, source: 'flag' }])),
  index: { pending: 0 },
  storage: { messages: 10_000, octets: 1_400_000, full: null },
  faults: 0,
  clock: { now: '2026-02-02T00:00:00.000Z', mode: 'real', offsetMs: 0 },
});

it.each<[Record<string, unknown>, string, string]>([
  [{ maxMessages: 10_000 }, 'maxMessages', '10,000 of 10,000 messages'],
  [{ maxMessages: 0 }, 'maxMessages', '10,000 messages, no limit'],
  [{ maxSize: 512_000_000 }, 'maxSize', '1.4 MB of 512 MB'],
  [{ maxSize: null }, 'maxSize', '1.4 MB'],
  [{ data: '/srv/mail' }, 'data', 'the disk of /srv/mail'],
  [{}, 'maxSomething', 'maxSomething'],
])('with %j the limit %s says: %s', (settings, name, words) => {
  expect(used(info(settings), name)).toBe(words);
});
