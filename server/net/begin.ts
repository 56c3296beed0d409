// What comes before anything is said: the connection itself, and TLS where that comes first.

import type { Decision } from '../faults/decide.ts';
import type { Connection } from './connection.ts';
import { startTls } from './spoilt.ts';
import { strike } from './strike.ts';
import type { Said } from './part.ts';

/** `go` is the line that announces it. False where a fault ends the connection instead. Throws ConnectionEnded. */
export async function handshake(connection: Connection, decision: Decision | null, go = ''): Promise<boolean> {
  if (decision === null) {
    await connection.startTls(go);
    return true;
  }
  if (go !== '') {
    connection.forget();
    connection.writeLine(go);
  }
  return startTls(connection, decision);
}

/** False where a fault has ended the connection already. Throws ConnectionEnded. */
export async function begin(connection: Connection, ask: (stage: 'connect' | 'tls') => Decision | null): Promise<boolean> {
  let goesOn = true;
  const decision = ask('connect');
  const end = (): void => {
    goesOn = false;
    connection.session.failed(`ended by fault ${decision?.faultId}`);
  };
  if (decision !== null) await strike<Said>(connection, decision, { run: () => null, say: () => null, end });
  return goesOn && (!connection.awaitsTls || (await handshake(connection, ask('tls'))));
}
