// Pinned messages stay in the account of everything, whatever a client of it does.

import { expect, it, onTestFinished } from 'vitest';
import { Client } from '../../conversations/client.ts';
import { ask } from '../../conversations/imap-reply.ts';
import { startImap } from '../../conversations/imap-server.ts';
import type { ImapServer } from '../../conversations/imap-server.ts';

async function loggedIn({ port }: ImapServer, user: string): Promise<Client> {
  const client = await Client.connect(port);
  onTestFinished(() => client.destroy());
  await client.line();
  await ask(client, `LOGIN "${user}" x`);
  await ask(client, 'SELECT INBOX');
  return client;
}

it('are removed by neither EXPUNGE nor CLOSE, and DELETE of their mailbox moves them to INBOX', async () => {
  await using server = await startImap();
  const { send, store } = server.sample;
  const ids = [await send(), await send()];
  await store.commit([{ type: 'messages.marked', ids: ids.slice(0, 1), pinned: true }]);
  const all = await loggedIn(server, '*');
  await ask(all, 'STORE 1:2 +FLAGS.SILENT (\\Deleted)');
  // The other one goes all the same.
  expect(await ask(all, 'EXPUNGE')).toMatch(/^\* 2 EXPUNGE\r\nask\d+ NO \[CANNOT\] /);
  expect(await ask(all, 'UID EXPUNGE 1')).toMatch(/^ask\d+ NO \[CANNOT\] /);
  expect(await ask(all, 'CLOSE')).toMatch(/^ask\d+ OK /);
  expect(await ask(all, 'STATUS INBOX (MESSAGES)')).toContain('(MESSAGES 1)');
  await ask(all, 'SELECT INBOX');
  expect(await ask(all, 'MOVE 1 Archive')).toMatch(/^\* OK \[COPYUID/);
  await ask(all, 'DELETE Archive');
  expect(await ask(all, 'NOOP')).toMatch(/^(?:\* .*\r\n)*ask\d+ OK /);
  expect(await ask(all, 'STATUS INBOX (MESSAGES)')).toContain('(MESSAGES 1)');
  expect([...store.state.messages.keys()]).toEqual(ids.slice(0, 1));
  // Whoever it was sent to may remove it from a mailbox of their own.
  const jo = await loggedIn(server, 'jo@shop.test');
  await ask(jo, 'STORE 1 +FLAGS.SILENT (\\Deleted)');
  expect(await ask(jo, 'EXPUNGE')).toMatch(/^\* 1 EXPUNGE\r\nask\d+ OK /);
  expect(server.errors).toEqual([]);
});
