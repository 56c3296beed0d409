// Whose mail an address is: the nearest receiver's.

import { describe, expect, it } from 'vitest';
import { start, toHosts } from './rig.ts';

describe('an address is of', () => {
  it.each([
    ['jo@shop.test', 'shop.test'],
    ['Jo+tag@SHOP.Test', 'shop.test'],
    ['jo@shop.test.', 'shop.test'],
    ['jo@xn--bcher-kva.test', 'bücher.test'],
    ['jo@bücher.test', 'bücher.test'],
    ['jo@eu.corp.test', '*.corp.test'],
    ['jo@a.eu.corp.test', '*.eu.corp.test'],
    ['jo@corp.test', null],
    ['"a@shop.test"@other.test', null],
    ['postmaster', null],
    ['', null],
  ])('%s: %s', async (address, domain) => {
    const { receivers } = start();
    for (const [i, written] of ['*.corp.test', 'shop.test', 'XN--BCHER-KVA.test', '*.eu.corp.test'].entries())
      await receivers.put(written, toHosts(`mx${i}`));
    expect(receivers.receiverOf(address)?.domain ?? null).toBe(domain);
    await receivers.put('*', toHosts('smart'));
    expect(receivers.receiverOf(address)?.domain ?? null).toBe(domain ?? (address.includes('@') ? '*' : null));
  });
});
