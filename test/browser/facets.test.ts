// The filters beside the list: counts that follow the mail, values to choose, saved searches, the number in the title.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConnection } from 'node:net';
import type { Page } from 'playwright-core';
import { PHONE, live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

beforeEach(async () => {
  await fetch(new URL('v1/messages', rig.mailrig.url), { method: 'DELETE' });
  for (let i = 0; i < 3; i++) await rig.send({ subject: `For jm ${i}`, to: 'jm@shop.test' });
  await rig.send({ subject: 'For dev', to: 'dev@corp.test', from: 'ci@gitlab.test' });
  page = await rig.open();
  await live(page).waitFor();
  await value('jm@shop.test').waitFor();
});
afterEach(() => rig.closePages());

const filters = () => page.getByRole('region', { name: 'Filters' });
/** Accounts have names like recipients, but are places and no switches. */
const value = (name: string) => filters().getByRole('button', { name, exact: false }).and(page.locator('button:not([title*="unread of"])'));
const query = (): string => new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('q') ?? '';
const search = async (q: string): Promise<void> => {
  if (query() !== '') await page.getByRole('button', { name: 'Clear the search' }).click();
  await page.getByLabel('Search messages').fill(q);
  await page.keyboard.press('Enter');
  await expect.poll(query).toBe(q);
};

describe('a value', () => {
  it('is counted, and counted again when mail comes', async () => {
    await value('jm@shop.test 3').waitFor();
    await rig.send({ subject: 'One more', to: 'jm@shop.test' });
    await value('jm@shop.test 4').waitFor();
    await value('All mail 5').waitFor();
  });

  it('narrows the list, and is let go by a second click', async () => {
    await value('dev@corp.test').click();
    await expect.poll(query).toBe('rcpt:dev@corp.test');
    await filters().getByRole('button', { name: 'dev@corp.test', pressed: true }).waitFor();
    await expect.poll(() => rowOf(page, 'For jm').count()).toBe(0);
    await value('dev@corp.test').click();
    await expect.poll(query).toBe('');
    await rowOf(page, 'For jm 0').waitFor();
  });

  it('gives way to another of its kind, which is still there to choose', async () => {
    await value('dev@corp.test').click();
    await value('gitlab').waitFor();
    await value('jm@shop.test 3').click();
    await expect.poll(query).toBe('rcpt:jm@shop.test');
  });

  it('is kept out with Ctrl', async () => {
    await value('jm@shop.test').click({ modifiers: ['Control'] });
    await expect.poll(query).toBe('-rcpt:jm@shop.test');
    await value('not jm@shop.test').waitFor();
    await expect.poll(() => rowOf(page, 'For jm').count()).toBe(0);
    await rowOf(page, 'For dev').waitFor();
  });

  it('keeps the focus when it is pressed by key', async () => {
    await value('shop.test').last().focus();
    const name = await value('shop.test').last().textContent();
    await page.keyboard.press('Enter');
    await expect.poll(query).not.toBe('');
    expect(await page.evaluate('document.activeElement.textContent')).toBe(name);
  });

  it('is found among all of its kind', async () => {
    for (let i = 0; i < 6; i++) await rig.send({ subject: `For reader ${i}`, to: `reader-${i}@shop.test` });
    await page.getByRole('button', { name: 'More of Recipients' }).click();
    const dialog = page.getByRole('dialog', { name: 'Recipients' });
    await dialog.getByRole('searchbox', { name: 'Filter these' }).fill('reader-4');
    await dialog.getByRole('button', { name: 'reader-4@shop.test 1' }).click();
    await rowOf(page, 'For reader 4').waitFor();
    await expect.poll(query).toBe('rcpt:reader-4@shop.test');
    await value('reader-4@shop.test').waitFor();
  });
});

describe('marks', () => {
  it('go together, and All mail lets go of everything', async () => {
    await value('Unread').click();
    await value('Starred 0').click();
    await expect.poll(query).toBe('is:unread is:starred');
    await value('All mail').click();
    await expect.poll(query).toBe('');
  });

  it('are counted again when they change', async () => {
    await value('Unread 4').waitFor();
    await rowOf(page, 'For dev').click();
    await value('Unread 3').waitFor();
  });
});

it('shows refused attempts when there are any and somebody asks for them', async () => {
  expect(await page.getByRole('checkbox', { name: 'Refused attempts' }).count()).toBe(0);
  await refused();
  const choice = page.getByRole('checkbox', { name: /Refused attempts 1/ });
  await choice.check();
  await page.waitForURL(/refused=1/);
});

/** An attempt that the server turns down before its data. */
async function refused(): Promise<void> {
  const socket = createConnection(rig.mailrig.ports.smtp ?? 0, '127.0.0.1');
  const lines = ['EHLO a', 'MAIL FROM:<a@b.test>', 'RCPT TO:<not an address>', 'QUIT'];
  socket.on('data', () => {
    const line = lines.shift();
    if (line) socket.write(`${line}\r\n`);
  });
  await new Promise((resolve) => socket.on('close', resolve));
}

describe('a search', () => {
  const save = async (name: string): Promise<void> => {
    await page.getByRole('button', { name: 'Save this search' }).click();
    await page.getByRole('textbox', { name: 'Name of the search' }).fill(name);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name, exact: true }).waitFor();
  };

  it('is kept under a name, in all tabs of this browser', async () => {
    await search('to:dev');
    await save('For the developers');
    const other = await page.context().newPage();
    await other.goto(rig.mailrig.url);
    await other.getByRole('link', { name: 'For the developers' }).click();
    await rowOf(other, 'For dev').waitFor();
    await expect.poll(() => rowOf(other, 'For jm').count()).toBe(0);
  });

  it('is renamed and removed, and the focus stays near', async () => {
    await search('to:dev');
    await save('First');
    await search('to:jm');
    await save('Second');
    await page.getByRole('link', { name: 'First' }).hover();
    await page.getByRole('button', { name: 'Rename First' }).click();
    await page.keyboard.type('Better');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Better' }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Remove Better' }).press('Enter');
    await expect.poll(() => page.getByRole('link', { name: 'Better' }).count()).toBe(0);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Second');
  });

  it('is proposed in the search box', async () => {
    await search('to:dev');
    await save('For the developers');
    await value('All mail').click();
    await page.getByLabel('Search messages').click();
    await page.getByRole('option', { name: 'For the developers' }).click();
    await expect.poll(query).toBe('to:dev');
  });
});

