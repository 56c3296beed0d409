// How many transactions a second our own SMTP client makes over one connection, to a server that does next to nothing.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { openClient } from '../../server/delivery/client/client.ts';
import { median } from './rig.ts';

const WANTED = 2_000;
const ROUNDS = 5;
const TRANSACTIONS = 5_000;
const SIZE = 1_024;
const TIMEOUTS = { connect: 5_000, greeting: 5_000, command: 5_000, data: 5_000, block: 5_000, endOfData: 5_000 };

const EHLO = '250-bare.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n';

function serve(socket: Socket): void {
  let rest = '';
  let data = false;
  socket.on('error', () => socket.destroy()).write('220 bare.test\r\n');
  socket.on('data', (chunk: Buffer) => {
    rest += chunk.toString('latin1');
    let said = '';
    for (;;) {
      const mark = data ? '\r\n.\r\n' : '\r\n';
      const end = rest.indexOf(mark);
      if (end < 0) break;
      const line = rest.slice(0, end);
      rest = rest.slice(end + mark.length);
      const begins = !data && line === 'DATA';
      said += begins ? '354 go on\r\n' : line.startsWith('EHLO') ? EHLO : '250 2.0.0 Ok\r\n';
      data = begins;
    }
    if (said !== '') socket.write(said);
  });
}

export async function benchClient(): Promise<void> {
  const server = createServer({ noDelay: true }, serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = openClient(
    { name: 'bare.test', address: '127.0.0.1', port, tls: 'none' },
    { name: 'bench.test', timeouts: TIMEOUTS, secure: () => Promise.resolve(createSecureContext()) },
  );
  const batch = {
    sender: 'bench@client.test',
    recipients: [{ address: 'jo@shop.test' }],
    raw: Buffer.from(`Subject: bench\r\n\r\n${`${'x'.repeat(70)}\r\n`.repeat(SIZE / 72)}`),
    body: null,
    smtputf8: false,
    ret: null,
    envid: null,
  };
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    for (let i = 0; i < TRANSACTIONS; i++) {
      const { outcomes } = await client.converse(batch);
      if (outcomes[0]?.outcome !== 'delivered') throw new Error(`not delivered: ${outcomes[0]?.text}`);
    }
    rates.push(TRANSACTIONS / ((performance.now() - began) / 1000));
  }
  await client.close();
  server.close();
  const rate = median(rates);
  process.stdout.write(`our own client, one connection, 1 kB: ${Math.round(rate)} transactions/s, wanted ${WANTED}\n`);
  if (rate < WANTED) process.exitCode = 1;
}
