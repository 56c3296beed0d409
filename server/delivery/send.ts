// Sending one message to one SMTP server, as any client would, and hearing in that server's own words what became of it.

import { isAscii } from 'node:buffer';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { Refusal } from '../base/errors.ts';
import type { MessageId } from '../mail/message.ts';
import { clientOf } from '../net/listener.ts';

export interface Target {
  /** An address of ours: nothing else is ever dialled. */
  readonly address: string;
  readonly port: number;
  /** The session of the client `address:port` there; null where none is kept. */
  sessionOf(client: string): string | null;
}

export interface Sending {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly raw: Buffer;
}

/** A reply that refuses; `code` is null where there was none. */
interface Refusing {
  readonly code: number | null;
  readonly enhanced: string | null;
  readonly text: string;
}

type RefusedReply = Refusing & { readonly recipient: string };

export interface Sent {
  /** Under which the server took it. */
  readonly id: MessageId;
  readonly sessionId: string | null;
  /** Recipients that were refused while others were taken. */
  readonly refused: readonly RefusedReply[];
}

/** What nodemailer says of a failure. */
interface Failed extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly recipient?: string;
  readonly rejectedErrors?: readonly Failed[];
}

const QUEUED_AS = /queued as (\S+)/;
const REPLY_LINE = /^(\d{3})(?:[ -]|$)(?:([245]\.\d{1,3}\.\d{1,3})(?: |$))?(.*)$/;

const STAGES: Readonly<Record<string, string>> = {
  EHLO: 'ehlo',
  HELO: 'ehlo',
  STARTTLS: 'starttls',
  'MAIL FROM': 'mail',
  'RCPT TO': 'rcpt',
  DATA: 'data',
};

/** The command that was refused, in the words of a refusal; null where the conversation just ended. */
const stageOf = ({ code, command = '' }: Failed): string | null => (code === 'EMESSAGE' ? 'end-of-data' : (STAGES[command] ?? null));

function replyIn({ response, message }: Failed): Refusing {
  const lines = (response ?? '').split(/\r?\n/).map((line) => REPLY_LINE.exec(line));
  const last = lines.at(-1);
  if (!last) return { code: null, enhanced: null, text: response ?? message };
  return { code: Number(last[1]), enhanced: last[2] ?? null, text: lines.map((line) => line?.[3] ?? '').join(' ') };
}

const refusedIn = ({ rejectedErrors = [] }: Pick<Failed, 'rejectedErrors'>): RefusedReply[] =>
  rejectedErrors.map((error) => ({ recipient: error.recipient ?? '', ...replyIn(error) }));

/** Resolves to the reply after the data, and who was refused before it. */
function converse(
  connection: SMTPConnection,
  { sender, recipients, raw }: Sending,
): Promise<{ readonly response: string; readonly refused: RefusedReply[] }> {
  return new Promise((resolve, reject) => {
    connection.on('error', reject);
    connection.on('end', () => reject(new Error('the server closed the connection')));
    connection.connect((failed) => {
      if (failed) return reject(failed);
      connection.send({ from: sender, to: [...recipients], use8BitMime: !isAscii(raw) }, raw, (error, info) => {
        if (error) reject(error);
        else resolve({ response: info.response, refused: refusedIn(info as Pick<Failed, 'rejectedErrors'>) });
      });
    });
  });
}

async function dial({ address, port }: Target): Promise<Socket> {
  const socket = connect({ host: address, port });
  await once(socket, 'connect');
  return socket;
}

/** Throws Refusal `unprocessable` with the server's own words; its details say where, in which session, and who was refused. */
export async function sendTo(target: Target, sending: Sending): Promise<Sent> {
  // Not its transport, which rewrites addresses: what is sent is what was asked for.
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const refusal = (error: Failed, sessionId: string | null): Refusal =>
    new Refusal('unprocessable', error.response ?? error.message, {
      stage: stageOf(error),
      ...replyIn(error),
      sessionId,
      refused: refusedIn(error),
    });
  const socket = await dial(target).catch((error: Error) => {
    throw refusal(error, null);
  });
  const client = clientOf(socket.localAddress ?? '', socket.localPort);
  const connection = new Connection({ connection: socket, name: 'mailrig.test', tls: { rejectUnauthorized: false } });
  try {
    const { response, refused } = await converse(connection, sending);
    const id = QUEUED_AS.exec(response)?.[1];
    if (id === undefined) throw new Error(response);
    return { id, sessionId: target.sessionOf(client), refused };
  } catch (error) {
    throw refusal(error as Failed, target.sessionOf(client));
  } finally {
    connection.quit();
  }
}
