// Scenario 10, QUIT dropped: the message is stored and acknowledged; only the goodbye is never answered.
// The app must call that a success: one that counts it as a failure sends everything twice.

import { createTransport } from 'nodemailer';
import { expect, it } from 'vitest';
import type { Fault } from '../../../server/http/contract/types.ts';
import { isHere, python } from '../programs.ts';
import { startRig } from './rig.ts';

const DROPPED = { id: 'no-goodbye', on: { stage: 'quit' }, do: [{ reset: true }] };

it('the app reports success, and the message is there once', async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults', DROPPED);

  // The app keeps its connection for a while. (Without a pool nodemailer just hangs up, and says no goodbye that could be dropped.)
  const transport = createTransport({ pool: true, idleTimeout: 20, host: '127.0.0.1', port: rig.ports.smtp ?? 0, ignoreTLS: true });
  await transport.sendMail({ from: 'app@client.test', to: 'jo@shop.test', subject: 'Receipt' });

  await expect.poll(() => rig.hits('no-goodbye'), { timeout: 5000 }).toMatchObject([{ stage: 'quit', outcome: 'reset' }]);
  expect(await rig.messages()).toHaveLength(1);
  // It has not become a problem of the next message.
  await transport.sendMail({ from: 'app@client.test', to: 'jo@shop.test', subject: 'Another receipt' });
  expect((await rig.messages()).map(({ subject }) => subject)).toEqual(['Receipt', 'Another receipt']);
  transport.close();
});

// Python's quit() raises, after everything has gone well. An app that retries on any exception sends again and again.
const SMTPLIB = `
import smtplib, sys
for attempt in range(3):
    try:
        client = smtplib.SMTP('127.0.0.1', int(sys.argv[1]), timeout=10)
        client.sendmail('app@client.test', ['jo@shop.test'], b'Subject: Receipt\\r\\n\\r\\nThank you\\r\\n')
        client.quit()
        print('sent')
        break
    except smtplib.SMTPServerDisconnected:
        print('failed')
`;

it.runIf(isHere('python3'))('an app that takes it for a failure is found out: there is a copy for each attempt', async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults', DROPPED);
  expect(String(await python(SMTPLIB, rig.ports.smtp ?? 0)).split('\n')).toEqual(['failed', 'failed', 'failed', '']);
  expect(await rig.messages('subject:Receipt')).toHaveLength(3);
  expect(await rig.api<Fault>('GET', '/faults/no-goodbye')).toMatchObject({ hits: 3 });
});
