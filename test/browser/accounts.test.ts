// The mailboxes of accounts in the page: what is seen and done there, and what mail programs do meanwhile.

import { ImapFlow } from 'imapflow';
import Pop3 from 'node-pop3';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PHONE, live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;
/** Another one for each test: mailboxes outlive a reset. */
let JO = '';
let accounts = 0;

const api = (path: string, init: RequestInit = {}) => fetch(new URL(`v1/${path}`, rig.mailrig.url), init);
const post = (path: string, body: unknown, method = 'POST') =>
  api(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const read = async <T>(path: string): Promise<T> => (await (await api(path)).json()) as T;
const count = async (query: string): Promise<number> => (await read<{ total: number }>(`messages?${query}`)).total;
const flagsOf = async (mailbox: string): Promise<string[][]> =>
  (await read<{ items: { flags: string[] }[] }>(`accounts/${JO}/mailboxes/${mailbox}/messages`)).items.map(({ flags }) => flags);

/** A client of a mail program, logged in, in a mailbox. */
async function withImap<T>(user: string, mailbox: string, act: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: rig.mailrig.ports.imap ?? 0,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: 'x' },
    logger: false,
  });
  await client.connect();
  if (mailbox !== '') await client.mailboxOpen(mailbox);
  const done = await act(client);
  await client.logout();
  return done;
}

const scope = (mailbox = 'INBOX') => `#/inbox?account=${encodeURIComponent(JO)}${mailbox === 'INBOX' ? '' : `&mailbox=${mailbox}`}`;
async function open(place = scope()): Promise<void> {
  page = await rig.open(place);
  await live(page).waitFor();
}
const filters = (name: string | RegExp) => page.getByRole('region', { name: 'Filters' }).getByRole('button', { name });
const subjects = () => page.getByRole('row').locator('.subject').allTextContents();

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
afterEach(async () => {
  expect(rig.problems).toEqual([]);
  await rig.closePages();
});
beforeEach(async () => {
  await post('reset', {});
  JO = `jo-${accounts++}@shop.test`;
  for (const subject of ['Third', 'Second', 'First']) await rig.send({ subject, to: JO });
  await rig.send({ subject: 'Not for Jo', to: 'ann@shop.test' });
});

