// Scenario 11, greylisting: who comes for the first time is put off for five minutes, and is known from then on.
// What is first seen is client, sender and recipient together. The app's minutes pass on the sandbox's clock, so nobody waits for them.

import { expect, it } from 'vitest';
import type { AppliedPreset } from '../../../server/http/contract/types.ts';
import { sendOnce, startRig, withRetries } from './rig.ts';

const MINUTE = 60_000;

it('a minute is too early, five are enough, and the next message passes at once', async () => {
  // The clock stands unless it is moved: all times are exact.
  await using rig = await startRig({ clockFrozen: true });
  const { faults } = await rig.api<AppliedPreset>('POST', '/faults/presets/greylisting', {});
  const codes = async (to: string): Promise<unknown[]> => (await rig.answersTo(`RCPT TO:<${to}>`)).map(({ code }) => code);

  // The app: again after one minute, then after four more.
  await withRetries(
    () => sendOnce(rig, { to: 'jo@shop.test', subject: 'one' }),
    [MINUTE, 4 * MINUTE],
    (ms) => rig.advance(`${ms}ms`),
  );
  expect(await codes('jo@shop.test')).toEqual([450, 450, 250]);
  const [first, second] = await rig.hits(faults[0]?.id ?? '');
  expect(Date.parse(second?.at ?? '') - Date.parse(first?.at ?? '')).toBe(MINUTE);

  // The same three are known now; another recipient is not.
  await sendOnce(rig, { to: 'jo@shop.test', subject: 'two' });
  expect(await codes('jo@shop.test')).toEqual([450, 450, 250, 250]);
  await expect(sendOnce(rig, { to: 'ann@shop.test' })).rejects.toMatchObject({ responseCode: 450 });

  expect((await rig.messages()).map(({ subject }) => subject)).toEqual(['one', 'two']);
});
