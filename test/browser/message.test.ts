// An open message: its facts and marks, what is pulled out of it, its header, its parts and its attachments.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const hop = (by: string, time: string) => ({
  key: 'Received',
  value: `from a.test ([10.0.0.1]) by ${by} with ESMTP; Mon, 2 Feb 2026 ${time} +0000`,
});

let rig: Rig;
let page: Page;

const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(new URL(`v1/${path}`, rig.mailrig.url), init);
const send = (json: unknown, method: string, path = 'messages'): Promise<Response> =>
  ask(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) });
const newest = async (): Promise<string> => ((await (await ask('messages/latest')).json()) as { id: string }).id;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

afterEach(() => rig.closePages());
beforeEach(async () => {
  await ask('reset', { method: 'POST' });
  await rig.send({ subject: 'Before', text: 'Older' });
  await rig.send({
    subject: 'Everything',
    to: 'Jo <jm@shop.test>, two@shop.test, three@shop.test, four@shop.test',
    cc: 'cc@shop.test',
    bcc: 'boss@shop.test',
    replyTo: 'help@acme.test',
    text: 'Your code is 482913, see https://app.test/confirm',
    html: '<p>Your code is 482913</p><a href="https://app.test/confirm">Confirm</a> <a href="https://app.test/help">Help me</a> <a href="mailto:x@acme.test">Mail</a>',
    headers: [hop('c.test', '10:00:03'), hop('b.test', '10:00:05'), hop('a.test', '10:00:00')],
    attachments: [
      { filename: 'note.txt', content: 'A note of ours' },
      { filename: 'photo.jpg', contentType: 'image/jpeg', content: PNG },
      { filename: 'page.html', contentType: 'text/html', content: '<script>document.title = "run"</script>' },
      { filename: 'data.bin', contentType: 'application/octet-stream', content: Buffer.from([1, 2, 3]) },
    ],
  });
  page = await rig.open('', { permissions: ['clipboard-read', 'clipboard-write'] });
  await live(page).waitFor();
  await rowOf(page, 'Everything').click();
  await page.getByRole('heading', { name: 'Everything' }).waitFor();
});

const copied = (): Promise<string> => page.evaluate('navigator.clipboard.readText()');
const more = () => page.getByRole('button', { name: 'More', exact: true });
const item = (name: string) => {
  const list = page.getByRole('group', { name: 'More', exact: true });
  return list.getByRole('button', { name, exact: true }).or(list.getByRole('link', { name, exact: true }));
};
const tab = async (name: string): Promise<void> => page.getByRole('tab', { name }).click();
const panel = () => page.getByRole('tabpanel');
const part = (name: string | RegExp) => page.getByRole('treeitem', { name });

describe('its facts', () => {
  it('hold every address, and who read or removed it', async () => {
    const id = await newest();
    await page.getByRole('button', { name: 'All addresses' }).click();
    const message = page.getByRole('region', { name: 'Message' });
    for (const address of ['cc@shop.test', 'help@acme.test', 'boss@shop.test']) await message.getByText(address).first().waitFor();
    const path = `accounts/${encodeURIComponent('two@shop.test')}/mailboxes/INBOX/messages`;
    const { items } = (await (await ask(path)).json()) as { items: { uid: number; messageId: string }[] };
    const uid = items.find(({ messageId }) => messageId === id)?.uid ?? 0;
    await send({ uids: [uid], add: ['\\Seen'] }, 'PATCH', path);
    await message.getByRole('listitem').filter({ hasText: 'two@shop.test' }).getByText('read by HTTP').waitFor();
  });

  it('name who is only in the envelope', async () => {
    await page.getByText('also RCPT boss@shop.test').waitFor();
  });
});

