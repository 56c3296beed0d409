// Scenario 4, primary down and a backup that relays: the backup takes the mail as its own, and hands it on when the primary is back.
// There is one copy in the end, with the trace of both.

import { ImapFlow } from 'imapflow';
import { expect, it } from 'vitest';
import { sendOnce, startRig, told } from './rig.ts';
import type { Rig } from './rig.ts';

/** As the owner's mail program gets them. */
async function inboxOf(rig: Rig, user: string): Promise<string[]> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: rig.ports.imap ?? 0,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: 'any' },
    logger: false,
  });
  await client.connect();
  const lock = await client.getMailboxLock('INBOX');
  try {
    const sources: string[] = [];
    for await (const { source } of client.fetch('1:*', { source: true })) sources.push(String(source));
    return sources;
  } finally {
    lock.release();
    await client.logout();
  }
}

it('the message moves from the backup to the primary, and is there once', async () => {
  await using rig = await startRig({ clockFrozen: true });
  await rig.api('PUT', '/receivers/shop.test', {
    hosts: [
      { name: 'mx1.shop.test', preference: 10, state: 'down' },
      { name: 'mx2.shop.test', preference: 20, backup: 'relays' },
    ],
    policy: { profile: 'postfix' },
  });

  await sendOnce(rig, { to: 'jo@shop.test', subject: 'Order 7' });
  await rig.advance('1m');

  // The sender is done with it: the backup has answered for it.
  const [sent, ...handed] = await rig.deliveries('jo@shop.test');
  expect(sent && told(sent)).toEqual(['1 mx1.shop.test connect transient -', '1 mx2.shop.test end-of-data delivered 250']);
  expect(sent).toMatchObject({ state: 'delivered', via: 'mx2.shop.test' });
  // The backup has a delivery of its own, which waits for the primary.
  expect(handed).toMatchObject([{ state: 'deferred', relayedBy: 'mx2.shop.test' }]);
  expect(await inboxOf(rig, 'jo@shop.test')).toEqual([]);

  await rig.api('PATCH', '/hosts/mx1.shop.test', { state: 'up' });
  await rig.advance('15m');

  const [copy = '', ...others] = await inboxOf(rig, 'jo@shop.test');
  expect(others).toEqual([]);
  // From the app to the sandbox, to the backup, to the primary; the last one stands first.
  const traces = Array.from(copy.matchAll(/^Received: from (\S+) [^;]*? by\s(\S+)/gm), ([, from, by]) => `${from} > ${by}`);
  expect(traces.slice(0, 2)).toEqual(['mx2.shop.test > mx1.shop.test', 'mailrig.test > mx2.shop.test']);
  expect(traces).toHaveLength(3);
  expect(await rig.deliveries('jo@shop.test')).toMatchObject([{ via: 'mx2.shop.test' }, { state: 'delivered', via: 'mx1.shop.test' }]);
});
