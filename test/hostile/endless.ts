// One gigabyte without a line end, as a message and as a command: prints how much memory the server took. Run: npx tsx test/hostile/endless.ts

import { once } from 'node:events';
import { Client } from '../conversations/client.ts';
import { startSmtp } from '../conversations/smtp-server.ts';

const MB = 1024 * 1024;
const CHUNK = Buffer.alloc(MB, 'x');
const CHUNKS = 1_024;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Octets by which the process grew at most. */
async function endless(client: Client): Promise<number> {
  const before = process.memoryUsage().rss;
  let most = 0;
  for (let i = 0; i < CHUNKS; i++) {
    if (!client.socket.write(CHUNK)) await once(client.socket, 'drain');
    most = Math.max(most, process.memoryUsage().rss - before);
  }
  return most;
}

await using server = await startSmtp();
const client = await Client.connect(server.port);
await client.reply();

const command = await endless(client);
client.send('\r\n');
say(`a command of 1 GB: ${await client.reply()}; at most ${(command / MB).toFixed(0)} MB more`);

client.send('HELO client.test\r\nMAIL FROM:<a@client.test>\r\nRCPT TO:<b@shop.test>\r\nDATA\r\n');
for (let i = 0; i < 4; i++) await client.reply();
const message = await endless(client);
client.send('\r\n.\r\n');
say(`a message of 1 GB: ${await client.reply()}; at most ${(message / MB).toFixed(0)} MB more`);
client.destroy();
