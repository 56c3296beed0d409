// Writing: new messages and answers, by keys and by pointer, through the SMTP server and into the list.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Page } from 'playwright-core';
import type { MailrigOptions } from '../../server/app.ts';
import type { ListOf, MessageDetail, Summary } from '../../server/http/contract/types.ts';
import { PHONE, live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

afterEach(async () => {
  expect(rig.problems).toEqual([]);
  await rig.closePages();
});
beforeEach(async () => {
  await fetch(new URL('v1/messages', rig.mailrig.url), { method: 'DELETE' });
  await rig.send({ from: 'Old <old@acme.test>', to: 'dev@shop.test', subject: 'Earlier', text: 'x' });
  await rig.send({
    to: 'Jürgen Müller <jm@shop.test>, second@shop.test',
    cc: 'third@shop.test',
    subject: 'Welcome',
    text: 'Hello Jürgen\n> earlier',
    messageId: '<first@acme.test>',
    attachments: [{ filename: 'a.txt', content: 'a' }],
  });
  page = await rig.open();
  await live(page).waitFor();
  await rowOf(page, 'Welcome').waitFor();
});

const dialog = () => page.getByRole('dialog');
const field = (name: string) => dialog().getByLabel(name, { exact: true });
const chips = (name: string) =>
  dialog()
    .getByRole('list', { name: `${name}: recipients` })
    .getByRole('listitem');
const button = (name: string | RegExp) => dialog().getByRole('button', { name });
const sent = () => dialog().getByRole('heading', { name: 'Sent' });
const send = async (): Promise<void> => {
  await page.keyboard.press('Control+Enter');
  await sent().waitFor();
};

/** The newest message that matches. */
async function newest(q: string): Promise<MessageDetail> {
  const get = async <T>(path: string): Promise<T> => (await (await fetch(new URL(`v1/${path}`, rig.mailrig.url))).json()) as T;
  const { items } = await get<ListOf<Summary>>(`messages?limit=1&q=${encodeURIComponent(q)}`);
  return get<MessageDetail>(`messages/${items[0]?.id ?? ''}`);
}
const header = ({ headers }: MessageDetail, name: string): string | undefined =>
  headers.find((one) => one.name.toLowerCase() === name.toLowerCase())?.value;

describe('a new message', () => {
  it('is written, sent and opened with the keyboard alone', async () => {
    await page.keyboard.press('c');
    await dialog().getByRole('heading', { name: 'New message' }).waitFor();
    await page.keyboard.type('Jo <jo@app.test>');
    await page.keyboard.press('Tab');
    await page.keyboard.type('kim+a@shop.test, "Doe, Ann" <ann@shop.test>');
    await page.keyboard.press('Tab');
    await field('Subject').fill('Grüße');
    await field('Text').fill('Hello\n.\nworld');
    await dialog().getByText('Lands in 2 accounts').waitFor();
    await send();
    await dialog().getByText('RCPT TO:<kim+a@shop.test>').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Grüße' }).waitFor();
    expect(await dialog().count()).toBe(0);
    const message = await newest('subject:Grüße');
    expect(message.source).toBe('smtp');
    expect(message.text?.trim()).toBe('Hello\n.\nworld');
    expect(message.from).toEqual([{ name: 'Jo', address: 'jo@app.test' }]);
    expect(message.to).toEqual([
      { name: '', address: 'kim+a@shop.test' },
      { name: 'Doe, Ann', address: 'ann@shop.test' },
    ]);
  });

  it('begins with the sender that was used last', async () => {
    await page.keyboard.press('c');
    await field('From').fill('last@app.test');
    await field('To').fill('a@shop.test');
    await send();
    await button('Close').last().click();
    await page.getByRole('link', { name: 'Compose' }).click();
    expect(await field('From').inputValue()).toBe('last@app.test');
    await page.locator('#to:focus').waitFor();
  });

  it('offers the accounts as senders', async () => {
    await page.keyboard.press('c');
    await field('From').waitFor();
    await page.locator('datalist option[value="dev@shop.test"]').waitFor({ state: 'attached' });
  });

  it('takes pasted lists, and lets every address be edited and removed with keys', async () => {
    await page.keyboard.press('c');
    await field('To').fill('a@x.test; B <b@x.test>, c@x.test,');
    expect(await chips('To').allInnerTexts()).toHaveLength(3);
    await page.keyboard.press('Backspace');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    await expect.poll(() => field('To').inputValue()).toBe('c@x.test');
    await page.keyboard.type('d@x.test');
    await page.keyboard.press('Enter');
    expect(await chips('To').allInnerTexts()).toEqual(['a@x.test', 'd@x.test']);
    await button('Remove a@x.test').click();
    expect(await chips('To').allInnerTexts()).toEqual(['d@x.test']);
  });

  it('says what is missing or wrong, at its field', async () => {
    await page.keyboard.press('c');
    await field('From').fill('');
    await button(/^Send/).click();
    await page.locator('#from:focus').waitFor();
    await dialog().getByText('Say who sends it.').waitFor();
    await dialog().getByText('Say who gets it').waitFor();
    await field('From').fill('jo@app.test');
    await field('To').fill('nobody');
    await page.keyboard.press('Control+Enter');
    await dialog().getByText('“nobody” is no address.').waitFor();
    await button('nobody no address').click();
    await page.keyboard.type('kim@shop.test');
    await send();
  });

  it('carries blind copies, header fields, HTML and attachments', async () => {
    await page.keyboard.press('c');
    await field('From').fill('jo@app.test');
    await button('Add Bcc').click();
    await page.locator('#bcc:focus').waitFor();
    await page.keyboard.type('boss@shop.test');
    await button('Headers').click();
    await button('Add a header field').click();
    await page.keyboard.type('List-Id');
    await page.keyboard.press('Tab');
    await page.keyboard.type('news <news.app.test>');
    await button('HTML').click();
    await field('HTML source').fill('<p>Hello <b>you</b></p>');
    await field('Subject').fill('Everything');
    await dialog()
      .locator('input[type=file]')
      .setInputFiles([
        { name: 'ünïcode.png', mimeType: 'image/png', buffer: Buffer.alloc(1_000_000, 7) },
        { name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('b') },
      ]);
    await dialog()
      .getByText(/^1\.4 MB, of /)
      .waitFor();
    await button('Remove b.txt').click();
    await field('Text').focus();
    await send();
    const message = await newest('subject:Everything');
    expect(message.envelope.recipients).toEqual(['boss@shop.test']);
    expect(message.headers.map(({ name }) => name.toLowerCase())).not.toContain('bcc');
    expect(header(message, 'List-Id')).toBe('news <news.app.test>');
    expect(message.html).toContain('<b>you</b>');
    expect(message.attachments).toMatchObject([{ filename: 'ünïcode.png', type: 'image/png', size: 1_000_000 }]);
  });

  it('takes files that are dropped on it or pasted', async () => {
    await page.keyboard.press('c');
    await field('Text').focus();
    for (const kind of ['drop', 'paste'] as const) {
      await page.evaluate(`(() => {
        const data = new DataTransfer();
        data.items.add(new File(['x'], '${kind}.bin'));
        const options = { dataTransfer: data, clipboardData: data, bubbles: true, cancelable: true };
        const event = '${kind}' === 'drop' ? new DragEvent('drop', options) : new ClipboardEvent('paste', options);
        document.activeElement.dispatchEvent(event);
      })()`);
      await dialog().getByRole('list', { name: 'Attached files' }).getByText(`${kind}.bin`).waitFor();
    }
  });
});

describe('an answer', () => {
  it.each([
    ['r', 'Reply', ['Acme Team hello@acme.test'], [], 'Re: Welcome'],
    ['a', 'Reply to all', ['Acme Team hello@acme.test', 'second@shop.test'], ['third@shop.test'], 'Re: Welcome'],
    ['w', 'Forward', [], [], 'Fwd: Welcome'],
  ])('%s begins one: %s', async (key, title, to, cc, subject) => {
    await page.keyboard.press('j');
    await page.keyboard.press(key);
    await dialog().getByRole('heading', { name: title, exact: true }).waitFor();
    await field('Subject').waitFor();
    expect(await field('From').inputValue()).toBe('Jürgen Müller <jm@shop.test>');
    const texts = async (name: string) => (await chips(name).allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
    expect(await texts('To')).toEqual(to);
    expect(await texts('Cc')).toEqual(cc);
    expect(await field('Subject').inputValue()).toBe(subject);
    await page.locator(key === 'w' ? '#to:focus' : '#text:focus').waitFor();
  });

  it('stands in the thread and above what it quotes', async () => {
    await rowOf(page, 'Welcome').click();
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await page.keyboard.press('r');
    await page.locator('#text:focus').waitFor();
    await page.keyboard.type('Thank you');
    await send();
    const message = await newest('subject:"Re: Welcome"');
    expect(header(message, 'In-Reply-To')).toBe('<first@acme.test>');
    expect(header(message, 'References')).toBe('<first@acme.test>');
    expect(message.text).toMatch(/^Thank you\s+On .* Acme Team <hello@acme\.test> wrote:\n> Hello Jürgen\n>> earlier/);
    expect(message.to).toEqual([{ name: 'Acme Team', address: 'hello@acme.test' }]);
  });

  it('can carry the whole original along', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('w');
    await field('To').fill('kim@shop.test');
    await dialog().getByRole('checkbox', { name: 'Attach the original message' }).check();
    await dialog().getByText('Fwd Welcome.eml').waitFor();
    await field('Subject').focus();
    await send();
    const message = await newest('subject:"Fwd: Welcome"');
    expect(message.text).toContain('From: Acme Team <hello@acme.test>');
    expect(message.parts.children.map(({ type }) => type)).toContain('message/rfc822');
    const inside = message.parts.children.find(({ type }) => type === 'message/rfc822');
    expect(inside?.children[0]?.children.map(({ filename }) => filename)).toContain('a.txt');
  });
});

describe('the dialog', () => {
  it('gives the focus back to where it was opened, and the place with it', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('r');
    await page.locator('#text:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[role=grid]:focus').waitFor();
    expect(await page.evaluate('location.hash')).toBe('#/inbox');
    await rowOf(page, 'Welcome').click();
    await page.getByRole('link', { name: 'Compose' }).focus();
    await page.keyboard.press('Enter');
    await field('From').waitFor();
    await button('Close').click();
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await page.locator('a.write:focus').waitFor();
  });

  it('closes with Back, and opens by its address', async () => {
    await page.keyboard.press('c');
    await field('From').waitFor();
    await page.goBack();
    await dialog().waitFor({ state: 'hidden' });
    const { id } = await newest('subject:Welcome');
    await page.goto(`${rig.mailrig.url}#/compose/reply/${id}`);
    await dialog().getByRole('heading', { name: 'Reply' }).waitFor();
    await page.goto(`${rig.mailrig.url}#/compose/reply/0000`);
    await dialog().getByText('This message is gone').waitFor();
  });

  it('keeps a draft over closing and reloading, and says which attachments to add again', async () => {
    await page.keyboard.press('c');
    await field('Subject').fill('Kept');
    await dialog()
      .locator('input[type=file]')
      .setInputFiles({ name: 'a.bin', mimeType: '', buffer: Buffer.from('a') });
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    await dialog().getByRole('list', { name: 'Attached files' }).getByText('a.bin').waitFor();
    await page.reload();
    await dialog().getByText('Attach again: a.bin').waitFor();
    expect(await field('Subject').inputValue()).toBe('Kept');
  });

  it('discards at once, and brings back on undo', async () => {
    await page.keyboard.press('c');
    await field('Subject').fill('Not yet');
    await field('To').fill('half@typed.test');
    await button('Discard').click();
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await field('Subject').inputValue()).toBe('Not yet');
    await button('Discard').click();
    await page.getByText('Discarded.').waitFor();
    await page.keyboard.press('c');
    expect(await field('Subject').inputValue()).toBe('');
    await button('Discard').click();
    await page.reload();
    await page.keyboard.press('c');
    expect(await field('Subject').inputValue()).toBe('');
  });

  it('fills a phone, with targets for fingers and nothing sideways', async () => {
    const { id } = await newest('subject:Welcome');
    for (const width of [390, 320]) {
      page = await rig.open(`#/compose/reply-all/${id}`, { viewport: { ...PHONE, width }, hasTouch: true });
      await chips('To').first().waitFor();
      await button(/^Headers/).tap();
      await button('Add Bcc').tap();
      await page.keyboard.type('nobody;');
      await button(/^Send/).tap();
      await dialog().getByText('“nobody” is no address.').waitFor();
      expect((await dialog().boundingBox())?.width).toBe(width);
      const wrong = await page.evaluate(`[...document.querySelectorAll('dialog[open] :is(button, input:not([type=checkbox], [hidden]), a)')]
        .map((element) => ({ what: element.outerHTML.slice(0, 80), box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.height < 44 || box.width < 44 || box.right > innerWidth)
        .map(({ what }) => what)`);
      expect(wrong).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
  });
});

