// Scenario 8, partial: of three recipients of one message one is taken, one is put off, one does not exist.
// Each goes its own way: whoever has it does not get it again, and the app, which got its 250, sends nothing twice.

import { createTransport } from 'nodemailer';
import { expect, it } from 'vitest';
import { startRig, told } from './rig.ts';

it('the good one once, the other again alone, the third never', async () => {
  await using rig = await startRig({ clockFrozen: true });
  await rig.api('PUT', '/receivers/shop.test', {
    hosts: [{ name: 'mx1.shop.test' }],
    policy: { schedule: '5m', giveUpAfter: '1d' },
  });
  await rig.api('PUT', '/faults', [
    {
      on: { stage: 'rcpt', host: 'mx1.shop.test' },
      match: { recipient: 'tmp@*' },
      when: { attempts: { first: 1 } },
      do: [{ reply: '450 4.2.1 Busy' }],
    },
    { on: { stage: 'rcpt', host: 'mx1.shop.test' }, match: { recipient: 'bad@*' }, do: [{ reply: '550 5.1.1 User unknown' }] },
  ]);

  const app = createTransport({ host: '127.0.0.1', port: rig.ports.smtp ?? 0, ignoreTLS: true });
  const to = ['good@shop.test', 'tmp@shop.test', 'bad@shop.test'];
  expect((await app.sendMail({ from: 'app@client.test', to, subject: 'Order 7', text: 'x' })).rejected).toEqual([]);
  await rig.untilIdle();

  expect(told(await rig.delivery('good@shop.test'))).toEqual(['1 mx1.shop.test end-of-data delivered 250']);
  expect(told(await rig.delivery('tmp@shop.test'))).toEqual([
    '1 mx1.shop.test rcpt transient 450',
    '2 mx1.shop.test end-of-data delivered 250',
  ]);
  const bad = await rig.delivery('bad@shop.test');
  expect(told(bad)).toEqual(['1 mx1.shop.test rcpt permanent 550']);
  expect(bad).toMatchObject({ state: 'bounced', nextAttemptAt: null });

  // Three recipients in one conversation, then one alone.
  const asked = (await rig.transcripts('host:mx1.shop.test')).map((lines) => lines.filter((line) => line.startsWith('C: RCPT')).length);
  expect(asked).toEqual([3, 1]);
  // The app has sent once.
  expect(await rig.transcripts('host:submission')).toHaveLength(1);
});
