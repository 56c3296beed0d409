// The list in every order and in groups, dense or not, with refused attempts between the messages.

import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

/** Oldest first. */
const MAILS = [
  { from: 'Bea <bea@acme.test>', to: 'zoe@shop.test', subject: 'Melon', text: 'x' },
  { from: 'Carl <carl@acme.test>', to: 'max@shop.test', subject: 'Apple', text: 'x'.repeat(4_000) },
  { from: 'Ann <ann@acme.test>', to: 'zoe@shop.test', subject: 'Melon', text: 'x'.repeat(900) },
];

beforeAll(async () => {
  rig = await startRig();
  for (const mail of MAILS) await rig.send(mail);
});
afterAll(() => rig.stop());
afterEach(() => rig.closePages());

/** Says what it says to the SMTP server, line by line, each after a reply. */
async function converse(lines: readonly string[]): Promise<void> {
  const socket = connect(rig.mailrig.ports.smtp ?? 0, '127.0.0.1');
  const left = [...lines];
  socket.on('data', (data: Buffer) => {
    const next = /^\d{3} /m.test(data.toString()) ? left.shift() : undefined;
    if (next !== undefined) socket.write(`${next}\r\n`);
  });
  await once(socket, 'close');
}
const refuse = (recipient: string) => converse(['EHLO cron', 'MAIL FROM:<bot@acme.test>', `RCPT TO:<${recipient}>`, 'QUIT']);

const senders = async (page: Page): Promise<string> => (await page.locator('[role=row] .from').allTextContents()).join(' ');

describe('the order', () => {
  it.each([
    ['Newest', 'Ann Carl Bea', /inbox$/],
    ['Oldest', 'Bea Carl Ann', /sort=received/],
    ['Largest', 'Carl Ann Bea', /sort=-size/],
    ['Smallest', 'Bea Ann Carl', /sort=size/],
    ['Sender', 'Ann Bea Carl', /sort=from/],
    ['Recipient', 'Carl Ann Bea', /sort=to/],
    ['Subject', 'Carl Ann Bea', /sort=subject/],
  ])('%s is %s, and stands in the address', async (name, expected, address) => {
    const page = await rig.open('#/inbox?sort=size&group=none');
    await rowOf(page, 'Melon').first().waitFor();
    await page.getByRole('combobox', { name: 'Order' }).selectOption(name);
    await expect.poll(() => senders(page)).toBe(expected);
    await page.waitForURL(address);
  });

  it('takes in what arrives where it belongs', async () => {
    const page = await rig.open('#/inbox?sort=from');
    await live(page).waitFor();
    await rowOf(page, 'Bea').waitFor();
    await rig.send({ from: 'Bert <bert@acme.test>', subject: 'New' });
    await expect.poll(() => senders(page)).toBe('Ann Bea Bert Carl');
    await rowOf(page, 'New').hover();
    await rowOf(page, 'New').getByRole('button', { name: 'Delete', exact: true }).click();
    await expect.poll(() => senders(page)).toBe('Ann Bea Carl');
  });

  it('puts what arrives at the end when the oldest come first, without moving anything', async () => {
    const page = await rig.open('#/inbox?sort=received');
    await live(page).waitFor();
    await rowOf(page, 'Bea').hover();
    await rig.send({ from: 'Dora <dora@acme.test>', subject: 'New' });
    await expect.poll(() => senders(page)).toBe('Bea Carl Ann Dora');
    await rowOf(page, 'New').hover();
    await rowOf(page, 'New').getByRole('button', { name: 'Delete', exact: true }).click();
    await rowOf(page, 'New').waitFor({ state: 'detached' });
  });
});

describe('groups', () => {
  it.each([
    ['Group: day', ['Today']],
    ['Group: sender', ['Ann <ann@acme.test>', 'Bea <bea@acme.test>', 'Carl <carl@acme.test>']],
    ['Group: recipient', ['max@shop.test', 'zoe@shop.test']],
    ['Group: subject', ['Apple', 'Melon']],
  ])('%s has the headings %j, and a fitting order', async (name, headings) => {
    const page = await rig.open();
    await rowOf(page, 'Melon').first().waitFor();
    await page.getByRole('combobox', { name: 'Group' }).selectOption(name);
    await expect.poll(() => page.locator('.heading').allTextContents()).toEqual(headings);
  });

  it('end with an order that does not fit', async () => {
    const page = await rig.open('#/inbox?sort=subject&group=subject');
    await page.locator('.heading').first().waitFor();
    await page.getByRole('combobox', { name: 'Order' }).selectOption('Newest');
    await page.locator('.heading').first().waitFor({ state: 'detached' });
    expect(await page.getByRole('combobox', { name: 'Group' }).inputValue()).toBe('none');
  });
});

