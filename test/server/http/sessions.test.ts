import { beforeAll, describe, expect, it } from 'vitest';
import { createRig, session } from './rig.ts';
import type { Rig } from './rig.ts';

describe('conversations', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
    const line = { number: 1, at: 0, side: 'server' as const, text: '552 5.2.2 mailbox full', bytes: null, faultId: 'f1' };
    rig.known.set('a1', session({ id: 'a1', user: 'web-1', client: '127.0.0.1:1', closedAt: Date.UTC(2026, 1, 2) }));
    rig.known.set(
      'a2',
      session({
        id: 'a2',
        helo: 'cron',
        client: '10.0.0.7:2',
        failure: line.text,
        faultId: 'f1',
        lines: [line],
        notes: [{ line: 1, text: 'bare LF' }],
      }),
    );
    rig.known.set('a3', session({ id: 'a3', protocol: 'imap', host: 'imap', helo: null, openedAt: Date.UTC(2026, 5, 1), lines: [] }));
  });

  it.each([
    ['', ['a3', 'a2', 'a1']],
    ['q=user:web', ['a1']],
    ['q=client:10.0.0.*', ['a2']],
    ['q=host:imap', ['a3']],
    ['q="mailbox full"', ['a2']],
    ['q=fault:f1', ['a2']],
    ['q=imap OR user:web-1', ['a3', 'a1']],
    ['q=-imap', ['a2', 'a1']],
    ['q=protocol:imap', ['a3']],
    ['q=protocol:smtp OR protocol:pop3', ['a2', 'a1']],
    ['q=is:live', ['a3', 'a2']],
    ['q=is:ended', ['a1']],
    ['q=is:failed', ['a2']],
    ['q=after:2026-03-01', ['a3']],
    ['q=before:2026-03-01 -cron', ['a1']],
    ['limit=1', ['a3']],
    ['limit=1&cursor=a3', ['a2']],
  ])('?%s', async (query, ids) => {
    const { items } = (await rig.json(`/v1/sessions?${query}`)) as unknown as { items: { id: string }[] };
    expect(items.map(({ id }) => id)).toEqual(ids);
  });

  it('are listed without their lines and opened with them', async () => {
    const { items } = (await rig.json('/v1/sessions?q=cron')) as unknown as { items: object[] };
    expect(items[0]).not.toHaveProperty('lines');
    expect(await rig.json('/v1/sessions/a2')).toEqual({
      id: 'a2',
      protocol: 'smtp',
      host: 'submission',
      client: '10.0.0.7:2',
      user: null,
      tls: null,
      helo: 'cron',
      openedAt: '2026-02-02T00:00:00.000Z',
      closedAt: null,
      messageIds: [],
      messageCount: 0,
      command: 'EHLO',
      commands: 1,
      mailbox: null,
      failure: '552 5.2.2 mailbox full',
      faultId: 'f1',
      truncated: false,
      notes: [{ line: 1, text: 'bare LF' }],
      lines: [{ number: 1, at: '1970-01-01T00:00:00.000Z', side: 'server', text: '552 5.2.2 mailbox full', bytes: null, faultId: 'f1' }],
    });
  });

  it('can be ended while they live', async () => {
    expect(await rig.json('/v1/sessions/a2/close', { method: 'POST' })).toEqual({ closed: true });
    expect(await rig.json('/v1/sessions/a1/close', { method: 'POST' })).toEqual({ closed: false });
    expect((await rig.ask('/v1/sessions/zz/close', { method: 'POST' })).status).toBe(404);
  });
});
