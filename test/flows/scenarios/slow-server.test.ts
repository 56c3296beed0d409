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
  const alerts: string[] = [];
  let background = Promise.resolve();
  const signUp = (to: string): string => {
    background = sendOnce(rig, { to, subject: 'Welcome' }, { patience: 300 }).catch(({ code }: SmtpError) => void alerts.push(code ?? ''));
    return 'welcome';
  };

  const began = performance.now();
  expect(signUp('jo@shop.test')).toBe('welcome');
  // Meanwhile the app goes on with its work, while the server is still silent.
  await expect.poll(() => rig.hits('slow')).toHaveLength(1);
  expect(alerts).toEqual([]);

  await background;
  expect(alerts).toEqual(['ETIMEDOUT']);
  expect(performance.now() - began).toBeLessThan(5000);

  // Of the conversation there is nothing but the fault, and the server did not go on with it alone.
  await expect.poll(async () => (await rig.api<ListOf<SessionSummary>>('GET', '/sessions?q=is:live')).items).toEqual([]);
  expect(await rig.transcripts()).toEqual([['* fault slow']]);
  expect(await rig.messages()).toEqual([]);
});
