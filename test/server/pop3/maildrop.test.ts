import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../server/base/errors.ts';
import type { Store } from '../../../server/store/store.ts';
import { Client } from '../../conversations/client.ts';
import { startPop3, USER } from '../../conversations/pop3-server.ts';
import type { Pop3Server } from '../../conversations/pop3-server.ts';

const IN_USE = '-ERR [IN-USE] Another session has this maildrop open';

async function ask(client: Client, ...lines: readonly string[]): Promise<string | null> {
  let answer: string | null = null;
  for (const line of lines) {
    client.send(`${line}\r\n`);
    answer = await client.line();
  }
  return answer;
}

async function connect({ port }: Pop3Server): Promise<Client> {
  const client = await Client.connect(port);
  await client.line();
  return client;
}

async function lines(client: Client): Promise<string[]> {
  const got: string[] = [];
  for (let line = await client.line(); line !== '.' && line !== null; line = await client.line()) got.push(line);
  return got;
}

const login = (client: Client, user: string = USER.user): Promise<string | null> => ask(client, `USER ${user}`, 'PASS x');

const inbox = ({ sample }: Pop3Server, account: string = USER.user): string[] =>
  Array.from(sample.store.state.accounts.get(account)?.mailboxes.get('INBOX')?.entries ?? [], ({ kept }) => kept.message.header.subject);

describe('the lock of a maildrop', () => {
  it('keeps a second session out, also by another name of the account, and one of another account is let in', async () => {
    await using server = await startPop3();
    const [first, second] = [await connect(server), await connect(server)];
    expect(await login(first)).toMatch(/^\+OK/);
    expect(await login(second, 'JO+tag@shop.test')).toBe(IN_USE);
    expect(await login(second, 'ann@shop.test')).toMatch(/^\+OK/);
  });

  it('goes with QUIT', async () => {
    await using server = await startPop3();
    const [first, second, third] = [await connect(server), await connect(server), await connect(server)];
    await login(first);
    await ask(first, 'QUIT');
    expect(await login(second)).toMatch(/^\+OK/);
    first.destroy();
    expect(await login(third)).toBe(IN_USE);
  });

  it('goes when the connection drops', async () => {
    await using server = await startPop3();
    const first = await connect(server);
    await login(first);
    const [session] = server.sessions.list();
    first.destroy();
    await expect.poll(() => session?.closedAt).not.toBeNull();
    expect(await login(await connect(server))).toMatch(/^\+OK/);
  });

  it('is not there where the setting says so: what another session has removed is removed', async () => {
    await using server = await startPop3({ settings: { popLock: false } });
    await server.sample.send({ header: { Subject: 'one' } });
    const [first, second] = [await connect(server), await connect(server)];
    await login(first);
    expect(await login(second)).toBe('+OK Maildrop has 1 message');
    await ask(first, 'DELE 1');
    expect(await ask(first, 'QUIT')).toBe('+OK Bye');
    expect(await ask(second, 'DELE 1')).toMatch(/^\+OK/);
    expect(await ask(second, 'QUIT')).toBe('+OK Bye');
    expect(inbox(server)).toEqual([]);
  });
});

