// Sending one message to one SMTP server, as any client would, and hearing in that server's own words what became of it.

import { createSecureContext } from 'node:tls';
import { Refusal } from '../base/errors.ts';
import type { MessageId } from '../mail/message.ts';
import { openClient } from './client/client.ts';
import type { Outcome } from './client/outcome.ts';
import { timeoutsOf } from './client/timeouts.ts';
import type { TimeoutSettings } from './client/timeouts.ts';

export interface Target {
  /** An address of ours: nothing else is ever dialled. */
  readonly address: string;
  readonly port: number;
  readonly settings: TimeoutSettings;
  /** The session of the client `address:port` there; null where none is kept. */
  sessionOf(client: string): string | null;
}

export interface Sending {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly raw: Buffer;
}

/** `code` is null where nothing was answered. */
type RefusedReply = Pick<Outcome, 'code' | 'enhanced' | 'text'> & { readonly recipient: string };

export interface Sent {
  /** Under which the server took it. */
  readonly id: MessageId;
  readonly sessionId: string | null;
  /** Recipients that were refused while others were taken. */
  readonly refused: readonly RefusedReply[];
}

const NAME = 'mailrig.test';
const QUEUED_AS = /queued as (\S+)/;

const repliesTo = (recipients: readonly string[], outcomes: readonly Outcome[]): RefusedReply[] =>
  outcomes.flatMap(({ stage, code, enhanced, text }, i) =>
    stage === 'rcpt' && code !== null ? [{ recipient: recipients[i] ?? '', code, enhanced, text }] : [],
  );

/** Throws Refusal `unprocessable` with the server's own words; its details say where, in which session, and who was refused. */
export async function sendTo({ address, port, settings, sessionOf }: Target, { sender, recipients, raw }: Sending): Promise<Sent> {
  const host = openClient(
    { name: NAME, address, port, tls: 'opportunistic' },
    { name: NAME, timeouts: timeoutsOf(settings), secure: () => Promise.resolve(createSecureContext()), single: true },
  );
  const batch = { sender, recipients: recipients.map((to) => ({ address: to })), raw, body: null, smtputf8: false, ret: null, envid: null };
  const { outcomes, client } = await host.converse(batch);
  await host.close();
  const sessionId = client === null ? null : sessionOf(client);
  const refused = repliesTo(recipients, outcomes);
  const taken = outcomes.find(({ outcome }) => outcome === 'delivered');
  const id = QUEUED_AS.exec(taken?.text ?? '')?.[1];
  if (id !== undefined) return { id, sessionId, refused };
  // What all were refused for says more than what one was.
  const failed = outcomes.find((outcome) => outcome.stage !== 'rcpt') ?? outcomes[0];
  const { stage = null, code = null, enhanced = null, text = '' } = failed ?? {};
  const said = code === null ? text : [code, enhanced, text].filter((part) => part !== null).join(' ');
  throw new Refusal('unprocessable', said, {
    ...(taken === undefined && code !== null ? { stage, code, enhanced, text } : { stage: null, code: null, enhanced: null, text: said }),
    sessionId,
    refused,
  });
}
