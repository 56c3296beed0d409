// The client as tests drive it: against hosts of ours and against servers that say what a test wants, with its outcomes in one line each.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { openClient } from '../../../../server/delivery/client/client.ts';
import type { Client } from '../../../../server/delivery/client/client.ts';
import type { ClientOptions } from '../../../../server/delivery/client/opening.ts';
import type { Batch, Outcome } from '../../../../server/delivery/client/outcome.ts';
import type { ClientTimeouts } from '../../../../server/delivery/client/timeouts.ts';
import type { TlsPolicy } from '../../../../server/delivery/policy.ts';

/** The same for each step, ms. */
export const each = (ms: number): ClientTimeouts => ({ connect: ms, greeting: ms, command: ms, data: ms, block: ms, endOfData: ms });

const PATIENT = each(10_000);
/** Where a test waits for the end of it. */
export const IMPATIENT = each(150);

export interface Dialling extends Partial<ClientOptions> {
  readonly port: number;
  readonly tls?: TlsPolicy;
  readonly host?: string;
  readonly ca?: string;
}

export const clientTo = ({ port, tls = 'none', host = 'mailrig.test', ca, ...options }: Dialling): Client =>
  openClient(
    { name: host, address: '127.0.0.1', port, tls },
    {
      name: 'client.test',
      timeouts: PATIENT,
      secure: () => Promise.resolve(createSecureContext(ca === undefined ? {} : { ca })),
      ...options,
    },
  );

export const batchOf = (recipients: readonly string[] = ['jo@shop.test'], more: Partial<Batch> = {}): Batch => ({
  sender: 'app@client.test',
  recipients: recipients.map((address) => ({ address })),
  raw: Buffer.from('Subject: hello\r\n\r\nbody\r\n'),
  body: null,
  smtputf8: false,
  ret: null,
  envid: null,
  ...more,
});

/** `mail 451 4.3.0 transient`, then what else is to be known of it. */
export const inShort = ({ stage, code, enhanced, outcome, lost, unsure }: Outcome): string =>
  [stage, code ?? '-', enhanced ?? '-', outcome, lost && 'lost', unsure && 'unsure'].filter((word) => word !== false).join(' ');

/** Answers to commands by their first words; null hangs up, undefined means it is answered well. */
export type Answer = string | null | ((socket: Socket) => void);
export type Answers = Readonly<Record<string, Answer | readonly Answer[]>>;

const WELL: Answers = { '': '220 host.test', EHLO: '250-host.test\r\n250-8BITMIME\r\n250 PIPELINING', DATA: '354 go on', QUIT: '221 bye' };

export interface Scripted extends AsyncDisposable {
  readonly port: number;
  /** Every line it was sent, of the data too. */
  readonly told: string[];
  connections: number;
}

/** Calls `serve` with every connection. */
export const listening = async (serve: (socket: Socket) => void): Promise<{ port: number } & AsyncDisposable> => {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    serve(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** Serves every connection so: for what no server of ours does. */
export async function scripted(answers: Answers): Promise<Scripted> {
  const told: string[] = [];
  const all = { ...WELL, ...answers };
  const asked = new Map<string, number>();
  const scriptedServer = { told, connections: 0 };
  const server = await listening((socket) => {
    scriptedServer.connections++;
    let data = false;
    const say = (command: string): void => {
      const given = command in all ? (all[command] as Answer) : '250 2.0.0 Ok';
      const nth = asked.get(command) ?? 0;
      asked.set(command, nth + 1);
      const answer = Array.isArray(given) ? (given as readonly Answer[])[Math.min(nth, given.length - 1)] : given;
      if (answer === null || answer === undefined) return void socket.end();
      if (typeof answer === 'function') return answer(socket);
      data = answer.startsWith('354');
      socket.write(`${answer}\r\n`);
    };
    say('');
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      const lines = `${rest}${chunk.toString('latin1')}`.split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        told.push(line);
        if (data && line !== '.') continue;
        data = false;
        // The longest words first: `RCPT TO:<b` before `RCPT`.
        const words = Object.keys(all).sort((a, b) => b.length - a.length);
        say(words.find((word) => word !== '' && line.startsWith(word)) ?? line);
      }
    });
  });
  return Object.assign(scriptedServer, server);
}
