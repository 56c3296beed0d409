// Scenario 3, busy primary: the receiver's first host is busy, and its backup takes the message in the same try.
// The app knows nothing of it: it got its 250 at once, and no report comes.

import { expect, it } from 'vitest';
import { sendOnce, startRig, told } from './rig.ts';

it('the backup has it at the first try, and the conversations show why', async () => {
  await using rig = await startRig({ clockFrozen: true });
  // A domain that is not here: its mail goes to these two, the lower preference first.
  await rig.api('PUT', '/receivers/shop.test', {
    hosts: [
      { name: 'mx1.shop.test', preference: 10 },
      { name: 'mx2.shop.test', preference: 20, backup: 'stores' },
    ],
  });
  await rig.api('PATCH', '/hosts/mx1.shop.test', { state: 'busy' });

  await sendOnce(rig, { to: 'jo@shop.test', subject: 'Order 7' });
  await rig.untilIdle();

  const delivery = await rig.delivery('jo@shop.test');
  expect(told(delivery)).toEqual(['1 mx1.shop.test banner transient 421', '1 mx2.shop.test end-of-data delivered 250']);
  expect(delivery).toMatchObject({ state: 'delivered', via: 'mx2.shop.test', rounds: 1, nextAttemptAt: null });
  // Which rule it was stands beside the answer.
  expect(delivery.attempts[0]?.faultId).not.toBeNull();

  // Both sides of both conversations: turned away at once there, served here.
  const [busy = []] = await rig.transcripts('host:mx1.shop.test');
  expect(busy.filter((line) => /^[CS]:/.test(line))).toEqual(['S: 421 4.3.2 Service not available, closing transmission channel']);
  const [taken = []] = await rig.transcripts('host:mx2.shop.test');
  expect(taken).toContain('C: RCPT TO:<jo@shop.test>');

  // One message, and nobody is told that anything went wrong.
  expect((await rig.messages()).map(({ subject }) => subject)).toEqual(['Order 7']);
});
