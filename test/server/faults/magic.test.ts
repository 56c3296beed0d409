// Addresses that are rules, and those that only look like it.

import { describe, expect, it } from 'vitest';
import type { Decision, FaultPoint } from '../../../server/faults/decide.ts';
import { magicRule } from '../../../server/faults/magic.ts';
import { readRule } from '../../../server/faults/read-rule.ts';
import { point, startEngine } from './rig.ts';

function said(decision: Decision | null): string {
  if (decision === null) return '-';
  const { ending, modifiers } = decision;
  if (ending.kind === 'reply') return ending.reply.lines.join('|');
  return ending.kind === 'accept'
    ? `accept ${typeof ending.then === 'string' ? ending.then : ending.then.text}`
    : ending.kind === 'pass'
      ? `delay ${modifiers.delay}`
      : ending.kind;
}

describe('an address', () => {
  it.each([
    ['jo+rcpt-450-4.2.1@shop.test', 'rcpt', '450 4.2.1 Asked for by the address'],
    ['JO+RCPT-550@Shop.Test', 'rcpt', '550 5.0.0 Asked for by the address'],
    ['jo+data-451@shop.test', 'data', '451 4.0.0 Asked for by the address'],
    ['jo+data-451-4.3.0@shop.test', 'bdat', '451 4.3.0 Asked for by the address'],
    ['jo+dot-552-5.3.4@shop.test', 'bdat', '-'],
    ['jo+dot-552-5.3.4@shop.test', 'end-of-data', '552 5.3.4 Asked for by the address'],
    ['jo+dot-lost@shop.test', 'end-of-data', 'accept reset'],
    ['jo+dot-drop@shop.test', 'end-of-data', 'reset'],
    ['jo+delay-250ms@shop.test', 'rcpt', 'delay 250'],
    ['jo@busy.fault.test', 'rcpt', '451 4.3.2 System is busy, try again later'],
    ['jo@full.fault.test', 'rcpt', '452 4.2.2 The recipient is over quota'],
    ['jo@greylist.FAULT.test', 'rcpt', '450 4.2.0 Greylisted, try again in 300 s'],
    ['jo+tag@shop.test', 'rcpt', '-'],
    ['jo+rcpt-450-5.2.1@shop.test', 'rcpt', '-'],
    ['jo+mail-450@shop.test', 'rcpt', '-'],
    ['rcpt-450@shop.test', 'rcpt', '-'],
    ['jo@fault.test', 'rcpt', '-'],
    ['jo@constructor.fault.test', 'rcpt', '-'],
    ['jo@busy.fault.test.com', 'rcpt', '-'],
  ] as const)('%s at %s: %s', (address, stage, expected) => {
    const { faults } = startEngine();
    const atRcpt = faults.decide(point({ recipient: address }));
    const change: Partial<FaultPoint> = stage === 'rcpt' ? {} : { stage, recipient: null, recipients: ['kim@shop.test', address] };
    expect(said(stage === 'rcpt' ? atRcpt : faults.decide(point(change)))).toBe(expected);
  });

  it('of a sender counts at MAIL', () => {
    const { faults } = startEngine();
    const at = (sender: string) => said(faults.decide(point({ stage: 'mail', sender, recipient: null })));
    expect([at('app+mail-452-4.3.1@client.test'), at('app+rcpt-450@client.test')]).toEqual(['452 4.3.1 Asked for by the address', '-']);
  });

  it('fails the first attempts of each sender and recipient, then is taken', () => {
    const { faults } = startEngine();
    const at = (recipient: string) => said(faults.decide(point({ recipient })));
    const first = 'jo+rcpt-450.first2@shop.test';
    expect([at(first), at(first), at(first), at('kim+rcpt-450.first2@shop.test')]).toEqual([
      '450 4.0.0 Asked for by the address',
      '450 4.0.0 Asked for by the address',
      '-',
      '450 4.0.0 Asked for by the address',
    ]);
    expect(faults.list()).toMatchObject([{ id: 'magic:rcpt-450.first2', source: 'magic', hits: 3 }]);
  });

  it('is none at the hosts of receivers, nor of another domain where tags are off', () => {
    const { faults } = startEngine();
    expect(said(faults.decide(point({ host: 'mx1.shop.test', recipient: 'jo+rcpt-550@shop.test' })))).toBe('-');
    expect(magicRule('jo+rcpt-550@shop.test', 'recipient', false)).toBeNull();
    const off = startEngine(1, false).faults;
    const at = (recipient: string) => said(off.decide(point({ recipient })));
    expect(['jo+rcpt-550@a.fault.test', 'jo+rcpt-550@shop.test'].map(at)).toEqual(['550 5.0.0 Asked for by the address', '-']);
  });

  it.each([
    'jo+rcpt-450-4.2.1.first2@a.test',
    'jo+dot-lost.first1@a.test',
    'jo+delay-5s@a.test',
    'jo@flaky.fault.test',
    'jo@slow.fault.test',
  ])('%s is a rule that anybody could have written', (address) => {
    const rule = magicRule(address, 'recipient', true);
    expect(readRule(rule).rule).toEqual(rule);
  });

  it('is asked after every rule of the list, also after those that came later', () => {
    const { faults } = startEngine();
    const at = () => said(faults.decide(point({ recipient: 'jo+rcpt-550@shop.test' })));
    const seen = [at()];
    faults.add({ id: 'late', on: { stage: 'rcpt' }, do: [{ close: true }] }, 'api');
    seen.push(at());
    expect(faults.list().map(({ id }) => id)).toEqual(['late', 'magic:rcpt-550']);
    faults.patch('late', { enabled: false });
    faults.patch('magic:rcpt-550', { enabled: false });
    seen.push(at());
    faults.remove('magic:rcpt-550');
    seen.push(at());
    expect(seen).toEqual(['550 5.0.0 Asked for by the address', 'close', '-', '550 5.0.0 Asked for by the address']);
  });

  it('stays one when the list is given back as it was answered', () => {
    const { faults } = startEngine();
    faults.decide(point({ recipient: 'jo+rcpt-550@shop.test' }));
    expect(faults.replace(faults.list(), 'api')).toMatchObject([{ id: 'magic:rcpt-550', source: 'magic', hits: 1 }]);
  });
});
