// Scenario 18, drop in the body, and size: the connection breaks in the midst of a message, which must leave nothing behind;
// and a message that is larger than the server takes is best not sent at all (RFC 1870).

import { createTransport } from 'nodemailer';
import { expect, it } from 'vitest';
import { isHere, python } from '../programs.ts';
import { sendOnce, startRig, withRetries } from './rig.ts';

const LARGE = `${'x'.repeat(70)}\n`.repeat(700);

it('a reset after 10 kB: nothing is stored, and the next attempt stores it whole, once', async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults', {
    id: 'breaks',
    on: { stage: 'body' },
    when: { attempts: { first: 1 } },
    do: [{ truncate: { bytes: 10_000, then: 'reset' } }],
  });
  const mail = { to: 'jo@shop.test', subject: 'Report', text: LARGE };

  await expect(sendOnce(rig, mail)).rejects.toMatchObject({ code: 'ESOCKET' });
  expect(await rig.messages()).toEqual([]);

  await withRetries(() => sendOnce(rig, mail), [20]);
  expect(await rig.hits('breaks')).toMatchObject([{ recipient: 'jo@shop.test', outcome: 'truncate, then reset' }]);
  const [stored, ...more] = await rig.messages();
  expect(more).toEqual([]);
  expect(stored?.size).toBeGreaterThan(LARGE.length);
});

// The server says at EHLO how much it takes. What a message is worth is not known to it before: the clients have to say, or to look.
const SMALL = { on: { stage: 'ehlo' }, do: [{ capabilities: { remove: ['SIZE'], add: ['SIZE 10000'] } }] };

it('SIZE: nodemailer, told how large the message is, says so itself, before anything is sent', async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults', SMALL);
  const transport = createTransport({ host: '127.0.0.1', port: rig.ports.smtp ?? 0, ignoreTLS: true });
  const envelope = { from: 'app@client.test', to: 'jo@shop.test', size: LARGE.length };
  await expect(transport.sendMail({ envelope, raw: `Subject: Report\n\n${LARGE}` })).rejects.toMatchObject({ code: 'EMESSAGE' });
  expect(await rig.answersTo('MAIL')).toEqual([]);
  expect(await rig.messages()).toEqual([]);
});

const SMTPLIB = `
import smtplib, sys
client = smtplib.SMTP('127.0.0.1', int(sys.argv[1]), timeout=10)
try:
    client.sendmail('app@client.test', ['jo@shop.test'], b'Subject: Report\\r\\n\\r\\n' + b'x' * 50000)
except smtplib.SMTPSenderRefused as error:
    print(error.smtp_code)
`;

it.runIf(isHere('python3'))("SIZE: Python's smtplib announces it at MAIL, and is refused there, before DATA", async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults', SMALL);
  expect(String(await python(SMTPLIB, rig.ports.smtp ?? 0))).toBe('552\n');
  expect((await rig.answersTo('MAIL')).map(({ code }) => code)).toEqual([552]);
  expect(await rig.answersTo('DATA')).toEqual([]);
});

it('SIZE: an app that looks at none of it has sent all of it in vain: 552 at the end', async () => {
  await using rig = await startRig();
  await rig.api('POST', '/faults', SMALL);
  await expect(sendOnce(rig, { to: 'jo@shop.test', text: LARGE })).rejects.toMatchObject({ responseCode: 552, command: 'DATA' });
  expect(await rig.messages()).toEqual([]);
});
