// Each fault of SMTP driven with two real clients: what they report, and what is left here.

import { spawn } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTransport } from 'nodemailer';
import { faultsWith } from '../conversations/faults.ts';
import { startSmtp, USER } from '../conversations/smtp-server.ts';
import type { TestServer } from '../conversations/smtp-server.ts';
import { isHere } from './programs.ts';
import { ROWS } from './faults-smtp.ts';
import type { Row } from './faults-smtp.ts';

/** How long a client waits for an answer, ms. */
const patienceOf = ({ silent }: Row): number => (silent === true ? 600 : 15_000);

const SENDER = 'a@client.test';
const RECIPIENTS = ['b@shop.test'];
const MESSAGE = 'Subject: hello\r\n\r\nbody\r\n';
const EIGHT_BIT = 'Subject: hello\r\n\r\nfünf\r\n';

/** Reads a list of jobs and answers what came of each, one after the other. */
const PYTHON = `
import json, smtplib, ssl, sys
def attempt(job):
    at = 'connect'
    try:
        client = smtplib.SMTP('127.0.0.1', job['port'], 'client.test', timeout=job['patience'])
        if job['tls']:
            at = 'starttls'
            client._host = 'localhost'
            client.starttls(context=ssl.create_default_context(cadata=job['ca']))
        if job['login']:
            at = 'login'
            client.ehlo()
            client.login(job['user'], job['password'])
        at = 'send'
        refused = client.sendmail('a@client.test', job['recipients'], job['raw'].encode())
        at = 'quit'
        client.quit()
        return ' '.join(['sent'] + [f'{who} {code}' for who, (code, text) in refused.items()])
    except Exception as error:
        code = getattr(error, 'smtp_code', getattr(error, 'verify_code', None))
        if code is None and hasattr(error, 'recipients'):
            code = [code for code, text in error.recipients.values()][0] if isinstance(error.recipients, dict) else None
        return ' '.join(str(part) for part in [type(error).__name__, code, 'at', at] if part is not None)
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(16) as pool:
    print(json.dumps(list(pool.map(attempt, json.load(sys.stdin)))))
`;

interface Ran {
  readonly server: TestServer;
  readonly said: string;
}

const startWith = ({ faults }: Row): Promise<TestServer> => startSmtp({ decide: faultsWith(faults).decide });

/** When a fault has stepped in. */
const met = ({ sessions }: Ran['server']): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!sessions.list().some(({ faultId }) => faultId !== null)) return;
      stop();
      resolve();
    };
    const stop = sessions.events.on(look);
    look();
  });

async function byNodemailer(row: Row): Promise<Ran> {
  const server = await startWith(row);
  const transport = createTransport({
    host: '127.0.0.1',
    port: server.port,
    name: 'client.test',
    ...(row.tls ? { requireTLS: true, tls: { ca: server.ca, servername: 'localhost' } } : { ignoreTLS: true }),
    ...(row.goodbye && { pool: true, idleTimeout: 1 }),
    ...(row.login && { auth: { user: USER.user, pass: USER.password } }),
    connectionTimeout: patienceOf(row),
    greetingTimeout: patienceOf(row),
    socketTimeout: patienceOf(row),
  });
  try {
    const to = [...(row.recipients ?? RECIPIENTS)];
    const sent = await transport.sendMail({ envelope: { from: SENDER, to }, raw: row.eightBit ? EIGHT_BIT : MESSAGE });
    if (row.goodbye) await met(server);
    const refused = (sent.rejectedErrors ?? []).map((error) => `${error.recipient} ${error.responseCode}`);
    return { server, said: ['sent', ...refused].join(' ') };
  } catch (error) {
    const { code, responseCode, command } = error as { code?: string; responseCode?: number; command?: string };
    return {
      server,
      said: [code, responseCode, command === undefined ? undefined : `at ${command}`].filter((part) => part !== undefined).join(' '),
    };
  } finally {
    transport.close();
  }
}

async function bySmtplib(rows: readonly Row[]): Promise<Ran[]> {
  const servers = await Promise.all(rows.map(startWith));
  const jobs = rows.map((row, i) => ({
    port: servers[i]?.port,
    ca: servers[i]?.ca,
    patience: patienceOf(row) / 1000,
    ...USER,
    tls: row.tls ?? false,
    login: row.login ?? false,
    recipients: row.recipients ?? RECIPIENTS,
    raw: row.eightBit ? EIGHT_BIT : MESSAGE,
  }));
  const python = spawn('python3', ['-c', PYTHON], { stdio: ['pipe', 'pipe', 'inherit'] });
  python.stdin.end(JSON.stringify(jobs));
  let text = '';
  for await (const chunk of python.stdout) text += String(chunk);
  const said = JSON.parse(text) as string[];
  return servers.map((server, i) => ({ server, said: said[i] ?? '' }));
}

const PYTHON_HERE = isHere('python3');
const CLIENTS = PYTHON_HERE ? 2 : 1;

const ran = new Map<string, readonly Ran[]>();

beforeAll(async () => {
  const [nodemailer, smtplib] = await Promise.all([Promise.all(ROWS.map(byNodemailer)), PYTHON_HERE ? bySmtplib(ROWS) : []]);
  ROWS.forEach(({ id }, i) => {
    const [one, other] = [nodemailer[i], smtplib[i]];
    ran.set(
      id,
      [one, other].filter((run) => run !== undefined),
    );
  });
  return () => Promise.all([...nodemailer, ...smtplib].map(({ server }) => server[Symbol.asyncDispose]()));
});

describe('SMTP faults', () => {
  it.each(ROWS.map((row) => [row.id, row] as const))('%s', (id, row) => {
    const both = ran.get(id) ?? [];
    expect(both.map(({ said }) => said)).toEqual([row.nodemailer, row.smtplib].slice(0, CLIENTS));
    expect(both.map(({ server }) => server.messages.length)).toEqual(row.kept.slice(0, CLIENTS));
    expect(both.flatMap(({ server }) => server.errors)).toEqual([]);
    // Whoever debugs an application is to see that it was a fault.
    expect(both.some(({ server }) => server.sessions.list().some(({ faultId }) => faultId !== null))).toBe(true);
  });

  it('let go of whom they hold when they are taken away', async () => {
    const faults = faultsWith([{ on: { stage: 'rcpt' }, do: [{ stall: true }] }]);
    const held = new Promise<void>((resolve) => faults.events.on(({ type }) => type === 'fault.hit' && resolve()));
    await using server = await startSmtp({ decide: faults.decide });
    const transport = createTransport({ host: '127.0.0.1', port: server.port, ignoreTLS: true });
    const sent = transport.sendMail({ envelope: { from: SENDER, to: RECIPIENTS }, raw: MESSAGE });
    await held;
    expect(server.messages.length).toBe(0);
    faults.clear();
    expect((await sent).accepted).toEqual(RECIPIENTS);
    expect(server.messages.length).toBe(1);
    transport.close();
  });
});
