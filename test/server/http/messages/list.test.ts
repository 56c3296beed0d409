import { beforeAll, describe, expect, it } from 'vitest';
import { createRig, message, session } from '../rig.ts';
import type { Rig } from '../rig.ts';

interface List {
  items: { id: string; kind: string; subject?: string; text?: string; read?: boolean; deliveries?: unknown[] }[];
  next: string | null;
  total: number | null;
  totalAtLeast?: number;
}

const list = async (rig: Rig, query: string): Promise<List> => (await rig.json(`/v1/messages?${query}`)) as unknown as List;
const names = ({ items }: List): string[] => items.map(({ subject, text }) => subject ?? text ?? '');

describe('the list of messages', () => {
  let rig: Rig;
  const ids: string[] = [];
  beforeAll(async () => {
    rig = await createRig();
    for (const n of [1, 2, 3, 4, 5]) {
      const raw = message(
        { Subject: `Number ${n}`, From: `${'edcba'[n - 1]}@client.test`, To: `r${n}@shop.test` },
        'x'.repeat(n === 3 ? 500 : n),
      );
      ids.push(await rig.send({ raw, to: [`r${n}@shop.test`], user: n === 2 ? 'web-1' : 'web-2' }));
    }
  });

  it.each([
    ['', ['Number 5', 'Number 4', 'Number 3', 'Number 2', 'Number 1']],
    ['sort=received', ['Number 1', 'Number 2', 'Number 3', 'Number 4', 'Number 5']],
    ['limit=2', ['Number 5', 'Number 4']],
    ['limit=2&offset=3', ['Number 2', 'Number 1']],
    ['sort=from&limit=1', ['Number 5']],
    ['sort=-size&limit=1', ['Number 3']],
    ['sort=to&limit=1', ['Number 1']],
    ['q=user:web-1', ['Number 2']],
    ['q=rcpt:r4@shop.test OR rcpt:r1@shop.test', ['Number 4', 'Number 1']],
    ['q=-user:web-2', ['Number 2']],
    ['account=r3@shop.test', ['Number 3']],
    ['account=r3%2Btag@shop.test&mailbox=inbox', ['Number 3']],
    ['account=*&limit=1', ['Number 5']],
  ])('?%s', async (query, expected) => {
    expect(names(await list(rig, query))).toEqual(expected);
  });

  it('goes on after a page where it ended, though mail has arrived meanwhile', async () => {
    const first = await list(rig, 'limit=2&q=user:web-2');
    expect([first.total, first.next]).toEqual([4, ids[3]]);
    await rig.send({ raw: message({ Subject: 'Number 6' }), user: 'web-3' });
    const second = await list(rig, `limit=2&q=user:web-2&cursor=${first.next}`);
    expect([names(second), second.next]).toEqual([['Number 3', 'Number 1'], null]);
  });

  it.each(['account=nobody@shop.test', 'account=r1@shop.test&mailbox=Nowhere'])('does not find ?%s', async (query) => {
    expect((await rig.ask(`/v1/messages?${query}`)).status).toBe(404);
  });

  it('says how many there are at least where counting would read every message', async () => {
    const page = await list(rig, 'q=xx&limit=1');
    expect(page.total).toBeNull();
    expect(page.totalAtLeast).toBeGreaterThan(0);
    expect((await list(rig, 'q=xx&limit=1&total=true')).total).toBe(4);
  });
});

describe('a summary', () => {
  it('shows five recipients and how many there are, and stays small', async () => {
    const rig = await createRig();
    const to = Array.from({ length: 300 }, (_, n) => `recipient-${n}@shop.test`);
    const id = await rig.send({ to, raw: message({ To: to.join(',\r\n ') }) });
    const { items } = await list(rig, '');
    expect(items[0]).toMatchObject({
      id,
      kind: 'message',
      source: 'smtp',
      to: to.slice(0, 5).map((address) => ({ name: '', address })),
      envelope: { sender: 'app@client.test', recipients: to.slice(0, 5), recipientCount: 300, refused: [] },
      snippet: null,
      attachments: null,
      read: false,
    });
    expect(items[0]?.deliveries).toHaveLength(5);
    expect(JSON.stringify(items[0]).length).toBeLessThan(3_000);
    const whole = (await rig.json(`/v1/messages/${id}`)) as unknown as { envelope: { recipients: string[] }; deliveries: unknown[] };
    expect([whole.envelope.recipients.length, whole.deliveries.length]).toEqual([300, 300]);
  });

  it('says what became of each recipient', async () => {
    const rig = await createRig();
    const id = await rig.send({ to: ['Jo+news@Shop.test'] });
    await rig.ask('/v1/accounts/jo@shop.test/mailboxes/INBOX/messages', { method: 'PATCH', json: { uids: [1], add: ['\\Seen'] } });
    expect((await list(rig, '')).items[0]?.deliveries).toEqual([
      {
        recipient: 'Jo+news@Shop.test',
        account: 'jo@shop.test',
        state: 'delivered',
        via: null,
        attempts: 0,
        attemptsPlanned: null,
        nextAttemptAt: null,
        seen: 'http',
        removed: null,
      },
    ]);
    expect((await list(rig, 'q=is:read')).items).toEqual([]);
    expect((await list(rig, 'account=jo@shop.test')).items[0]).toMatchObject({ id, read: true });
  });
});

