// Scenario 1, recover: the server says "later" twice, and then takes the message.
// An app that waits and tries again loses nothing and sends it once; one that gives up at the first 4xx fails here.

import { expect, it } from 'vitest';
import type { ListOf, RefusalSummary, Summary } from '../../../server/http/contract/types.ts';
import { sendOnce, startRig, withRetries } from './rig.ts';

/** The app: after 40 ms, then after 80 ms, it tries again. */
const BACK_OFF = [40, 80];

it('the app comes back until the server takes the message', async () => {
  await using rig = await startRig();

  // Nothing has to be set up: the address itself says what is to happen.
  await withRetries(() => sendOnce(rig, { to: 'jo+rcpt-450.first2@shop.test', subject: 'Welcome' }), BACK_OFF);

  const attempts = await rig.answersTo('RCPT');
  expect(attempts.map(({ code }) => code)).toEqual([450, 450, 250]);
  // It did not come back sooner than it means to.
  const gaps = attempts.slice(1).map(({ at }, i) => at - (attempts[i]?.at ?? 0));
  expect(gaps.map((gap, i) => gap >= (BACK_OFF[i] ?? 0))).toEqual([true, true]);

  // One message, and two refusals that are no messages; both are found by the recipient.
  const { items } = await rig.api<ListOf<Summary | RefusalSummary>>('GET', '/messages?refused=true&q=rcpt:jo*');
  expect(items.map(({ kind }) => kind)).toEqual(['message', 'refusal', 'refusal']);
  expect(await rig.messages('subject:Welcome')).toHaveLength(1);
});

it('the same by a rule, where the address cannot be chosen', async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults', {
    on: { stage: 'rcpt' },
    match: { recipient: 'jo@shop.test' },
    script: ['450 4.2.1 Mailbox busy', 'reset', 'pass'],
  });

  await withRetries(() => sendOnce(rig, { to: 'jo@shop.test' }), BACK_OFF);

  // The second time it was not even answered.
  expect((await rig.answersTo('RCPT')).map(({ code }) => code)).toEqual([450, null, 250]);
  expect(await rig.messages()).toHaveLength(1);
});

it('an app that runs out of attempts has lost nothing either: nothing is stored', async () => {
  await using rig = await startRig();
  const sending = withRetries(() => sendOnce(rig, { to: 'jo+rcpt-450.first9@shop.test' }), BACK_OFF);
  await expect(sending).rejects.toMatchObject({ responseCode: 450 });
  expect(await rig.messages()).toEqual([]);
});
