// Scenario 17, AUTH: 535 says that the password is wrong, and always will be: somebody has to be told, once, and the app stops.
// 454 says that the server cannot check it now: the app keeps its password and comes back (RFC 4954 §6).

import { expect, it } from 'vitest';
import { sendOnce, startRig, withRetries } from './rig.ts';
import type { Rig, SmtpError } from './rig.ts';

/** The app: an outbox, retries, and one alert for a person when the login is wrong. */
async function sendAll(rig: Rig, outbox: string[]): Promise<string[]> {
  const alerts: string[] = [];
  const auth = { user: 'app@client.test', pass: 'secret' };
  while (alerts.length === 0 && outbox.length > 0) {
    try {
      await withRetries(() => sendOnce(rig, { to: outbox[0] ?? '' }, { auth }), [20, 40, 80]);
      outbox.shift();
    } catch (error) {
      alerts.push(`cannot log in: ${(error as SmtpError).responseCode ?? 0}`);
    }
  }
  return alerts;
}

const TO = ['jo@shop.test', 'ann@shop.test', 'bo@shop.test'];

it('535: one alert, one attempt, and everything is still in the outbox', async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults/presets/auth-broken', {});

  const outbox = [...TO];
  expect(await sendAll(rig, outbox)).toEqual(['cannot log in: 535']);
  expect((await rig.answersTo('AUTH')).map(({ code }) => code)).toEqual([535]);
  expect(outbox).toEqual(TO);
  expect(await rig.messages()).toEqual([]);

  // Somebody has mended it.
  await rig.api('DELETE', '/faults');
  expect(await sendAll(rig, outbox)).toEqual([]);
  expect(await rig.messages()).toHaveLength(3);
});

it('454: the app comes back with the same password, and nobody is told', async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults', {
    on: { stage: 'auth' },
    script: ['454 4.7.0 Temporary authentication failure', '454 4.7.0 Temporary authentication failure', 'pass'],
  });

  expect(await sendAll(rig, [...TO])).toEqual([]);
  expect((await rig.answersTo('AUTH')).map(({ code }) => code)).toEqual([454, 454, 235, 235, 235]);
  expect((await rig.messages('user:app@client.test')).map(({ envelope }) => envelope.recipients[0])).toEqual(TO);
});