describe('what can be done with it', () => {
  it.each([
    ['Reply', '#/compose/reply/'],
    ['Forward', '#/compose/forward/'],
  ])('%s leads to a draft', async (name, place) => {
    const id = await newest();
    expect(await page.getByRole('link', { name, exact: true }).getAttribute('href')).toBe(`${place}${id}`);
  });

  it('is in a list that the keyboard opens, walks and leaves without leaving the message', async () => {
    await more().focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.locator('a:focus').filter({ hasText: 'Reply to all' }).waitFor();
    await page.keyboard.press('Escape');
    await item('Reply to all').waitFor({ state: 'hidden' });
    await page.locator('button[title=More]:focus').waitFor();
    await page.getByRole('heading', { name: 'Everything' }).waitFor();
  });

  it('pins it and takes the pin away', async () => {
    await more().click();
    await item('Pin').click();
    await more().click();
    await item('Unpin').click();
    await more().click();
    await item('Pin').waitFor();
  });

  it('copies a link that leads to it', async () => {
    await more().click();
    await item('Copy a link to this message').click();
    await expect.poll(copied).toBe(`${rig.mailrig.url}#/m/${await newest()}/preview`);
  });

  it('tags it, with the tags of others as suggestions', async () => {
    await send({ q: 'subject:Before', set: { tags: { add: ['release 4'] } } }, 'PATCH');
    await page.keyboard.press('t');
    const field = page.getByRole('combobox', { name: 'New tag' });
    await page.locator('datalist option[value="release 4"]').waitFor({ state: 'attached' });
    await field.fill('signup');
    await field.press('Enter');
    await page.getByRole('button', { name: 'Take the tag signup away' }).click();
    await page.getByRole('button', { name: 'Take the tag signup away' }).waitFor({ state: 'hidden' });
    await field.press('Escape');
    await field.waitFor({ state: 'hidden' });
    await page.getByRole('heading', { name: 'Everything' }).waitFor();
  });
});

describe('what is pulled out of it', () => {
  it('is the first code and link, and all others on demand', async () => {
    await page.keyboard.press('y');
    await expect.poll(copied).toBe('482913');
    await page.getByRole('button', { name: '+2 more' }).click();
    const all = page.getByRole('group', { name: 'All codes and links' }).getByRole('listitem');
    expect(await all.allInnerTexts()).toEqual([expect.stringContaining('Help me'), expect.stringContaining('mailto:x@acme.test')]);
    await all.filter({ hasText: 'Help me' }).getByRole('button', { name: 'Copy the link' }).click();
    await expect.poll(copied).toBe('https://app.test/help');
    expect(await all.filter({ hasText: 'mailto' }).getByRole('link').count()).toBe(0);
  });
});

