// Real SMTP clients, each told to send one file of bytes: what is on this machine is used, nodemailer always.

import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTransport } from 'nodemailer';

const run = promisify(execFile);

export interface Sending {
  readonly port: number;
  readonly sender: string;
  readonly recipient: string;
  readonly raw: Buffer;
  /** A folder for files that the client wants. */
  readonly folder: string;
}

export interface Sender {
  readonly name: string;
  readonly send: (sending: Sending) => Promise<unknown>;
}

const PYTHON = `
import smtplib, sys
port, sender, recipient, path = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
with smtplib.SMTP('127.0.0.1', port, timeout=20) as client:
    client.sendmail(sender, [recipient], open(path, 'rb').read(), mail_options=['BODY=8BITMIME'])
`;

async function fileOf({ folder, raw }: Sending, name: string): Promise<string> {
  const path = join(folder, `${name}.eml`);
  await writeFile(path, raw);
  return path;
}

const TIMEOUT = { timeout: 20_000 };

const SENDERS: readonly (Sender & { readonly command: string | null })[] = [
  {
    name: 'nodemailer',
    command: null,
    async send({ port, sender, recipient, raw }) {
      const transport = createTransport({ host: '127.0.0.1', port, secure: false, tls: { rejectUnauthorized: false } });
      await transport.sendMail({ envelope: { from: sender, to: recipient }, raw });
      transport.close();
    },
  },
  {
    name: 'curl',
    command: 'curl',
    async send(sending) {
      const { port, sender, recipient } = sending;
      const path = await fileOf(sending, 'curl');
      const envelope = ['--mail-from', sender, '--mail-rcpt', recipient];
      await run('curl', ['-sS', '--max-time', '20', `smtp://127.0.0.1:${port}/client.test`, ...envelope, '-T', path], TIMEOUT);
    },
  },
  {
    name: "Python's smtplib",
    command: 'python3',
    async send(sending) {
      const path = await fileOf(sending, 'python');
      await run('python3', ['-c', PYTHON, String(sending.port), sending.sender, sending.recipient, path], TIMEOUT);
    },
  },
  {
    name: 'swaks',
    command: 'swaks',
    async send(sending) {
      // It ends the data with a line end of its own.
      const raw = sending.raw.subarray(0, sending.raw.length - 2);
      const path = await fileOf({ ...sending, raw }, 'swaks');
      const where = ['--server', '127.0.0.1', '--port', String(sending.port), '--from', sending.sender, '--to', sending.recipient];
      await run('swaks', [...where, '--helo', 'client.test', '--data', `@${path}`], TIMEOUT);
    },
  },
  {
    name: 'msmtp',
    command: 'msmtp',
    send({ port, sender, recipient, raw }) {
      const where = ['--host=127.0.0.1', `--port=${port}`, '--tls=off', '--auth=off', `--from=${sender}`];
      const asItIs = ['--set-from-header=off', '--set-date-header=off', '--remove-bcc-headers=off', '--undisclosed-recipients=off'];
      const client = run('msmtp', [...where, ...asItIs, '--', recipient], TIMEOUT);
      client.child.stdin?.end(raw);
      return client;
    },
  },
];

const isHere = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;

/** The clients that can be run on this machine. */
export const senders: readonly Sender[] = SENDERS.filter(({ command }) => command === null || isHere(command));
