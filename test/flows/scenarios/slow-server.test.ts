// Scenario 14, slow server: a minute passes before the server says a word. The app's own limit has to be shorter than its users' patience,
// and whoever asked for the mail must not wait for it at all.

import { expect, it } from 'vitest';
import type { ListOf, SessionSummary } from '../../../server/http/contract/types.ts';
import { sendOnce, startRig } from './rig.ts';
import type { SmtpError } from './rig.ts';

it('the app answers at once, and reports in time that the mail was not sent', async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults', { id: 'slow', on: { stage: 'banner' }, do: [{ delay: '60s' }] });

  // The app: signing up answers the user, and leaves the mail to the background.
  const log: string[] = [];
  let background = Promise.resolve();
  const signUp = (to: string): void => {
    background = sendOnce(rig, { to, subject: 'Welcome' }, { patience: 300 }).catch(
      ({ code }: SmtpError) => void log.push(`alert: ${code}`),
    );
    log.push('answered');
  };

  const began = performance.now();
  signUp('jo@shop.test');
  // The app goes on with its work, and the server is still silent.
  expect(log).toEqual(['answered']);
  await background;
  expect(log).toEqual(['answered', 'alert: ETIMEDOUT']);
  expect(performance.now() - began).toBeLessThan(10_000);

  // Of the conversation there is nothing but the fault, and the server did not go on with it alone.
  await expect.poll(async () => (await rig.api<ListOf<SessionSummary>>('GET', '/sessions?q=is:live')).items, { timeout: 5000 }).toEqual([]);
  expect(await rig.transcripts()).toEqual([['* fault slow']]);
  expect(await rig.messages()).toEqual([]);
});
