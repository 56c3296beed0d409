// Scenario 16, TLS: the certificate has expired, or there is no TLS at all. An app that is told to verify, and to send nothing in clear,
// has to stop before it says who it is: in the transcript there is neither a password nor a message.

import { expect, it } from 'vitest';
import type { ListOf, SessionSummary } from '../../../server/http/contract/types.ts';
import { sendOnce, startRig } from './rig.ts';
import type { Connecting, Rig } from './rig.ts';

const MAIL = { to: 'jo@shop.test' };

/** The app: TLS or nothing, and only with a certificate that the sandbox's own authority has signed. */
async function careful(rig: Rig): Promise<Connecting> {
  const ca = await (await fetch(new URL('/v1/ca.pem', rig.url))).text();
  return { ignoreTLS: false, requireTLS: true, tls: { ca, servername: 'localhost' }, auth: { user: 'app@client.test', pass: 'secret' } };
}

/** The verbs that the server has heard, of all conversations. */
const heard = async (rig: Rig): Promise<string[]> =>
  (await rig.transcripts()).flat().flatMap((line) => /^C: ([A-Z]+)/.exec(line)?.slice(1) ?? []);

it.each(['expired', 'wrong-host', 'self-signed'])('a certificate that is %s: no login and no message', async (certificate) => {
  await using rig = await startRig();
  const app = await careful(rig);
  await rig.api('POST', '/faults/presets/bad-certificate', { certificate });

  await expect(sendOnce(rig, MAIL, app)).rejects.toMatchObject({ code: 'ESOCKET' });
  expect(await heard(rig)).toEqual(['EHLO', 'STARTTLS']);
  expect(await rig.messages()).toEqual([]);

  // With the fault gone, the same app sends: it was the certificate.
  await rig.api('DELETE', '/faults');
  await sendOnce(rig, MAIL, app);
  expect(await heard(rig)).toEqual(['EHLO', 'STARTTLS', 'EHLO', 'STARTTLS', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA']);
});

it('STARTTLS is answered 454: nothing is sent in clear', async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults/presets/no-tls', {});

  await expect(sendOnce(rig, MAIL, await careful(rig))).rejects.toMatchObject({ code: 'ETLS', responseCode: 454 });
  expect(await heard(rig)).toEqual(['EHLO', 'STARTTLS']);
  expect(await rig.messages()).toEqual([]);
});

it('STARTTLS is not even offered, as when somebody on the way takes it out: the same', async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults', { on: { stage: 'ehlo' }, do: [{ capabilities: { remove: ['STARTTLS'] } }] });

  await expect(sendOnce(rig, MAIL, await careful(rig))).rejects.toThrow();
  expect(await heard(rig)).not.toContain('AUTH');
  expect(await heard(rig)).not.toContain('MAIL');
});

it('an app that goes on without TLS is found out: its message went over the wire in clear', async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults/presets/no-tls', {});

  await sendOnce(rig, MAIL, { ...(await careful(rig)), requireTLS: false, opportunisticTLS: true });
  expect(await heard(rig)).toEqual(['EHLO', 'STARTTLS', 'MAIL', 'RCPT', 'DATA']);
  const { items } = await rig.api<ListOf<SessionSummary>>('GET', '/sessions');
  expect(items.map(({ tls, messageCount }) => [tls, messageCount])).toEqual([[null, 1]]);
});
