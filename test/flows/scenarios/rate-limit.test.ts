// Scenario 15, rate limit: fifty messages to a server that takes ten in a minute and answers 421 to the rest.
// An app that keeps what was put off, and sends it again a minute later, is done within five minutes: nothing is lost, nothing doubled.

import { expect, it } from 'vitest';
import { isPermanent, sendOnce, startRig } from './rig.ts';
import type { SmtpError } from './rig.ts';

it('all fifty are there within five minutes, each once', async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults/presets/rate-limited', {});

  // The app: an outbox that is gone through once a minute, and keeps what cannot be sent yet.
  const all = Array.from({ length: 50 }, (_, i) => `Order ${i + 1}`);
  let outbox = all;
  const answers: (number | undefined)[] = [];
  async function everyMinute(): Promise<void> {
    const later: string[] = [];
    for (const subject of outbox) {
      try {
        await sendOnce(rig, { to: 'jo@shop.test', subject });
      } catch (error) {
        if (isPermanent(error as SmtpError)) throw error;
        answers.push((error as SmtpError).responseCode);
        later.push(subject);
      }
    }
    outbox = later;
  }

  const stored: number[] = [];
  for (let minute = 0; minute < 5; minute++) {
    await everyMinute();
    stored.push((await rig.messages()).length);
    await rig.advance('1m');
  }

  expect(stored).toEqual([10, 20, 30, 40, 50]);
  expect(outbox).toEqual([]);
  expect(answers).toEqual(Array(40 + 30 + 20 + 10).fill(421));
  expect((await rig.messages()).map(({ subject }) => subject)).toEqual(all);
});
