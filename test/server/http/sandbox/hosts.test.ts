import { expect, it } from 'vitest';
import { outcomeOf } from '../../../../server/http/sandbox/board.ts';
import { createRig, session } from '../rig.ts';

it('are listed with what they have done', async () => {
  const rig = await createRig();
  const one = session({ id: 's1' });
  rig.known.set('s1', one);
  for (const id of ['s1', 's2', 's3']) rig.say({ type: 'session.opened', session: { ...one, id } });
  await rig.send({ sessionId: 's1' });
  rig.refuse('a@full.test', 'full');
  rig.say({ type: 'session.closed', session: one });
  rig.say({ type: 'session.closed', session: { ...one, id: 's3', commands: 0, faultId: 'f1' } });
  const { items } = (await rig.json('/v1/hosts')) as unknown as { items: { history: number[][] }[] };
  expect(items).toMatchObject([
    {
      name: 'submission',
      receiver: null,
      protocol: 'smtp',
      address: '127.0.0.1',
      port: 1025,
      state: 'up',
      until: null,
      faultIds: [],
      connections: 1,
      counts: { accepted: 1, deferred: 0, rejected: 1, refused: 1 },
    },
    { name: 'imap', connections: 0 },
    { name: 'pop3', protocol: 'pop3' },
  ]);
  expect([items[0]?.history.length, items[0]?.history.at(-1)]).toEqual([60, [1, 0, 1]]);
});

it('an injected message is none of theirs', async () => {
  const rig = await createRig();
  await rig.ask('/v1/messages', { method: 'POST', json: { from: 'a@b.test', to: 'c@d.test', text: 'x' } });
  expect(await rig.json('/v1/hosts')).toMatchObject({ items: [{ counts: { accepted: 0 } }, {}, {}] });
});

it('are put into a state, for a time', async () => {
  const rig = await createRig();
  await rig.ask('/v1/clock/freeze', { method: 'POST' });
  const busy = (await rig.json('/v1/hosts/imap', { method: 'PATCH', json: { state: 'busy', for: '15m' } })) as unknown as {
    until: string;
    faultIds: string[];
  };
  expect(busy).toMatchObject({ name: 'imap', state: 'busy' });
  expect(Date.parse(busy.until) - rig.deps.clock.now()).toBe(900_000);
  expect(await rig.json(`/v1/faults/${busy.faultIds[0] ?? ''}`)).toMatchObject({
    on: { protocol: 'imap', host: 'imap', stage: 'greeting' },
  });
  await rig.ask('/v1/faults', { method: 'DELETE' });
  expect(await rig.json('/v1/hosts')).toMatchObject({ items: [{}, { state: 'up', until: null, faultIds: [] }, {}] });
});

it.each([
  ['imap', { state: 'full' }, 422, { path: 'state', reason: 'a server of IMAP is up, busy, down, slow' }],
  ['imap', { state: 'busy', for: 'ever' }, 400, { field: 'for' }],
  ['mx1', { state: 'busy' }, 404, undefined],
])('%s, %j: %d', async (name, change, status, details) => {
  const rig = await createRig();
  const answer = await rig.ask(`/v1/hosts/${name}`, { method: 'PATCH', json: change });
  expect([answer.status, ((await answer.json()) as { error: { details?: unknown } }).error.details]).toEqual([status, details]);
});

it.each([
  [{ commands: 0, failure: 'Closed: no PROXY line' }, 'refused'],
  [{ commands: 0, faultId: 'f1' }, 'refused'],
  [{ commands: 0 }, null],
  [{ commands: 3, failure: '550 no' }, null],
  [{ protocol: 'imap', commands: 2, user: 'jo' }, 'accepted'],
  [{ protocol: 'imap', commands: 2, user: 'jo', failure: 'NO [TRYCREATE] no such mailbox' }, 'accepted'],
  [{ protocol: 'imap', commands: 2, failure: 'NO [UNAVAILABLE] Temporary authentication failure' }, 'deferred'],
  [{ protocol: 'pop3', commands: 2, failure: '-ERR [IN-USE] Do you have another POP session running?' }, 'deferred'],
  [{ protocol: 'pop3', commands: 2, failure: '-ERR [AUTH] wrong password' }, 'rejected'],
  [{ protocol: 'pop3', commands: 2 }, null],
] as const)('a conversation %j counts as %s', (given, outcome) => {
  expect(outcomeOf(session({ id: 's1', ...given }))).toBe(outcome);
});
