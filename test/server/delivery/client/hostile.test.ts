// Hosts that mean no good: whatever they say, and wherever they stop, every recipient has one outcome, in time, and nothing is taken for delivered that was not.

import fc from 'fast-check';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { batchOf, clientTo, each, listening } from './client.ts';

const GOOD = '220 host.test\r\n250-host.test\r\n250 PIPELINING\r\n250 Ok\r\n250 Ok\r\n354 go on\r\n250 2.0.0 Ok\r\n221 bye\r\n';
const AFTER_DOT = GOOD.indexOf('250 2.0.0 Ok\r\n') + '250 2.0.0 Ok\r\n'.length;
const TIMEOUTS = each(2_000);

/** Says all of it at once, whatever it is asked, and then goes. */
async function said(octets: Buffer, bye: (socket: Socket) => void): Promise<string> {
  await using server = await listening((socket) => {
    socket.resume().write(octets, () => bye(socket));
  });
  const client = clientTo({ port: server.port, tls: 'opportunistic', timeouts: TIMEOUTS });
  const { outcomes } = await client.converse(batchOf());
  await client.close();
  expect(outcomes).toHaveLength(1);
  expect(outcomes[0]?.text.length).toBeLessThanOrEqual(4_100);
  return outcomes[0]?.outcome ?? '';
}

describe('a host', () => {
  it('may close after any octet', async () => {
    const cuts = Array.from({ length: AFTER_DOT }, (_, i) => i);
    const outcomes = await Promise.all(cuts.map((cut) => said(Buffer.from(GOOD.slice(0, cut)), (socket) => socket.end())));
    expect(new Set(outcomes)).toEqual(new Set(['transient']));
    expect(await said(Buffer.from(GOOD.slice(0, AFTER_DOT)), (socket) => socket.end())).toBe('delivered');
  });

  it('may reset after any octet', async () => {
    const cuts = Array.from({ length: AFTER_DOT }, (_, i) => i);
    const outcomes = await Promise.all(cuts.map((cut) => said(Buffer.from(GOOD.slice(0, cut)), (socket) => socket.resetAndDestroy())));
    expect(new Set(outcomes)).toEqual(new Set(['transient']));
  });

  it('may say anything', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...GOOD.split(/(?<=\n)/),
        '421 4.3.2 Busy\r\n',
        '550 5.1.1 No\r\n',
        '999 x\r\n',
        'OK\r\n',
        '250-\r\n',
        '220',
        '\r',
        '\n',
        '\0',
        '250 STARTTLS\r\n',
      ),
      fc.uint8Array({ maxLength: 300 }).map((octets) => Buffer.from(octets).toString('latin1')),
      fc.constantFrom('2', '250 ', '250-').map((start) => start + 'x'.repeat(5_000)),
      fc.constant('250-x\r\n'.repeat(300)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const outcome = await said(Buffer.from(pieces.join(''), 'latin1'), (socket) => socket.end());
        expect(['delivered', 'transient', 'permanent']).toContain(outcome);
        // A message is delivered by a reply to it, and none before.
        if (!pieces.join('').includes('354')) expect(outcome).not.toBe('delivered');
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('may never stop to speak', async () => {
    const flood = Buffer.from('250-more\r\n'.repeat(1_000));
    await using server = await listening((socket) => {
      const pour = (): void => void socket.write(flood, (error) => error ?? setImmediate(pour));
      socket.resume();
      pour();
    });
    const client = clientTo({ port: server.port, timeouts: TIMEOUTS });
    const { outcomes, durationMs } = await client.converse(batchOf());
    expect(outcomes).toMatchObject([{ stage: 'banner', enhanced: '4.5.0', outcome: 'transient', lost: true }]);
    expect(durationMs).toBeLessThan(1_000);
  });

  it('may speak while nobody asks: it is left before it fills the memory', async () => {
    const flood = Buffer.from('250 more\r\n'.repeat(10_000));
    let poured = 0;
    let gone = (): void => undefined;
    const left = new Promise<void>((resolve) => (gone = resolve));
    await using server = await listening((socket) => {
      const pour = (): void => void socket.write(flood, (error) => error ?? ((poured += flood.length), setImmediate(pour)));
      socket.on('close', gone).on('data', (chunk) => chunk.includes('\r\n.\r\n') && pour());
      socket.write('220 host.test\r\n250-host.test\r\n250 PIPELINING\r\n250 Ok\r\n250 Ok\r\n354 go on\r\n');
    });
    const client = clientTo({ port: server.port, timeouts: TIMEOUTS });
    expect((await client.converse(batchOf())).outcomes).toMatchObject([{ outcome: 'delivered' }]);
    await left;
    // What lies between the two sides belongs to neither.
    expect(poured).toBeLessThan(32 * 1024 * 1024);
    await client.close();
  });

  it('may speak too slowly to ever end: a step has its time as a whole', async () => {
    await using server = await listening((socket) => {
      const drip = setInterval(() => socket.write('2'), 10);
      socket.resume().once('close', () => clearInterval(drip));
    });
    const client = clientTo({ port: server.port, timeouts: { ...TIMEOUTS, command: 100 } });
    const { outcomes } = await client.converse(batchOf());
    expect(outcomes).toMatchObject([{ stage: 'banner', enhanced: '4.4.2', text: 'Timed out while reading the greeting' }]);
  });
});
