// From the 250 to the WebSocket event, at a steady rate.

import { createConnection } from 'node:net';
import { WebSocket } from 'ws';
import type { Frame } from '../../server/http/contract/types.ts';
import { percentile, startRig } from './rig.ts';

const RATE = 500; // messages per second
const SECONDS = 10;

/** Sends one message after the other over one connection, `every` ms; tells the time of each 250 after the dot. */
function sendSteadily(port: number, count: number, every: number, accepted: (n: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
    let sent = 0;
    let text = '';
    let timer: NodeJS.Timeout | undefined;
    const started = performance.now();
    const sendDue = (): void => {
      const due = Math.min(count, Math.floor((performance.now() - started) / every));
      for (; sent < due; sent++) {
        socket.write(
          `MAIL FROM:<bench@client.test>\r\nRCPT TO:<jo@shop.test>\r\nDATA\r\nSubject: n${sent}\r\n\r\n${'x'.repeat(900)}\r\n.\r\n`,
        );
      }
    };
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        if (line.startsWith('220')) socket.write('EHLO bench.test\r\n');
        if (line.startsWith('250 ') && timer === undefined) timer = setInterval(sendDue, 1);
        const id = /queued as (\S+)/.exec(line);
        if (id) {
          accepted(received++);
          if (received === count) {
            clearInterval(timer);
            socket.end('QUIT\r\n');
            resolve();
          }
        }
      }
    });
    let received = 0;
  });
}

export async function benchLive(): Promise<void> {
  const count = RATE * SECONDS;
  const rig = await startRig(['--max-messages', '0']);
  const socket = new WebSocket(`ws://127.0.0.1:${rig.http}/v1/live`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const acceptedAt = new Array<number>(count).fill(NaN);
  const heardAt = new Array<number>(count).fill(NaN);
  let heard = 0;
  const all = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const now = performance.now();
      const frame = JSON.parse(data.toString()) as Frame;
      for (const event of 'events' in frame ? frame.events : []) {
        if (event.type !== 'message.added') continue;
        heardAt[Number(event.summary.subject.slice(1))] = now;
        if (++heard === count) resolve();
      }
    });
  });
  await sendSteadily(rig.smtp, count, 1000 / RATE, (n) => (acceptedAt[n] = performance.now()));
  await all;
  socket.close();
  await rig.stop();
  const delays = heardAt.map((at, n) => at - (acceptedAt[n] ?? NaN));
  const show = (share: number): string => percentile(delays, share).toFixed(1);
  console.log(`250 → WebSocket event at ${RATE} messages/s: p50 ${show(0.5)} ms, p99 ${show(0.99)} ms, worst ${show(1)} ms`);
}