describe('an account', () => {
  it('is chosen beside the list, its mailboxes stand below it, and Escape, Back and a link lead about', async () => {
    await withImap(JO, '', (client) => client.list());
    await open('#/inbox');
    await rowOf(page, 'Not for Jo').waitFor();
    await page.getByRole('group', { name: 'Accounts' }).getByRole('button', { name: JO }).click();
    await page.waitForURL(/account=jo-/);
    await expect.poll(subjects).toEqual(['First', 'Second', 'Third']);
    await page.getByRole('heading', { name: `${JO} INBOX` }).waitFor();
    await expect.poll(() => page.title()).toBe(`(3) ${JO} INBOX · Mailrig`);
    const names = await page
      .getByRole('group', { name: `Mailboxes of ${JO}` })
      .getByRole('button')
      .locator('.word')
      .allTextContents();
    expect(names).toEqual(['INBOX', 'Drafts', 'Sent', 'Archive', 'Junk', 'Trash']);
    await filters('Trash').click();
    await page.getByRole('heading', { name: 'This mailbox is empty' }).waitFor();
    await page.goBack();
    await expect.poll(subjects).toEqual(['First', 'Second', 'Third']);
    await page.getByRole('grid').focus();
    await page.keyboard.press('Escape');
    await page.waitForURL(/#\/inbox$/);
    await rowOf(page, 'Not for Jo').waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Back to all mail' }).click();
    await rowOf(page, 'Not for Jo').waitFor();
  });

  it('has marks of its own: what is read and starred there is so there alone', async () => {
    await open();
    await rowOf(page, 'Second').click();
    await page.getByRole('heading', { name: 'Second' }).waitFor();
    await page.keyboard.press('s');
    await expect.poll(() => flagsOf('INBOX')).toEqual([[], ['\\Seen', '\\Flagged'], []]);
    expect([await count('q=is:read'), await count('q=is:starred'), await count(`account=${JO}&q=is:unread`)]).toEqual([0, 0, 2]);
    await filters(/^Unread/).click();
    await expect.poll(subjects).toEqual(['First', 'Third']);
  });

  it('that is not there says so, and leads back', async () => {
    await open('#/inbox?account=nobody@shop.test');
    await page.getByRole('heading', { name: 'This mailbox is not there' }).waitFor();
    await page.getByRole('link', { name: 'Back to all mail' }).last().click();
    await rowOf(page, 'Not for Jo').waitFor();
  });

  it('is reached on a phone, and everything there too', async () => {
    page = await rig.open('', { viewport: PHONE, hasTouch: true });
    await rowOf(page, 'First').waitFor();
    await page.getByRole('button', { name: /filters$/ }).tap();
    await page.getByRole('group', { name: 'Accounts' }).getByRole('button', { name: JO }).tap();
    await page.getByRole('button', { name: /^Show 3 messages/ }).tap();
    await page.getByRole('heading', { name: `${JO} INBOX` }).waitFor();
    await page.getByRole('button', { name: 'More for this mailbox' }).tap();
    await page.getByRole('button', { name: 'New mailbox…' }).tap();
    await page.getByLabel('Name of the mailbox').fill('Work');
    await page.getByRole('button', { name: 'Create' }).tap();
    await page.getByRole('heading', { name: `${JO} Work` }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});

describe('what a mail program does is seen at once', () => {
  it('flags, also while rows are ticked, which stay ticked', async () => {
    await open();
    await rowOf(page, 'Third').locator('.pick').click();
    await withImap(JO, 'INBOX', async (client) => {
      await client.messageFlagsAdd('2', ['\\Seen', '\\Flagged']);
      await rowOf(page, 'Second').getByRole('img', { name: 'Starred' }).waitFor();
      await client.messageFlagsRemove('2', ['\\Seen', '\\Flagged']);
      await rowOf(page, 'Second').getByRole('img', { name: 'Starred' }).waitFor({ state: 'detached' });
    });
    await page.getByText('1 chosen').waitFor();
    await expect.poll(() => page.getByRole('row', { selected: true }).locator('.subject').allTextContents()).toEqual(['Third']);
  });

  it('what is moved goes, what is appended comes, a mailbox that is made stands in the list', async () => {
    await open();
    await rowOf(page, 'First').waitFor();
    await withImap(JO, 'INBOX', async (client) => {
      await client.mailboxCreate('Work');
      await client.messageMove('1', 'Work');
      await expect.poll(subjects).toEqual(['First', 'Second']);
      await filters(/^Work/).click();
      await expect.poll(subjects).toEqual(['Third']);
      await client.append('Work', 'Subject: A draft\r\n\r\nnot sent\r\n', ['\\Draft']);
      await expect.poll(subjects).toEqual(['A draft', 'Third']);
      await client.mailboxRename('Work', 'Done');
      await page.getByRole('heading', { name: 'This mailbox is not there' }).waitFor();
      await filters(/^Done/).click();
      await expect.poll(subjects).toEqual(['A draft', 'Third']);
    });
    // What was only put there is in no list of all.
    expect(await count('')).toBe(4);
  });

  it('what is expunged goes there, and stays in the inbox of all, which tells who removed it', async () => {
    await open();
    await rowOf(page, 'Second').click();
    await page.getByRole('heading', { name: 'Second' }).waitFor();
    await withImap(JO, 'INBOX', (client) => client.messageDelete('2'));
    await page.getByText('It is not in this mailbox, or no longer.').waitFor();
    await expect.poll(subjects).toEqual(['First', 'Third']);
    await page.getByRole('link', { name: 'Back to all mail' }).click();
    await rowOf(page, 'Second').click();
    await page.getByRole('button', { name: 'All addresses' }).click();
    await page.getByText('removed by IMAP').waitFor();
  });

  it('what POP3 deletes goes with QUIT', async () => {
    await open();
    await rowOf(page, 'Third').waitFor();
    const client = new Pop3({ host: '127.0.0.1', port: rig.mailrig.ports.pop3 ?? 0, user: JO, password: 'x' });
    await client.UIDL();
    await client.command('DELE', '1');
    await client.QUIT();
    await expect.poll(subjects).toEqual(['First', 'Second']);
  });

  it('who read a message is told while it is open, of each of many recipients', async () => {
    const many = Array.from({ length: 8 }, (_, n) => `reader-${n}@many.test`);
    await rig.send({ subject: 'To eight', to: many });
    await open('#/inbox');
    await rowOf(page, 'To eight').click();
    await page.getByRole('button', { name: 'All addresses' }).click();
    await page.getByRole('listitem').filter({ hasText: 'reader-7@many.test' }).waitFor();
    await withImap('reader-7@many.test', 'INBOX', (client) => client.messageFlagsAdd('1', ['\\Seen']));
    await page.getByRole('listitem').filter({ hasText: 'reader-7@many.test' }).getByText('read by IMAP').waitFor();
    await page.getByRole('link', { name: 'reader-7@many.test' }).click();
    await page.getByRole('heading', { name: 'reader-7@many.test INBOX' }).waitFor();
  });
});

describe('what is done in a mailbox', () => {
  it('Delete takes away the entry there alone, and says so', async () => {
    await open();
    await rowOf(page, 'First').hover();
    await rowOf(page, 'First').getByRole('button', { name: 'Delete' }).click();
    await page.getByText(`Removed from ${JO} INBOX; still in the inbox of all`).waitFor();
    await expect.poll(() => count(`account=${JO}`)).toBe(2);
    expect(await count('')).toBe(4);
    expect(await page.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
  });

  it('messages are moved by key, to a mailbox that is made for it, and back', async () => {
    await open();
    await rowOf(page, 'First').waitFor();
    for (const key of ['j', 'x', 'j', 'x', 'm']) await page.keyboard.press(key);
    const dialog = page.getByRole('dialog', { name: 'Move to' });
    await dialog.getByRole('button', { name: 'Archive' }).waitFor();
    await dialog.getByLabel('Mailbox, or a new name').fill('Receipts/2026');
    await dialog.getByRole('button', { name: 'New mailbox “Receipts/2026”' }).click();
    await page.getByText('Moved 2 to Receipts/2026').waitFor();
    await expect.poll(subjects).toEqual(['Third']);
    const names = await withImap(JO, 'Receipts/2026', async (client) => (await client.list()).map(({ path }) => path));
    expect(names).toEqual(expect.arrayContaining(['Receipts', 'Receipts/2026']));
    expect(await count(`account=${JO}&mailbox=Receipts/2026`)).toBe(2);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await subjects()).sort()).toEqual(['First', 'Second', 'Third']);
  });

  it('messages are copied from the bar', async () => {
    await open();
    await rowOf(page, 'Second').locator('.pick').click();
    await page.getByRole('button', { name: 'To another mailbox' }).click();
    await page.getByRole('button', { name: 'Copy to…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Trash' }).click();
    await page.getByText('Copied 1 to Trash').waitFor();
    await filters('Trash').click();
    await expect.poll(subjects).toEqual(['Second']);
    expect(await count(`account=${JO}`)).toBe(3);
  });

  it('mailboxes are made, renamed and deleted', async () => {
    await open();
    const menu = async (item: string): Promise<void> => {
      await page.getByRole('button', { name: 'More for this mailbox' }).click();
      await page.getByRole('button', { name: item }).click();
    };
    await menu('New mailbox…');
    await page.getByLabel('Name of the mailbox').fill('a//b');
    await page.keyboard.press('Enter');
    await page.getByText(/A level of the name is empty/).waitFor();
    await page.getByLabel('Name of the mailbox').fill('Work');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `${JO} Work` }).waitFor();
    await menu('Rename this mailbox…');
    await page.getByLabel('Name of the mailbox').fill('Done & dusted');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `${JO} Done & dusted` }).waitFor();
    await withImap(JO, 'Done & dusted', (client) => client.append('Done & dusted', 'Subject: Kept here\r\n\r\nhi\r\n'));
    await rowOf(page, 'Kept here').waitFor();
    await menu('Delete this mailbox…');
    await page.getByText(/The 1 message in it go/).waitFor();
    await page.getByRole('button', { name: 'Delete the mailbox' }).click();
    await page.getByRole('heading', { name: `${JO} INBOX` }).waitFor();
    await filters(/^Done/).waitFor({ state: 'detached' });
  });
});

