// One cycle: a server on a folder under load, killed at some moment, started again, and everything acknowledged looked for.

import { createHash } from 'node:crypto';
import { createConnection } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { startRig } from '../bench/rig.ts';
import type { RunningRig } from '../bench/rig.ts';
import { all } from './api.ts';
import type { Summary } from '../../server/http/contract/types.ts';

/** What the server has said yes to. */
export interface Acknowledged {
  /** Id → SHA-256 of the bytes that were sent. */
  readonly messages: Map<string, string>;
  readonly marks: Map<string, { read: boolean; pinned: boolean; tag: string }>;
}

export interface Findings {
  readonly acknowledged: number;
  readonly marked: number;
  readonly lost: string[];
  readonly damaged: string[];
  readonly wrongMarks: string[];
}

const SENDERS = 8;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Sends one message after the other until the connection breaks. */
function keepSending(port: number, name: string, done: Acknowledged, sent: Set<string>): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
    let n = 0;
    let text = '';
    let hash = '';
    const next = (): void => {
      const raw = `Subject: ${name} ${n}\r\nFrom: <${name}@client.test>\r\n\r\n${`line of ${name} ${n}\r\n`.repeat(1 + ((n * 7) % 400))}`;
      n++;
      hash = sha256(Buffer.from(raw));
      sent.add(hash);
      socket.write(`MAIL FROM:<${name}@client.test>\r\nRCPT TO:<jo@shop.test>\r\nDATA\r\n${raw}.\r\n`);
    };
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (line.startsWith('220')) socket.write(`EHLO ${name}\r\n`);
        const id = /^250 .*queued as (\S+)/.exec(line)?.[1];
        if (id !== undefined) done.messages.set(id, hash);
        if (id !== undefined || line === '250 HELP') next();
      }
    });
  });
}

/** Marks messages that were acknowledged, one after the other, until the server is gone. */
async function keepMarking(http: number, done: Acknowledged, signal: AbortSignal): Promise<void> {
  for (let n = 0; !signal.aborted; n++) {
    const ids = [...done.messages.keys()].filter((id) => !done.marks.has(id));
    const id = ids[n % Math.max(1, ids.length)];
    if (id === undefined) {
      await wait(2);
      continue;
    }
    const mark = { read: n % 2 === 0, pinned: n % 3 === 0, tag: `t${n % 5}` };
    const body = JSON.stringify({ ids: [id], set: { read: mark.read, pinned: mark.pinned, tags: { add: [mark.tag] } } });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`http://127.0.0.1:${http}/v1/messages`, { method: 'PATCH', headers, body, signal }).catch(() => null);
    // What is not read keeps its connection from the next.
    await answer?.arrayBuffer().catch(() => null);
    if (answer?.status === 200) done.marks.set(id, mark);
    else if (answer === null) done.marks.set(id, { ...mark, tag: '' }); // not acknowledged: may be so or not
  }
}

/** Everything acknowledged must be there, byte for byte; whatever is there must be one of the messages sent, whole. */
async function lookFor(rig: RunningRig, done: Acknowledged, sent: ReadonlySet<string>): Promise<Findings> {
  const found = new Map((await all<Summary>(rig, '/messages')).map((item) => [item.id, item]));
  const lost = [...done.messages.keys()].filter((id) => !found.has(id));
  const damaged: string[] = [];
  const ids = [...found.keys()];
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
        const answer = await fetch(`http://127.0.0.1:${rig.http}/v1/messages/${id}/raw`);
        const hash = sha256(new Uint8Array(await answer.arrayBuffer()));
        const whole = answer.status === 200 && sent.has(hash);
        if (!whole || (done.messages.get(id) ?? hash) !== hash) damaged.push(id);
      }
    }),
  );
  const wrongMarks: string[] = [];
  let marked = 0;
  for (const [id, { read, pinned, tag }] of done.marks) {
    if (tag === '') continue;
    marked++;
    const summary = found.get(id);
    if (summary?.read !== read || summary.pinned !== pinned || !summary.tags.includes(tag)) wrongMarks.push(id);
  }
  return { acknowledged: done.messages.size, marked, lost, damaged, wrongMarks };
}

/** Loads a server on the folder until it has taken a message, and for `load` ms more, kills it with SIGKILL, starts it again and looks. */
export async function killCycle(folder: string, cycle: number, load: number, done: Acknowledged, sent: Set<string>): Promise<Findings> {
  const flags = ['--data', folder, '--max-messages', '0', '--log-level', 'error'];
  const rig = await startRig(flags);
  const over = new AbortController();
  const sending = Array.from({ length: SENDERS }, (_, i) => keepSending(rig.smtp, `c${cycle}s${i}`, done, sent));
  const marking = keepMarking(rig.http, done, over.signal);
  // On a busy machine the first takes its time.
  for (const before = done.messages.size; done.messages.size === before;) await wait(1);
  await wait(load);
  await rig.kill();
  over.abort();
  await Promise.all([...sending, marking]);
  const again = await startRig(flags);
  const findings = await lookFor(again, done, sent);
  await again.kill();
  return findings;
}
