// A listener with a small protocol of its own, for tests of what every protocol is given.

import { createIds } from '../../../server/base/ids.ts';
import { createAdmission } from '../../../server/net/admission.ts';
import type { AdmissionLimits } from '../../../server/net/admission.ts';
import type { Connection } from '../../../server/net/connection.ts';
import { ConnectionEnded } from '../../../server/net/ended.ts';
import type { EndReason } from '../../../server/net/ended.ts';
import { listen } from '../../../server/net/listener.ts';
import type { Listener, ListenOptions, Serve } from '../../../server/net/listener.ts';
import { createSessions } from '../../../server/net/sessions.ts';
import type { Sessions } from '../../../server/net/sessions.ts';
import { createTls } from '../../../server/net/tls.ts';

export const tls = createTls({ cert: null, key: null, names: [] });

export interface Rig extends AsyncDisposable {
  readonly listener: Listener;
  readonly sessions: Sessions;
  readonly errors: unknown[];
  readonly ca: string;
  /** Why each connection ended, in order. */
  readonly ends: EndReason[];
}

/** Says what it was told; `begin` opens a transaction, `end` closes it. */
const echo: Serve = async (connection) => {
  let idle = true;
  connection.writeLine('hello');
  for (;;) {
    const line = connection.tryLine(1_000);
    if (line === undefined) {
      await connection.more(idle);
      continue;
    }
    if (line === 'bug') throw new Error('a bug');
    if (line === 'quit') return;
    if (line === 'begin' || line === 'end') idle = line === 'end';
    connection.writeLine(line);
  }
};

export async function startNet(options: Partial<ListenOptions> & { limits?: Partial<AdmissionLimits>; talk?: Serve } = {}): Promise<Rig> {
  const { limits, talk = echo, ...rest } = options;
  const errors: unknown[] = [];
  const ends: EndReason[] = [];
  const report = (error: unknown): void => void errors.push(error);
  const sessions = createSessions({
    clock: { now: () => 1 },
    ids: createIds(),
    limits: { maxSessions: 100, maxTranscriptLines: 100, maxTranscriptSize: 0 },
    report,
  });
  const serve = async (connection: Connection): Promise<void> => {
    if (connection.awaitsTls) await connection.startTls();
    try {
      await talk(connection);
    } catch (error) {
      if (error instanceof ConnectionEnded) ends.push(error.reason);
      if (error instanceof ConnectionEnded && error.reason !== 'client') connection.writeLine(`bye ${error.reason}`);
      throw error;
    }
  };
  const listener = await listen({
    protocol: { name: 'smtp', serve, busy: 'busy\r\n' },
    addresses: ['127.0.0.1'],
    port: 0,
    tls: 'none',
    secureContext: tls.context,
    host: 'test',
    idleTimeout: 60_000,
    admission: createAdmission({ maxConnections: 0, maxConnectionsPerClient: 0, ...limits }),
    sessions,
    report,
    ...rest,
  });
  const ca = (await tls.caPem()) ?? '';
  return { listener, sessions, errors, ends, ca, [Symbol.asyncDispose]: () => listener.close(0) };
}
