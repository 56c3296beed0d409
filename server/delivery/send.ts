// Sending one message to one SMTP server, as any client would.

import { Refusal } from '../base/errors.ts';
import type { MessageId } from '../mail/message.ts';

export interface Target {
  /** An address of ours: nothing else is ever dialled. */
  readonly address: string;
  readonly port: number;
}

export interface Sending {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly raw: Buffer;
}

const QUEUED_AS = /queued as (\S+)/;

/** Answers the id under which the server took it. Throws Refusal `unprocessable` with the server's own words. */
export async function sendTo({ address, port }: Target, { sender, recipients, raw }: Sending): Promise<MessageId> {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({ host: address, port, secure: false, name: 'mailrig.test', tls: { rejectUnauthorized: false } });
  try {
    const { response } = await transport.sendMail({ envelope: { from: sender, to: [...recipients] }, raw });
    const id = QUEUED_AS.exec(response)?.[1];
    if (id === undefined) throw new Refusal('unprocessable', response);
    return id;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const { response, message } = error as Error & { response?: string };
    throw new Refusal('unprocessable', response ?? message);
  } finally {
    transport.close();
  }
}
