// Scenario 2, permanent is permanent: an address that does not exist (550 5.1.1) is tried once and never again.
// The app here runs once an hour, for a day on the sandbox's clock; its neighbours show that it does come back to what was only put off.

import { expect, it } from 'vitest';
import type { Fault } from '../../../server/http/contract/types.ts';
import { isPermanent, sendOnce, startRig } from './rig.ts';
import type { SmtpError } from './rig.ts';

it('an invalid address is marked as such, and not tried again within a day', async () => {
  await using rig = await startRig();

  // The app: who is to get the newsletter, and what has become of it.
  const gone = 'jo+rcpt-550-5.1.1@shop.test';
  const subscribers: Record<string, 'due' | 'sent' | 'invalid'> = {
    [gone]: 'due',
    'ann+rcpt-450.first2@shop.test': 'due',
    'bo@shop.test': 'due',
  };
  async function everyHour(): Promise<void> {
    for (const [to, state] of Object.entries(subscribers)) {
      if (state !== 'due') continue;
      try {
        await sendOnce(rig, { to });
        subscribers[to] = 'sent';
      } catch (error) {
        if (isPermanent(error as SmtpError)) subscribers[to] = 'invalid';
      }
    }
  }

  for (let hour = 0; hour < 24; hour++) {
    await everyHour();
    await rig.advance('1h');
  }

  expect(Object.values(subscribers)).toEqual(['invalid', 'sent', 'sent']);
  expect((await rig.answersTo('RCPT TO:<jo')).map(({ code }) => code)).toEqual([550]);
  expect((await rig.answersTo('RCPT TO:<ann')).map(({ code }) => code)).toEqual([450, 450, 250]);
  // The rule that the address stands for is in the list of faults, and has counted the same.
  expect(await rig.api<Fault>('GET', `/faults/${encodeURIComponent('magic:rcpt-550-5.1.1')}`)).toMatchObject({ hits: 1, source: 'magic' });
  expect(await rig.messages(`rcpt:${gone}`)).toEqual([]);
});