describe('refused attempts', () => {
  it('stand between the messages where they are asked for, and lead to their conversation', async () => {
    await refuse('nobody@@shop.test');
    const page = await rig.open('#/inbox?refused=1');
    const row = rowOf(page, 'refused');
    await row.waitFor();
    expect(await row.textContent()).toMatch(/bot@acme\.test.*501 5\.1\.3.*at RCPT/s);
    await row.click();
    await page.waitForURL(/#\/refused\/.*refused=1/);
    await page.getByRole('region', { name: 'Conversation' }).getByText('RCPT TO:<nobody@@shop.test>').waitFor();
    await page.keyboard.press(']');
    await page.getByRole('heading', { name: 'Melon' }).waitFor();
    await page.keyboard.press('[');
    await page.getByRole('heading', { name: 'SMTP from cron' }).waitFor();
  });

  it('arrive by themselves, and can be neither ticked nor deleted', async () => {
    const page = await rig.open('#/inbox?refused=1');
    await live(page).waitFor();
    await rowOf(page, 'Melon').first().waitFor();
    await refuse('later@@shop.test');
    const row = rowOf(page, 'later@@shop.test');
    await row.hover();
    expect(await row.getByRole('button').count()).toBe(0);
    for (const key of ['j', 'x', '#']) await page.keyboard.press(key);
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-activedescendant')).toBe('row-0');
    expect(await page.getByRole('row', { selected: true }).count()).toBe(0);
    expect(await row.count()).toBe(1);
  });

  it('have their place in every order', async () => {
    await refuse('nobody@@shop.test');
    const page = await rig.open('#/inbox?refused=1');
    await rowOf(page, 'refused').first().waitFor();
    await page.getByRole('combobox', { name: 'Order' }).selectOption('Sender');
    await expect.poll(() => senders(page)).toMatch(/^Ann Bea (bot@acme\.test )+Carl$/);
    await page.waitForURL(/refused=1/);
  });
});

describe('what this browser prefers', () => {
  const withPreferences = async (preferences: object): Promise<Page> => {
    const page = await rig.open();
    await page.evaluate(`localStorage.setItem('mailrig', '${JSON.stringify(preferences)}')`);
    await page.reload();
    await live(page).waitFor();
    await rowOf(page, 'Melon').first().waitFor();
    return page;
  };

  it('compact rows have one line each, below the names of their columns', async () => {
    const page = await withPreferences({ density: 'compact' });
    await page.getByRole('columnheader', { name: 'Delivery' }).waitFor();
    expect((await rowOf(page, 'Apple').boundingBox())?.height).toBe(32);
    await page.keyboard.press('j');
    await page.keyboard.press('End');
    const [header, row] = await Promise.all([page.locator('.columns').boundingBox(), page.locator('#row-0').boundingBox()]);
    expect(row?.y).toBeGreaterThanOrEqual((header?.y ?? 0) + (header?.height ?? Infinity));
  });

  it('relative times say how long ago, and keep the exact one with its zone at hand', async () => {
    const page = await withPreferences({ time: 'relative' });
    const time = rowOf(page, 'Apple').locator('.time');
    expect(await time.textContent()).toMatch(/^(now|\d+ min ago)$/);
    expect(await time.getAttribute('title')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d \S+$/);
  });

  it('following opens each new message in the place of the newest, at the top', async () => {
    const page = await withPreferences({});
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Melon' }).waitFor();
    await page.keyboard.press('f');
    await rig.send({ subject: 'Follow me' });
    await page.getByRole('heading', { name: 'Follow me' }).waitFor();
    await page.keyboard.press('#');
    await rowOf(page, 'Follow me').waitFor({ state: 'detached' });
  });
});

it('broke no rule of its own Content-Security-Policy in all of this', () => {
  expect(rig.problems).toEqual([]);
});
