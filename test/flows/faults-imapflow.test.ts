// What imapflow makes of each thing that goes wrong at an IMAP server, and what it finds when it comes back.

import { ImapFlow } from 'imapflow';
import { afterEach, describe, expect, it } from 'vitest';
import type { Rule } from '../../server/faults/fault.ts';
import { startImap } from '../conversations/imap-server.ts';
import type { ImapServer } from '../conversations/imap-server.ts';
import { fill, inboxOf, once, subjects, USER } from './faulty-mailboxes.ts';

describe('IMAP, with imapflow', () => {
  const clients: ImapFlow[] = [];
  afterEach(() => clients.splice(0).forEach((client) => client.close()));

  function client({ port }: ImapServer, more: object = {}): ImapFlow {
    const made = new ImapFlow({
      host: '127.0.0.1',
      port,
      secure: false,
      doSTARTTLS: false,
      auth: { user: USER, pass: 'x' },
      logger: false,
      ...more,
    });
    made.on('error', () => undefined);
    clients.push(made);
    return made;
  }

  async function opened(server: ImapServer): Promise<ImapFlow> {
    const made = client(server);
    await made.connect();
    await made.mailboxOpen('INBOX');
    return made;
  }

  it('a login that the back end cannot check names its code, and the next one succeeds', async () => {
    await using server = await startImap({ faults: once('imap', 'login', { reply: 'NO [UNAVAILABLE] Temporary authentication failure' }) });
    await fill(server.sample);
    await expect(client(server).connect()).rejects.toMatchObject({ serverResponseCode: 'UNAVAILABLE' });
    expect((await opened(server)).mailbox).toMatchObject({ exists: 2 });
  });

  it('BYE in IDLE closes it, and who connects again has the same mailbox', async () => {
    await using server = await startImap({
      faults: once('imap', 'idle', { delay: 50 }, { reply: 'BYE Disconnected for inactivity.' }),
    });
    await fill(server.sample);
    const first = await opened(server);
    const closed = new Promise((resolve) => first.once('close', resolve));
    void first.idle();
    await closed;
    const again = await opened(server);
    expect(again.mailbox).toMatchObject({ exists: 2, uidNext: 3, uidValidity: BigInt(inboxOf(server.sample).uidValidity) });
  });

  it('an IDLE that is silent tells nothing until the client asks', async () => {
    await using server = await startImap({ faults: once('imap', 'idle', { silence: ['exists'] }) });
    await fill(server.sample);
    const waiting = await opened(server);
    const told: number[] = [];
    waiting.on('exists', ({ count }: { count: number }) => told.push(count));
    void waiting.idle();
    await expect.poll(() => server.sessions.list()[0]?.command).toBe('IDLE');
    await fill(server.sample);
    // By the time that somebody else has been told of it, the silent one would have been.
    expect((await opened(server)).mailbox).toMatchObject({ exists: 4 });
    expect(told).toEqual([]);
    await waiting.noop();
    await expect.poll(() => told.at(-1)).toBe(4);
  });

  it('a cut FETCH fails, and the message is whole when it is fetched again', async () => {
    await using server = await startImap({ faults: once('imap', 'fetch', { truncate: { bytes: 700, then: 'reset' } }) });
    await fill(server.sample);
    const first = await opened(server);
    await expect(first.fetchOne('1', { source: true })).rejects.toThrow();
    const message = await (await opened(server)).fetchOne('1', { source: true, uid: true });
    expect(message).toMatchObject({ uid: 1, source: expect.objectContaining({ length: expect.any(Number) as number }) as object });
    expect(message && message.source?.toString()).toContain('x'.repeat(2_000));
  });

  it('a UIDVALIDITY that has changed is seen, with the same messages under other UIDs', async () => {
    const faults: readonly Rule[] = [
      { on: { protocol: 'imap', stage: 'select' }, when: { attempts: { nth: [2] } }, do: [{ uidValidity: 'bump' }] },
    ];
    await using server = await startImap({ faults });
    await fill(server.sample);
    const known = (await opened(server)).mailbox;
    const { uidValidity } = known === false ? { uidValidity: 0n } : known;
    const again = await opened(server);
    expect(again.mailbox).toMatchObject({ exists: 2 });
    expect(again.mailbox && again.mailbox.uidValidity > uidValidity).toBe(true);
    expect(subjects(server.sample)).toEqual(['one', 'two']);
  });

  it('a server without MOVE and UIDPLUS is served by COPY and EXPUNGE, and the message is there once', async () => {
    await using server = await startImap({
      faults: [{ on: { protocol: 'imap', stage: 'greeting' }, do: [{ capabilities: { remove: ['MOVE', 'UIDPLUS', 'IDLE'] } }] }],
    });
    await fill(server.sample);
    const moving = await opened(server);
    expect(['MOVE', 'UIDPLUS', 'IDLE', 'IMAP4rev2'].filter((name) => moving.capabilities.has(name))).toEqual([]);
    await moving.messageMove('1', 'Trash');
    const mailboxes = server.sample.store.state.accounts.get(USER)?.mailboxes;
    expect(subjects(server.sample)).toEqual(['two']);
    expect(mailboxes?.get('Trash')?.entries.length).toBe(1);
    expect(
      server.sessions
        .list()[0]
        ?.lines.map(({ text }) => text)
        .join('\n'),
    ).not.toMatch(/UID MOVE|UID EXPUNGE/);
  });

  it.each(['expired', 'wrong-host', 'self-signed'] as const)(
    'a certificate that is %s is refused before any password',
    async (certificate) => {
      await using server = await startImap({ faults: [{ on: { protocol: 'imap', stage: 'tls' }, do: [{ certificate }] }] });
      const careful = client(server, { host: 'localhost', doSTARTTLS: true, tls: { ca: server.ca } });
      await expect(careful.connect()).rejects.toThrow();
      expect(server.sessions.list()[0]).toMatchObject({ command: 'STARTTLS', user: null });
    },
  );
});
