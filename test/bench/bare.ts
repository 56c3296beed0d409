// The SMTP server alone, with a submit that keeps the bytes of the newest messages and does nothing else; a number asks for so many faults that meet nobody.

import { systemClock } from '../../server/base/clock.ts';
import { createIds } from '../../server/base/ids.ts';
import { pass } from '../../server/faults/decide.ts';
import { manyFaults } from './faults-list.ts';
import { createAdmission } from '../../server/net/admission.ts';
import { listen } from '../../server/net/listener.ts';
import { createSessions } from '../../server/net/sessions.ts';
import { createTls } from '../../server/net/tls.ts';
import { createSmtp } from '../../server/smtp/serve.ts';

const MB = 1024 * 1024;
const MAX_KEPT = 10_000;
const MAX_SIZE = 512 * MB;

const report = (error: unknown): void => void process.stderr.write(`${String(error)}\n`);
const ids = createIds();
let kept: Buffer[] = [];
let size = 0;
let inflight = 0;

const protocol = createSmtp({
  protocol: 'smtp',
  host: 'submission',
  settings: {
    name: 'mailrig.test',
    requireAuth: false,
    requireTls: false,
    accounts: 'any',
    senders: 'any',
    localDomains: [],
    lineEndings: 'keep',
    maxMessageSize: 50 * MB,
    maxRecipients: 1_000,
    maxCommandLine: 12_288,
    maxErrors: 100,
  },
  clock: systemClock,
  users: { listed: false, login: (user) => user, secretOf: () => null },
  inflight: {
    reserve: (octets) => (inflight + octets > 256 * MB ? false : ((inflight += octets), true)),
    release: (octets) => void (inflight -= octets),
  },
  decide: process.argv[2] === undefined ? pass : manyFaults(Number(process.argv[2])).decide,
  submit({ raw }) {
    kept.push(raw);
    size += raw.length;
    if (kept.length > MAX_KEPT * 1.1 || size > MAX_SIZE) {
      kept = kept.slice(-Math.min(MAX_KEPT, kept.length >> 1));
      size = kept.reduce((sum, body) => sum + body.length, 0);
    }
    return Promise.resolve(ids());
  },
  refused: () => undefined,
});

const tls = createTls({ cert: null, key: null, names: [] });
const sessions = createSessions({
  clock: systemClock,
  ids,
  limits: { maxSessions: 1_000, maxTranscriptLines: 1_000, maxTranscriptSize: 32 * MB },
  report,
});

const listener = await listen({
  protocol,
  addresses: ['127.0.0.1'],
  port: 0,
  tls: 'starttls',
  secureContext: tls.context,
  host: 'submission',
  idleTimeout: 300_000,
  admission: createAdmission({ maxConnections: 1_000, maxConnectionsPerClient: 0 }),
  sessions,
  report,
});
process.stdout.write(`listening ${listener.port}\n`);
process.once('SIGTERM', () => void listener.close(1_000).then(() => process.exit(0)));
