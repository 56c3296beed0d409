// How long an IMAP client waits, beside Dovecot on the same machine.

import type { ReadServer } from './dovecot.ts';
import { compare, message, messages, say, startReaders, timed } from './readers.ts';
import type { Row } from './readers.ts';
import { Wire } from './wire.ts';

const MESSAGES = Number(process.env['MESSAGES'] ?? 10_000);
const MANY = Number(process.env['MANY'] ?? 100_000);
const USER = 'jo@shop.test';
const LARGE_USER = 'many@shop.test';

/** One connection with the inbox selected for all rounds of a server. */
const wires = new Map<ReadServer, Wire>();

async function selected(server: ReadServer): Promise<Wire> {
  const known = wires.get(server);
  if (known) return known;
  const wire = await Wire.connect(server.imap);
  await wire.imap(`LOGIN ${USER} x`);
  await wire.imap('SELECT INBOX');
  wires.set(server, wire);
  return wire;
}

const asking = (name: string, ...commands: readonly string[]): Row => ({
  name,
  async run(server) {
    const wire = await selected(server);
    return timed(async () => {
      for (const command of commands) await wire.imap(command);
    });
  },
});

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => 1 + Math.floor((i * MESSAGES) / count));

let boxes = 0;
const copying: Row = {
  name: `COPY 1:${MESSAGES}`,
  async run(server) {
    const wire = await selected(server);
    const box = `copy${boxes++}`;
    await wire.imap(`CREATE ${box}`);
    const ms = await timed(() => wire.imap(`COPY 1:${MESSAGES} ${box}`));
    await wire.imap(`DELETE ${box}`);
    return ms;
  },
};

const appending: Row = {
  name: 'APPEND of 200, one after the other',
  async run(server) {
    const wire = await Wire.connect(server.imap);
    await wire.imap('LOGIN append@shop.test x');
    const raw = message(1).toString();
    const ms = await timed(async () => {
      for (let i = 0; i < 200; i++) await wire.imap(`APPEND INBOX {${raw.length}+}\r\n${raw}`);
    });
    wire.close();
    return ms;
  },
};

const loggingIn: Row = {
  name: '200 logins, one after the other',
  run: (server) =>
    timed(async () => {
      for (let i = 0; i < 200; i++) {
        const wire = await Wire.connect(server.imap);
        await wire.imap(`LOGIN ${USER} x`);
        wire.close();
      }
    }),
};

const idling: Row = {
  name: 'IDLE: from the APPEND to the EXISTS',
  async run(server) {
    const [idle, other] = [await Wire.connect(server.imap), await Wire.connect(server.imap)];
    for (const wire of [idle, other]) await wire.imap('LOGIN idle@shop.test x');
    await idle.imap('SELECT INBOX');
    await idle.say('zi IDLE\r\n', '+ ');
    const told = idle.hear(' EXISTS');
    const raw = message(1).toString();
    const started = performance.now();
    await Promise.all([other.imap(`APPEND INBOX {${raw.length}+}\r\n${raw}`), told]);
    const ms = performance.now() - started;
    for (const wire of [idle, other]) wire.close();
    return ms;
  },
};

const selecting: Row = {
  name: `SELECT of ${MANY}`,
  async run(server) {
    const wire = await Wire.connect(server.imap);
    await wire.imap(`LOGIN ${LARGE_USER} x`);
    const ms = await timed(() => wire.imap('SELECT INBOX'));
    wire.close();
    return ms;
  },
};

const ROWS: readonly Row[] = [
  asking('FETCH 1:* FLAGS', 'FETCH 1:* (UID FLAGS)'),
  asking('FETCH 1:* (UID FLAGS ENVELOPE)', 'FETCH 1:* (UID FLAGS ENVELOPE)'),
  asking('FETCH 1:* BODYSTRUCTURE', 'FETCH 1:* BODYSTRUCTURE'),
  asking('FETCH 1:* BODY.PEEK[]', 'FETCH 1:* BODY.PEEK[]'),
  asking('UID FETCH of 500, one after the other', ...numbers(500).map((uid) => `UID FETCH ${uid} (UID FLAGS BODY.PEEK[])`)),
  asking('SEARCH SUBJECT', 'SEARCH SUBJECT "number 77"'),
  asking('SEARCH BODY, a rare word', 'SEARCH BODY word77x'),
  asking('SEARCH TEXT, a word of all', 'SEARCH TEXT "lazy dog"'),
  asking('STORE 1:* and back', 'STORE 1:* +FLAGS (\\Flagged)', 'STORE 1:* -FLAGS (\\Flagged)'),
  copying,
  appending,
  loggingIn,
  idling,
];

export async function benchImap(): Promise<void> {
  const servers = await startReaders();
  try {
    for (const server of servers) {
      const ms = await timed(() => server.fill(USER, messages(MESSAGES)));
      say(`${server.name}: ${MESSAGES} messages put in within ${ms.toFixed(0)} ms`);
    }
    await compare(`IMAP, ${MESSAGES} messages of 6 kB`, servers, ROWS);
    for (const server of servers) await server.fill(LARGE_USER, messages(MANY, 700));
    await compare(`IMAP, ${MANY} messages`, servers, [selecting]);
  } finally {
    for (const wire of wires.values()) wire.close();
    for (const server of servers) await server.stop();
  }
}
