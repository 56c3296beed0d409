// The inbox in a real browser: mail arrives by itself, is opened, read, marked, found and deleted.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;

const WELCOME = {
  subject: 'Welcome to Acme',
  text: 'Hello Jürgen,\nyour code is 482913.\nhttps://app.acme.test/confirm?t=8fKq\n',
  html: '<p>Hello <b>Jürgen</b>, your code is 482913. <a href="https://app.acme.test/confirm?t=8fKq">Confirm</a></p>',
  attachments: [{ filename: 'terms.txt', content: 'Be kind.' }],
};

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

beforeEach(async () => {
  await fetch(new URL('v1/messages', rig.mailrig.url), { method: 'DELETE' });
  page = await rig.open();
  await live(page).waitFor();
});

// Before the next test takes their messages away.
afterEach(() => rig.closePages());

describe('before the first message', () => {
  it('says where to send it, with the port this server listens on', async () => {
    await page.getByRole('heading', { name: 'Waiting for your first message' }).waitFor();
    expect(await page.locator('pre').textContent()).toContain(`port: ${rig.mailrig.ports.smtp ?? 0},`);
  });

  it('sends a test message through the SMTP server and turns into the list', async () => {
    await page.getByRole('button', { name: 'Send a test message' }).click();
    await rowOf(page, 'It works: your first message').click();
    await page.getByRole('tab', { name: 'Transcript' }).click();
    await page.getByText('MAIL FROM:<hello@mailrig.test>').waitFor();
  });
});

describe('a message that arrives', () => {
  it('appears by itself, with sender, recipient and subject, unread', async () => {
    await rig.send(WELCOME);
    const row = rowOf(page, 'Welcome to Acme');
    await row.waitFor();
    expect(await row.textContent()).toMatch(/Acme Team.*jm@shop\.test/);
    expect(await row.getByRole('gridcell', { name: 'Unread.' }).count()).toBe(1);
  });

  it('waits while the pointer is over the list, so that no row moves under it', async () => {
    await rig.send({ subject: 'First' });
    await rowOf(page, 'First').hover();
    const place = await rowOf(page, 'First').boundingBox();
    await rig.send({ subject: 'Second' });
    await page.getByRole('button', { name: '1 new message' }).waitFor();
    expect(await rowOf(page, 'Second').count()).toBe(0);
    expect(await rowOf(page, 'First').boundingBox()).toEqual(place);
    await page.getByRole('button', { name: '1 new message' }).click();
    await rowOf(page, 'Second').waitFor();
  });

  it('shows only what matches while a filter is set', async () => {
    await rig.send({ subject: 'First' });
    await page.getByLabel('Search messages').fill('subject:wanted');
    await page.getByRole('heading', { name: 'No message matches' }).waitFor();
    await live(page).waitFor();
    await rig.send({ subject: 'Other' });
    await rig.send({ subject: 'Wanted at last' });
    await rowOf(page, 'Wanted at last').waitFor();
    expect(await rowOf(page, 'Other').count()).toBe(0);
  });
});

it('stays where it is scrolled to while an open message is pushed down by new ones', async () => {
  await rig.send({ subject: 'Read me' });
  await rowOf(page, 'Read me').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Read me' }).waitFor();
  for (let i = 1; i <= 20; i++) await rig.send({ subject: `Later ${i}.` });
  await rowOf(page, 'Later 20.').waitFor();
  expect(await page.evaluate(`document.querySelector('[role=grid]').scrollTop`)).toBe(0);
});