describe('what is written', () => {
  const write = async (): Promise<void> => {
    await page.keyboard.press('c');
    await page.getByLabel('From').fill('Jo Writes <New.Jo+tag@shop.test>');
    await page.locator('#to').fill('ann@shop.test');
    await page.locator('#subject').fill('From the browser');
    await page.getByRole('button', { name: /^Send/ }).click();
    await page.getByRole('heading', { name: 'Sent' }).waitFor();
  };

  it('is kept in Sent of its sender, seen, where a mail program finds it', async () => {
    await open('#/inbox');
    await write();
    await page.getByText('A copy is in Sent of new.jo@shop.test.').waitFor();
    const found = await withImap('new.jo@shop.test', 'Sent', (client) => client.fetchOne('1', { flags: true, envelope: true }));
    expect(found && [found.envelope?.subject, [...(found.flags ?? [])]]).toEqual(['From the browser', ['\\Seen']]);
    await page.getByRole('link', { name: 'Open Sent' }).click();
    await rowOf(page, 'From the browser').waitFor();
    expect(await count('q=subject:browser')).toBe(1);
  });

  it('is not kept by whoever does not want it, and where it cannot be, that is said', async () => {
    await open('#/inbox');
    await page.keyboard.press('c');
    await page.getByLabel('Keep a copy in Sent').uncheck();
    await page.keyboard.press('Escape');
    await write();
    expect(await page.getByText(/in Sent of/).count()).toBe(0);
    await page.getByRole('button', { name: 'Close' }).last().click();
    await page.keyboard.press('c');
    await page.getByLabel('Keep a copy in Sent').check();
    await page.keyboard.press('Escape');
    await page.route('**/mailboxes/Sent/messages*', (route) =>
      route.fulfill({ status: 507, json: { error: { code: 'storage-full', message: 'no room is left' } } }),
    );
    await write();
    await page.getByText('No copy is in Sent of new.jo@shop.test: no room is left').waitFor();
    await page.unroute('**/mailboxes/Sent/messages*');
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('A copy is in Sent of new.jo@shop.test.').waitFor();
  });
});

describe('ten thousand accounts', () => {
  it('are narrowed by a part of a name', async () => {
    const many = await startRig();
    const to = Array.from({ length: 10_000 }, (_, n) => `user-${n}@many.test`);
    await fetch(new URL('v1/messages', many.mailrig.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: 'app@client.test', to, subject: 'To all of them' }),
    });
    page = await many.open('#/inbox');
    await page.getByText('9,995 more: type a part of the name').waitFor();
    await page.getByLabel('Find an account').fill('USER-7345@');
    await page.getByRole('group', { name: 'Accounts' }).getByRole('button', { name: 'user-7345@many.test' }).click();
    await rowOf(page, 'To all of them').waitFor();
    await page.getByRole('heading', { name: 'user-7345@many.test INBOX' }).waitFor();
    expect(await page.getByRole('region', { name: 'Filters' }).getByRole('button').count()).toBeLessThan(60);
    await many.stop();
  });
});
