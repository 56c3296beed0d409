import { expect, it } from 'vitest';
import { hashOf, parseHash, type Route } from '../../ui/route.ts';

const inbox: Route = {
  account: null,
  mailbox: 'INBOX',
  q: '',
  sort: '-received',
  group: 'none',
  refused: false,
  id: null,
  tab: 'text',
  sessions: false,
  session: null,
  find: '',
  faults: false,
  fault: null,
  receivers: false,
  domain: null,
  queue: false,
  compose: null,
  section: null,
};

it.each<[string, Partial<Route>]>([
  ['', {}],
  ['#/', {}],
  ['#main', {}],
  ['#/inbox?q=from%3Aacme+a%3Fb', { q: 'from:acme a?b' }],
  ['#/inbox?sort=size&group=day&refused=1', { sort: 'size', group: 'day', refused: true }],
  ['#/inbox?sort=colour&group=mood&refused=0', {}],
  ['#/inbox?account=jo%40shop.test', { account: 'jo@shop.test' }],
  ['#/inbox?account=*&mailbox=Work%2F2026', { account: '*', mailbox: 'Work/2026' }],
  ['#/inbox?mailbox=Sent', {}],
  ['#/inbox?account=&mailbox=Sent', {}],
  ['#/m/1m88/raw', { id: '1m88', tab: 'raw' }],
  ['#/m/1m88', { id: '1m88' }],
  ['#/m/1m88/nonsense?q=x', { q: 'x', id: '1m88' }],
  ['#/m/', {}],
  ['#/m/%zz/raw', {}],
  ['#/refused/1s4', { session: '1s4' }],
  ['#/faults', { faults: true }],
  ['#/faults/new', { faults: true, fault: 'new' }],
  ['#/faults/magic%3Ajo%2Brcpt-450', { faults: true, fault: 'magic:jo+rcpt-450' }],
  ['#/receivers', { receivers: true }],
  ['#/receivers/*.corp.test', { receivers: true, domain: '*.corp.test' }],
  ['#/queue?find=state%3Aheld&q=x', { queue: true, find: 'state:held', q: 'x' }],
  ['#/m/1m88/delivery', { id: '1m88', tab: 'delivery' }],
  ['#/sessions', { sessions: true }],
  ['#/sessions?find=user%3Ajo&q=x', { sessions: true, find: 'user:jo', q: 'x' }],
  ['#/sessions/1s4', { sessions: true, session: '1s4' }],
  ['#/inbox?find=user%3Ajo', {}],
  ['#/compose', { compose: 'new' }],
  ['#/compose/reply/1m88', { compose: 'reply', id: '1m88' }],
  ['#/settings', { section: 'appearance' }],
  ['#/settings/keyboard', { section: 'keyboard' }],
  ['#/settings/nonsense', { section: 'appearance' }],
])('%s is the inbox with %j, in the view that was used last', (hash, change) => {
  expect(parseHash(hash, 'text')).toEqual({ ...inbox, ...change });
});

it.each<[Partial<Route>, string]>([
  [{}, '#/inbox'],
  [{ q: 'a&b=c #' }, '#/inbox?q=a%26b%3Dc+%23'],
  [{ account: 'jo@shop.test' }, '#/inbox?account=jo%40shop.test'],
  [
    { account: 'jo@shop.test', mailbox: 'Work & play', id: '1m88', tab: 'text' },
    '#/m/1m88/text?account=jo%40shop.test&mailbox=Work+%26+play',
  ],
  [{ q: 'x', id: '1m88', tab: 'raw', sort: 'from', refused: true }, '#/m/1m88/raw?q=x&sort=from&refused=1'],
  [{ session: '1s4', group: 'to' }, '#/refused/1s4?group=to'],
  [{ sessions: true }, '#/sessions'],
  [{ sessions: true, session: '1s4', find: 'a b' }, '#/sessions/1s4?find=a+b'],
  [{ sessions: true, find: 'x', q: 'y' }, '#/sessions?q=y&find=x'],
  [{ receivers: true, domain: 'a/b?c' }, '#/receivers/a%2Fb%3Fc'],
  [{ receivers: true }, '#/receivers'],
  [{ queue: true, find: 'state:held' }, '#/queue?find=state%3Aheld'],
  [{ compose: 'new' }, '#/compose/new'],
  [{ compose: 'forward', id: '1m88' }, '#/compose/forward/1m88'],
  [{ section: 'keyboard' }, '#/settings/keyboard'],
])('the inbox with %j has the address %s, and reads back the same', (change, hash) => {
  const route = { ...inbox, ...change };
  expect(hashOf(route)).toBe(hash);
  expect(parseHash(hash, 'text')).toEqual(route);
});
