// What concerns the whole page: no room for more mail, and a login that is asked for anew.

import { afterEach, expect, it } from 'vitest';
import { createMailrig } from '../../server/app.ts';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
afterEach(() => rig.stop());

it('says that the store is full while it is, with the limit that was met', async () => {
  rig = await startRig({ maxMessages: 1 });
  const page = await rig.open('');
  await live(page).waitFor();
  await rig.send({ subject: 'Kept' });
  await rowOf(page, 'Kept').click();
  // Under the pointer a row shows what can be done with it instead.
  await page.getByRole('heading', { name: 'Kept' }).hover();
  await page.keyboard.press('p');
  await rowOf(page, 'Kept').getByRole('img', { name: 'Pinned' }).waitFor();
  await expect(rig.send({ subject: 'Refused' })).rejects.toThrow('452');
  await page.getByText('Storage full: 1 of 1 message').waitFor();
  await page.reload();
  await page.getByText('Storage full: 1 of 1 message').waitFor();
  await page.getByRole('link', { name: 'Limit' }).click();
  await page.getByText('--max-messages').waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Kept' }).waitFor();
  await page.keyboard.press('p');
  await expect.poll(() => page.getByText('Storage full').count()).toBe(0);
});

it('goes on with a login, live and with previews', async () => {
  rig = await startRig({ auth: 'jo:secret' });
  await rig.send({ subject: 'For Jo', html: '<p>Hello Jo</p>' });
  const page = await rig.open('', { httpCredentials: { username: 'jo', password: 'secret' } });
  await live(page).waitFor();
  await rowOf(page, 'For Jo').click();
  await page.frameLocator('iframe').getByText('Hello Jo').waitFor();
  expect(rig.problems).toEqual([]);
});

it('asks for the login in the page when the server no longer knows it, and goes on', async () => {
  rig = await startRig({ auth: 'jo:secret' });
  const page = await rig.open('', { httpCredentials: { username: 'jo', password: 'secret' } });
  await live(page).waitFor();
  const { http, smtp } = rig.mailrig.ports;
  await rig.mailrig.stop();
  const second = createMailrig({ logLevel: 'silent', auth: 'jo:changed', httpPort: http ?? 0, smtpPort: smtp ?? 0 });
  await second.start();
  try {
    await rig.send({ subject: 'After the change' });
    const form = page.getByRole('dialog', { name: 'Sign in' });
    await form.getByLabel('User').fill('jo');
    await form.getByLabel('Password').fill('wrong');
    await page.keyboard.press('Enter');
    await form.getByText('The user or the password is wrong.').waitFor();
    await form.getByLabel('Password').fill('changed');
    await page.keyboard.press('Enter');
    await rowOf(page, 'After the change').waitFor();
    await live(page).waitFor();
    expect(await form.count()).toBe(0);
  } finally {
    await second.stop();
  }
});