describe('a server that refuses', () => {
  const write = async (options: MailrigOptions): Promise<void> => {
    const strict = await startRig(options);
    onTestFinished(() => strict.stop());
    page = await strict.open('#/compose/new');
    await field('From').fill('jo@app.test');
    await field('To').fill('a@shop.test, b@shop.test');
    await field('Text').fill('Keep me');
  };

  it('is told for each recipient', async () => {
    await write({ maxRecipients: 1 });
    await send();
    await dialog().getByText('Refused for b@shop.test: 452 4.5.3').waitFor();
    await dialog().getByText('It is in the account a@shop.test.').waitFor();
  });

  it('is told with its reply and the conversation, and the draft stays', async () => {
    await write({ requireAuth: true });
    await page.keyboard.press('Control+Enter');
    await dialog().getByRole('alert').getByText('530 5.7.0').waitFor();
    await dialog().getByText('refused it at MAIL').waitFor();
    expect(await field('Text').inputValue()).toBe('Keep me');
    await page.locator('#text:focus').waitFor();
    await button('Transcript').click();
    await dialog().getByText('MAIL FROM:<jo@app.test>').waitFor();
    await page.reload();
    expect(await field('Text').inputValue()).toBe('Keep me');
  });

  it('is not asked for more than a message may have', async () => {
    await write({ maxMessageSize: 100_000 });
    await dialog()
      .locator('input[type=file]')
      .setInputFiles({ name: 'a.bin', mimeType: '', buffer: Buffer.alloc(90_000) });
    await dialog().getByText('is more than a message may have: 100 KB').waitFor();
    await page.keyboard.press('Control+Enter');
    await button('Remove a.bin').click();
    await field('Text').focus();
    await send();
  });
});