describe('a maildrop', () => {
  it('stays as it was at the login', async () => {
    await using server = await startPop3();
    await server.sample.send({ header: { Subject: 'one' } });
    const client = await connect(server);
    await login(client);
    await server.sample.send({ header: { Subject: 'two' } });
    expect(await ask(client, 'STAT')).toMatch(/^\+OK 1 /);
    expect(await ask(client, 'RETR 2')).toBe('-ERR No such message');
    await ask(client, 'DELE 1', 'QUIT');
    expect(inbox(server)).toEqual(['two']);
    expect(inbox(server, '*')).toEqual(['one', 'two']);
  });

  it('names a message the same in every session and gives no name twice', async () => {
    await using server = await startPop3();
    const ids = async (): Promise<string[]> => {
      const client = await connect(server);
      await login(client);
      await ask(client, 'UIDL');
      const got = await lines(client);
      await ask(client, 'DELE 1', 'QUIT');
      return got.map((line) => line.replace(/^\d+ /, ''));
    };
    await server.sample.send();
    await server.sample.send();
    const [first, second] = await ids();
    await server.sample.send();
    const later = await ids();
    expect(later[0]).toBe(second);
    expect(later).not.toContain(first);
    for (const id of later) expect(id).toMatch(/^[\x21-\x7e]{1,70}$/);
  });

  it('is marked as read by RETR while the session goes on', async () => {
    await using server = await startPop3();
    const id = await server.sample.send();
    const client = await connect(server);
    await login(client);
    await ask(client, 'RETR 1');
    await lines(client);
    const kept = server.sample.store.state.messages.get(id);
    await expect.poll(() => kept?.recipients[0]?.seen).toBe('pop3');
  });

  it('says so where a message was removed everywhere meanwhile, and goes on', async () => {
    await using server = await startPop3();
    const id = await server.sample.send();
    const client = await connect(server);
    await login(client);
    await server.sample.store.commit([{ type: 'messages.deleted', ids: [id], reason: 'deleted' }]);
    expect(await ask(client, 'RETR 1')).toMatch(/^-ERR no message/);
    expect(await ask(client, 'DELE 1')).toMatch(/^\+OK/);
    expect(await ask(client, 'QUIT')).toBe('+OK Bye');
  });

  it('lists 100,000 messages', async () => {
    await using server = await startPop3();
    for (let i = 0; i < 100_000; i++) await server.sample.send({ text: 'x'.repeat(i % 7) });
    const client = await connect(server);
    expect(await login(client)).toBe('+OK Maildrop has 100000 messages');
    client.send('LIST\r\nUIDL\r\n');
    await client.line();
    expect((await lines(client)).length).toBe(100_000);
    expect(await client.line()).toBe('+OK 100000 messages');
    expect((await lines(client)).at(-1)).toMatch(/^100000 /);
  });
});

describe('QUIT', () => {
  const failing =
    (error: Error) =>
    (store: Store): Store => ({
      ...store,
      state: store.state,
      commit: (changes) => (changes.some(({ type }) => type === 'entries.removed') ? Promise.reject(error) : store.commit(changes)),
    });

  it('says when what is marked could not be removed for now', async () => {
    await using server = await startPop3({ through: failing(new Refusal('storage-full', 'no room')) });
    await server.sample.send({ header: { Subject: 'one' } });
    const client = await connect(server);
    await login(client);
    expect(await ask(client, 'DELE 1', 'QUIT')).toBe('-ERR [SYS/TEMP] Deleted messages could not be removed');
    expect(await client.line()).toBeNull();
    expect(inbox(server)).toEqual(['one']);
  });

  it('says when some have to stay', async () => {
    await using server = await startPop3({
      through: (store) => ({ ...store, commit: async () => Promise.resolve([{ changed: 0, modified: [1] }]) }),
    });
    await server.sample.store.commit([{ type: 'account.opened', account: USER.user }]);
    await server.sample.send();
    const client = await connect(server);
    await login(client);
    expect(await ask(client, 'DELE 1', 'QUIT')).toBe('-ERR [SYS/PERM] Some deleted messages could not be removed');
  });
});

describe('a session that ends otherwise', () => {
  it('deletes nothing and hears nothing after silence', async () => {
    await using server = await startPop3({ idleTimeout: 50 });
    await server.sample.send({ header: { Subject: 'one' } });
    const client = await connect(server);
    await login(client);
    await ask(client, 'DELE 1');
    expect(await client.rest()).toBe('');
    expect(inbox(server)).toEqual(['one']);
  });

  it('hears nothing of a stop that it has not asked for', async () => {
    const server = await startPop3();
    const client = await connect(server);
    await login(client);
    const closed = server.listener.close(5_000);
    expect(await client.rest()).toBe('');
    client.end();
    await closed;
  });

  it('breaks off a message that cannot be read to its end, and no later command counts', async () => {
    let reads = 0;
    await using server = await startPop3({
      through: (store) => ({
        ...store,
        bodyRange: async (id, start, end) => {
          if (start > 0 && reads++ > 3) throw new Error('a bad disk');
          return store.bodyRange(id, start, end);
        },
      }),
    });
    await server.sample.send({ header: { Subject: 'one' }, text: 'x'.repeat(1_200_000) });
    const client = await connect(server);
    await login(client);
    client.send('RETR 1\r\nDELE 1\r\nQUIT\r\n');
    expect(await client.rest()).not.toMatch(/\r\n\.\r\n/);
    expect(inbox(server)).toEqual(['one']);
    expect(server.errors.map(String)).toEqual(['Error: a bad disk']);
  });
});
