// A TLS handshake that a fault spoils: octets that are no TLS, an alert, or a certificate that is not to be trusted.

import type { Decision } from '../faults/decide.ts';
import type { Connection } from './connection.ts';
import { strike } from './strike.ts';
import type { Said } from './part.ts';

/** What the client gets in the place of a ServerHello; the alert is a fatal handshake_failure (RFC 8446 §6). */
const ANSWERS: Readonly<Record<'garbage' | 'alert', Buffer>> = {
  garbage: Buffer.from('This is no TLS at all\r\n'),
  alert: Buffer.from([21, 3, 3, 0, 2, 2, 40]),
};

async function shake(connection: Connection, { modifiers: { tls, certificate }, faultId }: Decision): Promise<boolean> {
  if (tls === undefined) {
    if (certificate !== undefined) connection.session.record('rig', `certificate: ${certificate}`, null, faultId);
    await connection.startTls('', certificate);
    return true;
  }
  // A server that answers before it was greeted may not be understood.
  await connection.more();
  connection.session.record('rig', `TLS ${tls}`, null, faultId);
  connection.session.failed(`TLS ${tls}`);
  connection.writeOctets(ANSWERS[tls]);
  return false;
}

/** The handshake, after whatever announces it; false where the connection is to end instead. Throws ConnectionEnded. */
export async function startTls(connection: Connection, decision: Decision): Promise<boolean> {
  let goesOn = true;
  await strike<Said>(connection, decision, {
    async run() {
      goesOn = await shake(connection, decision);
      return null;
    },
    // There is nobody yet who could be told anything.
    async say() {
      goesOn = await shake(connection, decision);
      return null;
    },
    end() {
      goesOn = false;
      connection.session.failed(`ended by fault ${decision.faultId}`);
    },
  });
  return goesOn;
}
