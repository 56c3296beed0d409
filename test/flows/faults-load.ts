// Senders at full speed while the rules change under them: what each was answered, and what must have been kept for it.

import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../conversations/client.ts';
import { chanceOf } from '../hostile/fuzz.ts';
import type { Call } from '../hostile/faulty-sessions.ts';
import type { Chance } from '../hostile/fuzz.ts';

/** What was said last to a message, and whether all that was said before it was a success. */
interface Answered {
  readonly subject: string;
  readonly begun: boolean;
  readonly last: string;
}

/** How many copies there must be, from and to. */
type Copies = readonly [least: number, most: number];

/** What rules say that keep a message all the same. */
const KEPT = 'kept all the same';

function copiesOf({ begun, last }: Answered): Copies {
  if (!begun) return [0, 0];
  if (last.includes('queued as') || last.includes(KEPT)) return [1, 1];
  // Nobody can tell what became of it: that is the point of a lost reply.
  return last.includes('(closed)') ? [0, 1] : [0, 0];
}

const MESSAGE = (subject: string): string => `Subject: ${subject}\r\n\r\n${'x'.repeat(900)}\r\n`;

/** Says all at once; a client that is told nothing more has an answer too. */
async function send(client: Client, subject: string, n: number): Promise<Answered> {
  const to = `MAIL FROM:<s${n % 10}@client.test>\r\nRCPT TO:<r${n}@shop.test>\r\n`;
  const message = MESSAGE(subject);
  const chunked = n % 2 === 0;
  client.send(chunked ? `${to}BDAT ${message.length} LAST\r\n${message}` : `${to}DATA\r\n`);
  const [mail, rcpt, third] = [await client.reply(), await client.reply(), await client.reply()];
  let begun = mail.startsWith('250') && rcpt.startsWith('250');
  if (chunked) return { subject, begun, last: third };
  begun &&= third.startsWith('354');
  if (!third.startsWith('354')) return { subject, begun, last: third };
  client.send(`${message}.\r\n`);
  return { subject, begun, last: await client.reply() };
}

const STAGES = {
  connect: [{ reset: true }, { close: true }],
  banner: [{ reply: '421 4.3.2 Busy' }, { trickle: { bytes: 5, every: 1 } }],
  ehlo: [{ reply: '421 4.3.2 Busy' }, { capabilities: { remove: ['CHUNKING'] } }],
  mail: [{ reply: '451 4.3.0 No' }, { reply: '421 4.3.2 Busy' }, { reset: true }, { stall: true }, { delay: 2 }],
  rcpt: [{ reply: '450 4.2.1 No' }, { corrupt: 'malformed' }, { close: true }, { stall: true }, { truncate: { bytes: 2, then: 'close' } }],
  data: [{ reply: '451 4.3.0 No' }, { reset: true }, { delay: 1 }],
  bdat: [{ reply: '452 4.3.1 No' }, { close: true }, { stall: true }, { delay: 1 }],
  body: [{ truncate: { bytes: 200, then: 'reset' } }, { throttle: { bytesPerSecond: 200_000, direction: 'in' } }, { close: true }],
  'end-of-data': [
    ...[{ reply: '554 5.7.1 No' }, { reply: '421 4.3.2 Busy' }, { reset: true }, { discard: true }, { stall: true }, { delay: 3 }],
    ...[{ acceptThen: 'reset' }, { acceptThen: 'close' }, { acceptThen: 'stall' }, { acceptThen: { reply: `451 4.3.0 ${KEPT}` } }],
    ...[{ truncate: { bytes: 2, then: 'reset' } }, { trickle: { bytes: 9, every: 1 } }],
  ],
} as const;

const pick = <T>(chance: Chance, all: readonly T[]): T => all[chance(all.length)] as T;

/** Meets one in ten, or a few in a row. */
function ruleOf(chance: Chance): object {
  const [stage, acts] = pick(chance, Object.entries(STAGES));
  const some = chance(3) > 0;
  const whom = some ? String(chance(10)) : '';
  const at = stage === 'mail' ? { sender: `s*${whom}@client.test` } : { recipient: `r*${whom}@shop.test` };
  const early = ['connect', 'banner', 'ehlo'].includes(stage);
  const when = some ? pick(chance, [{}, { probability: 0.3 }, { attempts: { first: 1 } }]) : { times: 20 };
  return { on: { stage }, ...(!early && { match: at }), when: early ? { times: 20 } : when, do: [pick<object>(chance, acts)] };
}

