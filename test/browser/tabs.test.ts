// Two tabs on one server: what is done in one is seen in the other.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let one: Page;
let other: Page;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
beforeEach(async () => {
  [one, other] = [await rig.open(), await rig.open()];
  await Promise.all([live(one).waitFor(), live(other).waitFor()]);
});
afterEach(() => rig.closePages());

const unread = (page: Page, subject: string) => rowOf(page, subject).getByLabel('Unread.').count();

it('mail arrives in both', async () => {
  await rig.send({ subject: 'For both' });
  await Promise.all([rowOf(one, 'For both').waitFor(), rowOf(other, 'For both').waitFor()]);
});

it('what is read in one is read in the other', async () => {
  await rig.send({ subject: 'Read once' });
  await rowOf(other, 'Read once').waitFor();
  await rowOf(one, 'Read once').click();
  await expect.poll(() => unread(other, 'Read once')).toBe(0);
});

it('what is deleted in one is gone in the other, and comes back to both', async () => {
  await rig.send({ subject: 'Here and gone' });
  await rowOf(other, 'Here and gone').waitFor();
  await rowOf(one, 'Here and gone').click();
  await one.keyboard.press('#');
  await rowOf(other, 'Here and gone').waitFor({ state: 'detached' });
  await one.getByRole('button', { name: 'Undo' }).click();
  await Promise.all([rowOf(one, 'Here and gone').waitFor(), rowOf(other, 'Here and gone').waitFor()]);
  expect(await rowOf(other, 'Here and gone').count()).toBe(1);
});

it('an open message that the other tab deletes says so', async () => {
  await rig.send({ subject: 'Pulled away' });
  await rowOf(one, 'Pulled away').click();
  await one.getByRole('tab', { name: 'Preview' }).waitFor();
  await rowOf(other, 'Pulled away').click();
  await other.keyboard.press('#');
  await one.getByText('This message is gone').waitFor();
});
