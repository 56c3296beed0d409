// How long a POP3 client waits, beside Dovecot on the same machine.

import type { ReadServer } from './dovecot.ts';
import { compare, messages, startReaders, timed } from './readers.ts';
import type { Row } from './readers.ts';
import { Wire } from './wire.ts';

const MESSAGES = Number(process.env['MESSAGES'] ?? 10_000);
const MANY = Number(process.env['MANY'] ?? 100_000);
const USER = 'jo@shop.test';
const LARGE_USER = 'many@shop.test';
const END = '\r\n.\r\n';

async function open(server: ReadServer, user = USER): Promise<Wire> {
  const wire = await Wire.connect(server.pop3);
  await wire.say(`USER ${user}\r\n`, '+OK');
  await wire.say('PASS x\r\n', '+OK');
  return wire;
}

const session = (name: string, run: (wire: Wire) => Promise<unknown>, user = USER): Row => ({
  name,
  async run(server) {
    const wire = await open(server, user);
    const ms = await timed(() => run(wire));
    await wire.say('QUIT\r\n', '+OK');
    wire.close();
    return ms;
  },
});

const retr = (number: number): string => `RETR ${number}\r\n`;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

const ROWS: readonly Row[] = [
  session('STAT and LIST', (wire) => wire.say('STAT\r\nLIST\r\n', END)),
  session('UIDL', (wire) => wire.say('UIDL\r\n', END)),
  session('RETR of all, pipelined', (wire) => wire.say(numbers(MESSAGES).map(retr).join(''), END, MESSAGES)),
  session('RETR of 500, one after the other', async (wire) => {
    for (const number of numbers(500)) await wire.say(retr(number), END);
  }),
  session('TOP n 0 of 500, pipelined', (wire) =>
    wire.say(
      numbers(500)
        .map((number) => `TOP ${number} 0\r\n`)
        .join(''),
      END,
      500,
    ),
  ),
  {
    name: '200 logins, one after the other',
    run: (server) =>
      timed(async () => {
        for (let i = 0; i < 200; i++) {
          const wire = await open(server, 'nobody@shop.test');
          await wire.say('QUIT\r\n', '+OK');
          wire.close();
        }
      }),
  },
];

const LARGE: readonly Row[] = [
  session('UIDL', (wire) => wire.say('UIDL\r\n', END), LARGE_USER),
  session('STAT and LIST', (wire) => wire.say('STAT\r\nLIST\r\n', END), LARGE_USER),
];

export async function benchPop3(): Promise<void> {
  const servers = await startReaders();
  try {
    for (const server of servers) await server.fill(USER, messages(MESSAGES));
    await compare(`POP3, ${MESSAGES} messages of 6 kB`, servers, ROWS);
    for (const server of servers) await server.fill(LARGE_USER, messages(MANY, 700));
    await compare(`POP3, ${MANY} messages`, servers, LARGE);
  } finally {
    for (const server of servers) await server.stop();
  }
}