/** One change of the list: makes, changes, moves, resets, takes away, or puts another list. */
async function change(chance: Chance, call: Call, ids: string[]): Promise<void> {
  const id = ids.length === 0 ? '' : pick(chance, ids);
  const what = ids.length > 12 ? 9 : chance(12);
  const made = (answer: unknown): string[] => (answer as { items: { id: string }[] }).items.map((fault) => fault.id);
  if (what < 4 || id === '') ids.push(((await call('POST', '/faults', ruleOf(chance))) as { id: string }).id);
  else if (what < 6) await call('PATCH', `/faults/${id}`, { enabled: chance(2) === 0 });
  else if (what === 6) await call('PATCH', `/faults/${id}?before=${pick(chance, ids)}`, {});
  else if (what === 7) await call('POST', `/faults/${id}/reset`);
  else if (what === 8) await call('POST', '/faults/reset');
  else if (what < 11) {
    await call('DELETE', `/faults/${id}`);
    ids.splice(ids.indexOf(id), 1);
  } else {
    const list = chance(3) === 0 ? [] : ((await call('GET', '/faults')) as { items: object[] }).items.slice(0, chance(4));
    ids.splice(0, ids.length, ...made(await call('PUT', '/faults', [...list, ruleOf(chance)])));
  }
}

export interface Load {
  readonly smtp: number;
  readonly call: Call;
  readonly seconds: number;
  /** Messages a second that are asked for. */
  readonly rate: number;
  readonly connections: number;
  readonly seed: number;
}

export interface Outcome {
  readonly sent: number;
  readonly taken: number;
  readonly changes: number;
  readonly seconds: number;
  /** What was kept too often, or too seldom. */
  readonly wrong: readonly string[];
}

const CHANGES = 100;

async function countSubjects(call: Call): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let cursor: string | null = ''; cursor !== null;) {
    const path = `/messages?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page = (await call('GET', path)) as { items: { subject: string }[]; next: string | null };
    for (const { subject } of page.items) counts.set(subject, (counts.get(subject) ?? 0) + 1);
    cursor = page.next;
  }
  return counts;
}

/** Null where a rule wants it so. */
async function greeted(port: number): Promise<Client | null> {
  try {
    const client = await Client.connect(port);
    if ((await client.reply()).startsWith('220') && (await client.ask('EHLO load.test')).startsWith('250')) return client;
    client.destroy();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
  }
  return null;
}

/** Resolves when all has been answered, and compared with what is there. */
export async function runLoad({ smtp, call, seconds, rate, connections, seed }: Load): Promise<Outcome> {
  const begun = performance.now();
  const end = begun + seconds * 1000;
  const answers: Answered[] = [];
  let next = 0;
  let changes = 0;

  const sender = async (): Promise<void> => {
    let client: Client | null = null;
    while (performance.now() < end) {
      const n = next++;
      const wait = begun + (n * 1000) / rate - performance.now();
      if (wait > 1) await pause(wait);
      client ??= await greeted(smtp);
      if (client === null) continue;
      const answered: Answered = await send(client, `load ${n}`, n);
      answers.push(answered);
      // After anything odd a connection of its own is the surest.
      if (answered.last.includes('queued as') || /^[45]/.test(answered.last)) {
        if (!answered.last.startsWith('421') && (await client.ask('RSET')).startsWith('250')) continue;
      }
      client.destroy();
      client = null;
    }
    client?.destroy();
  };

  const changing = async (): Promise<void> => {
    const chance = chanceOf(seed);
    const ids: string[] = [];
    while (performance.now() < end) {
      const wait = begun + (changes++ * 1000) / CHANGES - performance.now();
      if (wait > 1) await pause(wait);
      if (changes % CHANGES === 0) {
        await call('DELETE', '/faults');
        ids.splice(0);
      } else await change(chance, call, ids);
    }
    // Who is still held would wait for ever.
    await call('DELETE', '/faults');
  };

  await Promise.all([changing(), ...Array.from({ length: connections }, sender)]);
  const took = (performance.now() - begun) / 1000;
  const counts = await countSubjects(call);
  const wrong = answers.flatMap((answered) => {
    const [least, most] = copiesOf(answered);
    const there = counts.get(answered.subject) ?? 0;
    return there < least || there > most ? [`${answered.subject}: ${there} kept, after ${answered.last}`] : [];
  });
  const taken = answers.filter(({ last }) => last.includes('queued as')).length;
  return { sent: answers.length, taken, changes, seconds: took, wrong };
}
