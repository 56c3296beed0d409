import { expect, it } from 'vitest';
import { hashOf, parseHash } from '../../ui/route.ts';

it.each([
  ['', { q: '', id: null, tab: 'text' }],
  ['#/', { q: '', id: null, tab: 'text' }],
  ['#/inbox?q=from%3Aacme+a%3Fb', { q: 'from:acme a?b', id: null, tab: 'text' }],
  ['#/m/1m88/raw', { q: '', id: '1m88', tab: 'raw' }],
  ['#/m/1m88', { q: '', id: '1m88', tab: 'text' }],
  ['#/m/1m88/nonsense?q=x', { q: 'x', id: '1m88', tab: 'text' }],
  ['#/m/', { q: '', id: null, tab: 'text' }],
  ['#/m/%zz/raw', { q: '', id: null, tab: 'text' }],
  ['#main', { q: '', id: null, tab: 'text' }],
])('%s is %j, with the view that was used last', (hash, route) => {
  expect(parseHash(hash, 'text')).toEqual(route);
});

it.each([
  [{ q: '', id: null, tab: 'text' }, '#/inbox'],
  [{ q: 'a&b=c #', id: null, tab: 'text' }, '#/inbox?q=a%26b%3Dc+%23'],
  [{ q: 'x', id: '1m88', tab: 'raw' }, '#/m/1m88/raw?q=x'],
] as const)('%j has the address %s, and reads back the same', (route, hash) => {
  expect(hashOf(route)).toBe(hash);
  expect(parseHash(hash, 'text')).toEqual(route);
});