describe('its header', () => {
  beforeEach(() => tab('Headers'));

  it('tells the route, and where clocks differ', async () => {
    const hops = page.getByRole('region', { name: 'Route' }).getByRole('listitem');
    await expect.poll(() => hops.count()).toBe(3);
    const told = (await hops.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    expect(told[1]).toMatch(/^\+5 s a\.test \(10\.0\.0\.1\) → b\.test clear text, ESMTP/);
    expect(told[2]).toMatch(/^−2 s, clocks differ/);
  });

  it('is filtered, and copied field by field or whole', async () => {
    await page.getByLabel('Filter the header fields').fill('reply');
    await page.getByRole('button', { name: 'Copy Reply-To' }).click();
    await expect.poll(copied).toBe('Reply-To: help@acme.test');
    await page.getByLabel('Filter the header fields').fill('received');
    await page.getByRole('checkbox', { name: 'As sent' }).check();
    await panel().getByRole('button', { name: 'Copy', exact: true }).click();
    await expect.poll(async () => (await copied()).match(/^Received: from/gm)?.length).toBe(3);
  });
});

describe('its parts', () => {
  beforeEach(() => tab('MIME'));

  it('are a tree that arrows walk, open and close', async () => {
    await part(/multipart\/mixed/).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('treeitem', { name: /multipart\/alternative/, selected: true }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await part(/text\/html.*quoted|text\/html, /)
      .waitFor({ state: 'hidden' })
      .catch(() => undefined);
    await page.getByRole('treeitem', { name: /multipart\/alternative/, expanded: false }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('treeitem', { name: /multipart\/alternative/, expanded: true }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('treeitem', { name: /text\/plain/, selected: true }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('treeitem', { name: /multipart\/alternative/, selected: true }).waitFor();
    await page.keyboard.press('End');
    await page.getByRole('treeitem', { name: /data\.bin/, selected: true }).waitFor();
  });

  it('show their content, their header and their source as they stand in the message', async () => {
    await part(/note\.txt/).click();
    await panel().getByText('A note of ours').waitFor();
    await page.getByRole('radio', { name: 'Header' }).click();
    await panel().getByText('Content-Disposition: attachment; filename=note.txt').waitFor();
    await page.getByRole('radio', { name: 'Source' }).click();
    await panel()
      .getByText(/^(A note of ours|QSBub3RlIG9mIG91cnM=)$/)
      .waitFor();
  });

  it('are drawn where they are pictures by their content, and never run', async () => {
    await part(/photo\.jpg/).click();
    await expect.poll(() => panel().locator('img').getAttribute('src')).toMatch(/^data:image\/png;base64,/);
    await part(/page\.html/).click();
    await panel().getByText('<script>document.title = "run"</script>').waitFor();
    await part(/data\.bin/).click();
    await panel().getByText('application/octet-stream is not shown here').waitFor();
    expect(await page.title()).toContain('Everything');
  });
});

it('shows its attachments in place, and warns of one that is not what it says', async () => {
  await tab('Attachments');
  const row = (name: string) => panel().getByRole('listitem').filter({ hasText: name });
  await row('photo.jpg').getByText('looks like image/png').waitFor();
  await row('photo.jpg').getByRole('button', { name: 'Show' }).click();
  await row('photo.jpg').locator('img').waitFor();
  await row('note.txt').getByRole('button', { name: 'Show' }).click();
  await row('note.txt').getByText('A note of ours').waitFor();
  await row('note.txt').getByRole('button', { name: 'Hide' }).click();
  await row('note.txt').getByText('A note of ours').waitFor({ state: 'hidden' });
  expect(await row('data.bin').getByRole('button', { name: 'Show' }).count()).toBe(0);
  await row('data.bin').getByRole('button', { name: 'Copy the SHA-256' }).click();
  await expect.poll(copied).toMatch(/^[\da-f]{64}$/);
});

it('names the charset of its text', async () => {
  await tab('Text');
  await panel()
    .getByText(/utf-8, /)
    .waitFor();
  await page.getByRole('checkbox', { name: 'Wrap lines' }).uncheck();
  await panel().getByText('Your code is 482913').waitFor();
});

it('says that somebody deleted it, and is back when that is undone', async () => {
  const id = await newest();
  const { undo } = (await (await send({ ids: [id] }, 'DELETE')).json()) as { undo: string };
  await page.getByText('Somebody deleted it.').waitFor();
  await send({ undo }, 'POST', 'undo');
  await page.getByRole('heading', { name: 'Everything' }).waitFor();
});

it('says of an address that never was that it is not known', async () => {
  await page.goto(`${rig.mailrig.url}#/m/00000000000000/text`);
  await page.getByText('No message has this address').waitFor();
});

it('puts its facts and the open view on paper, without bars and list', async () => {
  await tab('Text');
  await panel().getByText('Your code is 482913').waitFor();
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('heading', { name: 'Everything' }).isVisible()).toBe(true);
  expect(await panel().getByText('Your code is 482913').isVisible()).toBe(true);
  for (const hidden of [page.getByRole('grid'), page.getByRole('tablist'), more(), page.getByLabel('Search messages')])
    expect(await hidden.isVisible()).toBe(false);
});

it.each([1360, 900, 390, 320])('holds sixty recipients, long words and other scripts at %i px', async (width) => {
  await rig.send({
    from: `"مكتب ${'Averylongname'.repeat(10)}" <long@acme.test>`,
    to: Array.from({ length: 60 }, (_, i) => `list-${i}@corp.test`),
    subject: `東京 ${'x'.repeat(5000)}`,
    text: `${'w'.repeat(5000)} https://app.test/${'p'.repeat(2000)} code 482913`,
    attachments: [{ filename: `${'n'.repeat(300)}.txt`, content: 'x' }],
  });
  await page.setViewportSize({ width, height: 800 });
  const id = await newest();
  for (const name of ['preview', 'text', 'headers', 'mime', 'attachments', 'transcript']) {
    await page.goto(`${rig.mailrig.url}#/m/${id}/${name}`);
    await page.getByRole('heading', { name: /東京/ }).waitFor();
    await panel().locator('*').first().waitFor();
    if (name === 'preview') await page.getByRole('button', { name: 'All addresses' }).click();
    const excess = `[...document.querySelectorAll('html, #message, #message header, .room, .panel')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1).map((element) => element.tagName + '.' + element.className)`;
    expect([name, await page.evaluate(excess)]).toEqual([name, []]);
  }
});
