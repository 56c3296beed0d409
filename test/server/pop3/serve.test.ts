import { describe, expect, it } from 'vitest';
import { Client } from '../../conversations/client.ts';
import { startPop3 } from '../../conversations/pop3-server.ts';

describe('a command that comes while the message before it is being marked as seen', () => {
  it('is answered', async () => {
    let proceed: () => void = () => undefined;
    let journal = Promise.resolve();
    await using server = await startPop3({
      through: (store) => ({
        ...store,
        commit: async (changes) => {
          await journal;
          return store.commit(changes);
        },
      }),
    });
    await server.sample.send();
    const client = await Client.connect(server.port);
    client.send('USER jo@shop.test\r\nPASS x\r\n');
    for (let i = 0; i < 3; i++) await client.line();
    journal = new Promise((resolve) => (proceed = resolve));
    client.send('RETR 1\r\n');
    while ((await client.line()) !== '.');
    client.send('NOOP\r\n');
    // Whoever is served after it says that it has arrived.
    const other = await Client.connect(server.port);
    await other.line();
    proceed();
    expect(await client.line()).toBe('+OK Nothing done');
    client.send('QUIT\r\n');
    expect(await client.line()).toBe('+OK Bye');
    expect(server.sample.store.state.accounts.get('jo@shop.test')?.mailboxes.get('INBOX')?.entries.at(0)?.flags).toEqual(['\\Seen']);
    client.destroy();
    other.destroy();
  });
});