describe('the title', () => {
  it('says how many are unread, of all and not only of what is shown', async () => {
    await expect.poll(() => page.title()).toBe('(4) Inbox · Mailrig');
    await search('to:dev');
    await live(page).waitFor();
    await rig.send({ subject: 'Elsewhere', to: 'jm@shop.test' });
    await expect.poll(() => page.title()).toBe('(5) Inbox · Mailrig');
  });

  it('has the number in its icon too', async () => {
    const icon = () => page.locator('link[rel=icon]').getAttribute('href');
    await expect.poll(icon).toMatch(/^data:image\/png/);
    await fetch(new URL('v1/messages', rig.mailrig.url), { method: 'DELETE' });
    await expect.poll(icon).toBe('./icon.svg');
    await expect.poll(() => page.title()).toBe('Inbox · Mailrig');
  });
});

describe('where there is no room beside the list', () => {
  it.each([
    ['a small window', { width: 900, height: 700 }],
    ['a phone', PHONE],
  ])('on %s, the filters are a sheet', async (_what, size) => {
    await page.setViewportSize(size);
    await expect.poll(() => filters().count()).toBe(0);
    await page.getByRole('button', { name: /filters$/ }).click();
    const sheet = page.getByRole('dialog', { name: 'Filters' });
    await sheet.getByRole('group', { name: 'Recipients' }).getByRole('button', { name: 'dev@corp.test' }).click();
    await sheet.getByRole('button', { name: 'Show 1 message' }).click();
    await rowOf(page, 'For dev').waitFor();
    await expect.poll(query).toBe('rcpt:dev@corp.test');
  });

  it.each([390, 320])('nothing scrolls sideways at %i px, with the search open or full of terms', async (width) => {
    await page.setViewportSize({ width, height: 640 });
    const excess = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    await page.getByLabel('Search messages').click();
    expect(await page.evaluate(excess)).toBe(0);
    await page.keyboard.type('to:dev@corp.test from:ci@gitlab.test');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Edit from: ci@gitlab.test' }).waitFor();
    expect(await page.evaluate(excess)).toBe(0);
    await rowOf(page, 'For dev').click();
  });
});

it('broke no rule of its own Content-Security-Policy in all of this', () => {
  expect(rig.problems).toEqual([]);
});