describe('refused attempts', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
    rig.known.set('s1', session({ id: 's1', user: 'web-9' }));
    await rig.send({ raw: message({ Subject: 'first' }) });
    rig.refuse('a@full.test', 'mailbox full');
    await rig.send({ raw: message({ Subject: 'second', To: 'Jo <jo@shop.test>' }) });
    rig.refuse('b@full.test', 'no such user');
    await rig.send({ raw: message({ Subject: 'third' }) });
  });

  it.each([
    ['', ['third', 'second', 'first']],
    ['refused=true', ['third', 'no such user', 'second', 'mailbox full', 'first']],
    ['refused=true&sort=received', ['first', 'mailbox full', 'second', 'no such user', 'third']],
    ['refused=true&limit=2', ['third', 'no such user']],
    ['refused=true&limit=2&offset=1', ['no such user', 'second']],
    ['refused=true&limit=2&offset=4', ['first']],
    ['refused=true&q=rcpt:a@full.test', ['mailbox full']],
    ['refused=true&q=domain:full.test', ['no such user', 'mailbox full']],
    ['refused=true&q="mailbox full"', ['mailbox full']],
    ['refused=true&q=user:web-9', ['no such user', 'mailbox full']],
    ['refused=true&q=subject:second', ['second']],
    ['refused=true&q=-subject:second', ['third', 'no such user', 'mailbox full', 'first']],
    ['refused=true&q=-nowhere', ['third', 'no such user', 'second', 'mailbox full', 'first']],
    ['refused=true&q=-body:hello', ['no such user', 'mailbox full']],
    ['refused=true&q=hello', ['third', 'second', 'first']],
    ['refused=true&q=has:attachment', []],
    ['refused=true&sort=size', ['no such user', 'mailbox full', 'third', 'first', 'second']],
    ['refused=true&sort=-size', ['second', 'third', 'first', 'no such user', 'mailbox full']],
    ['refused=true&sort=to', ['mailbox full', 'no such user', 'second', 'third', 'first']],
    ['refused=true&sort=from', ['third', 'no such user', 'second', 'mailbox full', 'first']],
    ['refused=true&sort=subject', ['mailbox full', 'no such user', 'first', 'second', 'third']],
    ['refused=true&sort=subject&limit=2&offset=1', ['no such user', 'first']],
    ['refused=true&sort=subject&offset=4', ['third']],
    ['refused=true&sort=to&q=domain:shop.test&offset=1', ['third', 'first']],
  ])('?%s', async (query, expected) => {
    expect(names(await list(rig, query))).toEqual(expected);
  });

  it.each(['-received', 'received', 'size', '-size', 'from', 'to', 'subject'])(
    'page by page, by %s, give every item once',
    async (sort) => {
      const whole = names(await list(rig, `refused=true&sort=${sort}`));
      for (const limit of [1, 2]) {
        const seen: string[] = [];
        for (let cursor: string | null = ''; cursor !== null;) {
          const page: List = await list(rig, `refused=true&sort=${sort}&limit=${limit}${cursor && `&cursor=${cursor}`}`);
          expect(page.total).toBe(5);
          seen.push(...names(page));
          cursor = page.next;
        }
        expect(seen).toEqual(whole);
      }
      const jumped = await Promise.all(whole.map((_, offset) => list(rig, `refused=true&sort=${sort}&limit=1&offset=${offset}`)));
      expect(jumped.flatMap(names)).toEqual(whole);
    },
  );

  it.each([
    ['', 2],
    ['q=rcpt:a@full.test', 1],
    ['q=subject:second', 0],
    ['q=-body:hello', 2],
  ])('are counted beside the facets of ?%s', async (query, refusals) => {
    expect(await rig.json(`/v1/messages/facets?${query}`)).toMatchObject({ refusals });
  });

  it('are told in their own shape', async () => {
    const { items } = await list(rig, 'refused=true&q=rcpt:a@full.test');
    expect(items[0]).toEqual({
      id: expect.any(String) as string,
      kind: 'refusal',
      at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      sessionId: 's1',
      sender: 'app@client.test',
      recipient: 'a@full.test',
      stage: 'rcpt',
      code: 552,
      enhanced: '5.2.2',
      text: 'mailbox full',
      faultId: null,
    });
  });
});