describe('an open message', () => {
  beforeEach(async () => {
    await rig.send(WELCOME);
    await rowOf(page, 'Welcome to Acme').click();
  });

  it('is shown in a frame that can run nothing', async () => {
    await page.frameLocator('iframe').getByText('Hello Jürgen').waitFor();
    expect(await page.locator('iframe').getAttribute('sandbox')).toBe('allow-popups allow-popups-to-escape-sandbox');
  });

  it('gives code and link to copy', async () => {
    await page.locator('output', { hasText: '482913' }).waitFor();
    const link = page.getByRole('link', { name: 'Open' });
    expect(await link.getAttribute('href')).toBe('https://app.acme.test/confirm?t=8fKq');
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  });

  it.each([
    ['Text', 'your code is 482913.'],
    ['Headers', 'Welcome to Acme'],
    ['Attachments', 'terms.txt'],
    ['Raw', 'Subject: Welcome to Acme'],
    ['Transcript', 'RCPT TO:<jm@shop.test>'],
  ])('has a view %s', async (name, content) => {
    await page.getByRole('tab', { name }).click();
    await page.getByRole('tabpanel').getByText(content).first().waitFor();
    await page.waitForURL(`**/#/m/*/${name.toLowerCase()}`);
  });

  it('is read from then on, here and for the API', async () => {
    await expect.poll(() => rowOf(page, 'Welcome to Acme').getByRole('gridcell', { name: 'Unread.' }).count()).toBe(0);
    await expect
      .poll(async () => ((await (await fetch(new URL('v1/messages?q=is:read', rig.mailrig.url))).json()) as { total: number }).total)
      .toBe(1);
  });

  it('follows what others do: starred elsewhere, it is starred here', async () => {
    const star = (pressed: boolean) => page.getByRole('region', { name: 'Message' }).getByRole('button', { name: 'Star', pressed });
    await star(false).waitFor();
    await fetch(new URL('v1/messages', rig.mailrig.url), {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ q: 'welcome', set: { starred: true } }),
    });
    await star(true).waitFor();
  });

  it('says so when it is deleted elsewhere', async () => {
    await page.getByRole('heading', { name: 'Welcome to Acme' }).waitFor();
    await fetch(new URL('v1/messages', rig.mailrig.url), { method: 'DELETE' });
    await page.getByText('This message is gone').waitFor();
  });

  it('has an address of its own that opens the same view', async () => {
    await page.getByRole('tab', { name: 'Text' }).click();
    await page.waitForURL(/\/text$/);
    const again = await rig.open(new URL(page.url()).hash);
    await again.getByRole('tabpanel').getByText('your code is 482913.').waitFor();
  });
});

describe('deleting', () => {
  it('takes the row away at once and opens the one after it', async () => {
    for (const subject of ['Oldest', 'Middle', 'Newest']) await rig.send({ subject });
    await rowOf(page, 'Newest').waitFor();
    await rowOf(page, 'Middle').click();
    await page.getByRole('heading', { name: 'Middle' }).waitFor();
    await page.getByRole('region', { name: 'Message' }).getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('heading', { name: 'Oldest' }).waitFor();
    expect(await rowOf(page, 'Middle').count()).toBe(0);
  });

  it('works from the row under the pointer, without opening it', async () => {
    for (const subject of ['Stays', 'Goes']) await rig.send({ subject });
    await rowOf(page, 'Goes').waitFor();
    await rowOf(page, 'Goes').hover();
    await rowOf(page, 'Goes').getByRole('button', { name: 'Delete', exact: true }).click();
    await expect.poll(() => rowOf(page, 'Goes').count()).toBe(0);
    await rowOf(page, 'Stays').waitFor();
    await page.getByText('No message is open').waitFor();
  });
});

describe('searching', () => {
  it('leaves a blank at the end where it is, for somebody who goes on typing', async () => {
    await rig.send({ subject: 'Apples and pears' });
    await rowOf(page, 'Apples').waitFor();
    await page.getByLabel('Search messages').fill('apples ');
    await page.waitForURL(/q=apples/);
    await page.getByLabel('Search messages').press('End');
    await page.keyboard.type('pears');
    await page.waitForURL(/pears/);
    expect(await page.getByLabel('Search messages').inputValue()).toBe('apples pears');
    await rowOf(page, 'Apples and pears').waitFor();
  });

  it('finds by the query grammar, and a link to the search finds the same', async () => {
    await rig.send({ subject: 'Apples', from: 'fruit@acme.test' });
    await rig.send({ subject: 'Beets', from: 'roots@acme.test' });
    await page.getByLabel('Search messages').fill('from:fruit');
    await expect.poll(() => rowOf(page, 'Beets').count()).toBe(0);
    await rowOf(page, 'Apples').waitFor();
    await page.waitForURL(/q=from/);
    const again = await rig.open(new URL(page.url()).hash);
    await rowOf(again, 'Apples').waitFor();
    expect(await rowOf(again, 'Beets').count()).toBe(0);
  });

  it('shows at which column a query went wrong, and keeps the list', async () => {
    await rig.send({ subject: 'Still here' });
    await rowOf(page, 'Still here').waitFor();
    await page.getByLabel('Search messages').fill('subject:a colour:red');
    const failure = page.locator('#query-failure');
    await failure.waitFor();
    expect(await failure.locator('mark').textContent()).toBe('c');
    expect(await page.getByLabel('Search messages').getAttribute('aria-invalid')).toBe('true');
    await rowOf(page, 'Still here').waitFor();
  });
});

it('broke no rule of its own Content-Security-Policy in all of this', () => {
  expect(rig.problems).toEqual([]);
});
