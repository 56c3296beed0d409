// COMPRESS=DEFLATE: everything behind its OK is compressed, both ways, and it can be had once (RFC 4978).

import { constants, createDeflateRaw, createInflateRaw } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { Client } from '../../conversations/client.ts';
import { startImap } from '../../conversations/imap-server.ts';

/** A client that has got its OK to COMPRESS: what it says and hears from now on is compressed. */
function compressing(client: Client): (command: string) => Promise<string> {
  const { socket } = client;
  socket.removeAllListeners('data').setEncoding('latin1');
  const out = createDeflateRaw();
  const into = createInflateRaw();
  let heard = '';
  let look = (): void => undefined;
  out.on('data', (chunk: Buffer) => socket.write(chunk));
  into.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1');
    look();
  });
  socket.on('data', (text: string) => into.write(Buffer.from(text, 'latin1')));
  return (command) => {
    heard = '';
    out.write(`${command}\r\n`);
    out.flush(constants.Z_SYNC_FLUSH);
    const end = new RegExp(`^${command.split(' ')[0] ?? ''} .*\r\n$`, 'm');
    return new Promise((resolve) => {
      look = () => void (end.test(heard) && resolve(heard));
    });
  };
}

it('is offered until it is on, and refused then', async () => {
  await using server = await startImap();
  await server.sample.send();
  const client = await Client.connect(server.port);
  onTestFinished(() => client.destroy());
  await client.line();
  client.send('a LOGIN jo@shop.test x\r\n');
  expect(await client.line()).toMatch(/^a OK .* COMPRESS=DEFLATE/);
  client.send('b COMPRESS DEFLATE\r\n');
  expect(await client.line()).toMatch(/^b OK /);
  const say = compressing(client);
  expect(await say('c COMPRESS DEFLATE')).toMatch(/^c NO \[COMPRESSIONACTIVE\] /);
  expect(await say('d CAPABILITY')).not.toContain('COMPRESS=DEFLATE');
  await say('e EXAMINE INBOX');
  expect(await say('f UID FETCH 1 BODY.PEEK[]')).toMatch(/^\* 1 FETCH \(UID 1 BODY\[\] \{\d+\}\r\n[^]*\)\r\nf OK /);
  expect(await say('g LOGOUT')).toMatch(/^\* BYE .*\r\ng OK /);
  expect(server.errors).toEqual([]);
});

it('begins after an OK that a fault makes slow', async () => {
  await using server = await startImap({
    faults: [{ on: { stage: 'any' }, match: { user: 'jo@*' }, do: [{ trickle: { bytes: 5, every: 1 } }] }],
  });
  const client = await Client.connect(server.port);
  onTestFinished(() => client.destroy());
  await client.line();
  client.send('a LOGIN jo@shop.test x\r\n');
  expect(await client.line()).toMatch(/^a OK /);
  client.send('b COMPRESS DEFLATE\r\n');
  expect(await client.line()).toMatch(/^b OK /);
  expect(await compressing(client)('c CHECK')).toMatch(/^c /);
});
