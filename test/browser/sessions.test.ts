// The page of sessions: who is connected, what is said as it is said, and how to end it.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { Client } from '../conversations/client.ts';
import { DESKTOP, PHONE, live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;
let clients: Client[] = [];

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
beforeEach(async () => {
  await fetch(new URL('v1/reset', rig.mailrig.url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  page = await rig.open('#/sessions');
  await live(page).waitFor();
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  await rig.closePages();
});

async function connect(protocol: 'smtp' | 'imap' | 'pop3'): Promise<Client> {
  const client = await Client.connect(rig.mailrig.ports[protocol] ?? 0);
  clients.push(client);
  await client.line();
  return client;
}

/** A client that says these lines, each after the reply to the one before. */
async function smtp(...lines: string[]): Promise<Client> {
  const client = await connect('smtp');
  for (const line of lines) await client.ask(line);
  return client;
}
const message = (subject: string): string[] => [
  'MAIL FROM:<a@b.test>',
  'RCPT TO:<jo@shop.test>',
  'DATA',
  `Subject: ${subject}\r\n\r\nHello\r\n.`,
];
const over = async (...lines: string[]): Promise<void> => (await smtp(...lines, 'QUIT')).end();

async function idling(): Promise<Client> {
  const client = await connect('imap');
  for (const line of ['a LOGIN jo@shop.test hush', 'b SELECT INBOX', 'c IDLE']) {
    client.send(`${line}\r\n`);
    for (let said = ''; !said.startsWith(`${line.charAt(0)} OK`) && !said.startsWith('+');) said = (await client.line()) ?? '+';
  }
  return client;
}

const said = () => page.getByRole('group', { name: 'Transcript' });
const turn = (words: string) => said().getByRole('listitem').filter({ hasText: words });
const order = async (): Promise<string[]> =>
  (await page.locator('[role=row][data-index] .who').allTextContents()).map((text) => text.trim());

it('says what would be here before there is any', async () => {
  await page.getByRole('heading', { name: 'No session yet' }).waitFor();
  await page.getByText('0 live').waitFor();
});

it('has the live ones on top, and tells in words what failed', async () => {
  const first = await smtp('EHLO first');
  await over('EHLO done', ...message('Done'));
  await over('EHLO wrong', 'MAIL FROM:<a@b.test>', 'RCPT TO:<jo', 'QUIT');
  await rowOf(page, '1 message').filter({ hasText: 'Ended' }).waitFor();
  await rowOf(page, '501 Bad recipient').filter({ hasText: 'Failed' }).waitFor();
  await expect.poll(order).toEqual(['first', 'wrong', 'done']);
  await page.getByText('1 live').waitFor();
  await first.ask('NOOP');
  await rowOf(page, 'NOOP').filter({ hasText: 'Live' }).waitFor();
  first.end();
  await page.getByText('0 live').waitFor();
  await expect.poll(order).toEqual(['wrong', 'done', 'first']);
});

it('shows an SMTP conversation as it is typed, to its end', async () => {
  const client = await smtp('EHLO web-1');
  await rowOf(page, 'web-1').click();
  await turn('250-mailrig').waitFor();
  await turn('Open, waits for the client').waitFor();
  for (const line of message('Typed')) await client.ask(line);
  await turn('RCPT TO:<jo@shop.test>').waitFor();
  await said()
    .getByRole('link', { name: /bytes$/ })
    .waitFor();
  await client.ask('QUIT');
  client.end();
  await turn('Closed by the client').waitFor();
  expect(await page.getByRole('button', { name: 'Close session' }).count()).toBe(0);
});

it('leads from a conversation to the messages that it made, and back', async () => {
  await over('EHLO web-1', ...message('First one'), ...message('Second one'), ...message('Third one'), ...message('Fourth one'));
  await rowOf(page, '4 messages').click();
  await page.getByRole('link', { name: 'Fourth one' }).click();
  await page.getByRole('heading', { name: 'Fourth one' }).waitFor();
  await page.getByRole('tab', { name: 'Transcript' }).click();
  await page.getByRole('link', { name: 'Session', exact: true }).click();
  await page.getByRole('heading', { name: 'SMTP from web-1' }).waitFor();
  await page.getByRole('link', { name: 'Show all 4' }).click();
  for (const subject of ['First one', 'Fourth one']) await rowOf(page, subject).waitFor();
});

it('shows who idles in which mailbox, hears with them of new mail, and never shows a password', async () => {
  await idling();
  await rowOf(page, 'IDLE, INBOX').click();
  await page.getByRole('heading', { name: 'IMAP from jo@shop.test' }).waitFor();
  await turn('a LOGIN jo@shop.test ••••').waitFor();
  await rig.send({ to: 'jo@shop.test', subject: 'Wake up' });
  await turn('EXISTS').last().waitFor();
  expect(await said().textContent()).not.toContain('hush');
});

it('really closes a session, and the client hears why', async () => {
  const client = await idling();
  await rowOf(page, 'IDLE').click();
  await page.getByRole('button', { name: 'Close session' }).click();
  await turn('* BYE Closed by the operator').waitFor();
  expect(await client.rest()).toContain('* BYE Closed by the operator');
  client.end();
  await turn('Closed by the server').waitFor();
  await page.locator('#transcript:focus').waitFor();
});

it('follows the end until somebody scrolls up, and again when asked to', async () => {
  const client = await smtp('EHLO long');
  await rowOf(page, 'long').click();
  const talk = async (): Promise<void> => {
    client.send('NOOP\r\n'.repeat(60));
    for (let i = 0; i < 60; i++) await client.line();
  };
  const below = (): Promise<number> =>
    page.evaluate(
      '(({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop)(document.getElementById("transcript"))',
    );
  await talk();
  await expect.poll(async () => (await below()) < 8 && (await turn('NOOP').count()) > 20).toBe(true);
  await said().hover();
  await page.mouse.wheel(0, -400);
  await page.getByRole('button', { name: 'Follow' }).waitFor();
  const before = await below();
  await talk();
  await expect.poll(below).toBeGreaterThan(before);
  await page.keyboard.press('f');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await expect.poll(below).toBeLessThan(8);
});

it('filters in the grammar of the API, by protocol, and says when nothing is left', async () => {
  await over('EHLO web-1');
  await over('EHLO web-2', 'MAIL FROM:<a@b.test>', 'RCPT TO:<jo');
  await idling();
  await rowOf(page, 'web-2').waitFor();
  const filter = page.getByRole('searchbox', { name: 'Filter the sessions' });
  await filter.fill('host:web-1 OR protocol:imap');
  await expect.poll(order).toEqual(['jo@shop.test', 'web-1']);
  expect(page.url()).toContain('find=host');
  // What happens meanwhile is judged by the server.
  await over('EHLO web-1');
  await expect.poll(order).toEqual(['jo@shop.test', 'web-1', 'web-1']);
  await page.getByRole('checkbox', { name: 'IMAP' }).uncheck();
  await expect.poll(order).toEqual(['web-1', 'web-1']);
  await filter.fill('is:failed');
  await expect.poll(order).toEqual(['web-2']);
  await filter.fill('colour:red');
  await page.getByText(/unknown field "colour"/).waitFor();
  await filter.fill('nothing-like-this');
  await page.getByRole('heading', { name: 'No session matches' }).waitFor();
  await page.getByRole('button', { name: 'Show all sessions' }).click();
  await expect.poll(order).toHaveLength(4);
});

it('is gone through by keyboard alone', async () => {
  await over('EHLO older');
  await over('EHLO newer');
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.getByRole('heading', { name: 'Waiting for your first message' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await rowOf(page, 'older').waitFor();
  expect(await page.title()).toBe('Sessions · Mailrig');
  for (const key of ['j', 'j', 'Enter']) await page.keyboard.press(key);
  await page.getByRole('heading', { name: 'SMTP from older' }).waitFor();
  await page.keyboard.press('[');
  await page.getByRole('heading', { name: 'SMTP from newer' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('No session is open').waitFor();
  await page.locator('[role=grid]:focus').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('host:older');
  await expect.poll(order).toEqual(['older']);
  await page.keyboard.press('Escape');
  await expect.poll(order).toHaveLength(2);
});

it('has an address for each conversation, a copy of it, and says when it had to make room', async () => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await over('EHLO web-1');
  await rowOf(page, 'web-1').click();
  await page.getByRole('heading', { name: 'SMTP from web-1' }).waitFor();
  await page.reload();
  await turn('EHLO web-1').waitFor();
  await expect.poll(() => rowOf(page, 'web-1').getAttribute('aria-current')).toBe('true');
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toMatch(/^S: 220 .*\nC: EHLO web-1\n/);
  await page.goto(`${rig.mailrig.url}#/sessions/nothing1`);
  await page.getByText('This conversation had to make room').waitFor();
});

it('shows one pane at a time on a phone, with nothing cut off and targets for fingers', async () => {
  await smtp(`EHLO ${'a-very-long-name-without-end.'.repeat(4)}test`);
  page = await rig.open('#/sessions', { viewport: PHONE, hasTouch: true });
  const excess = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  const small = `[...document.querySelectorAll('main button, main a, main label, main [type=search], [role=row][data-index]')]
    .filter((element) => element.checkVisibility()).map((element) => ({ what: element.outerHTML.slice(0, 80), box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.height < 44 || box.width < 44).map(({ what }) => what)`;
  for (const width of [PHONE.width, 320]) {
    await page.setViewportSize({ ...PHONE, width });
    await rowOf(page, 'a-very-long').waitFor();
    expect([await page.evaluate(excess), await page.evaluate(small)]).toEqual([0, []]);
    await rowOf(page, 'a-very-long').tap();
    await page.getByText('Open, waits for the client').waitFor();
    expect(await page.getByRole('grid').isVisible()).toBe(false);
    expect(await page.evaluate(excess)).toBe(0);
    await page.getByRole('link', { name: 'Back to the list' }).tap();
    await page.getByRole('grid').waitFor();
  }
});

it('keeps few rows in the page, however many sessions there are', async () => {
  const some = await Promise.all(Array.from({ length: 60 }, (_, i) => connect('smtp').then((client) => client.ask(`EHLO many-${i}`))));
  expect(some).toHaveLength(60);
  await page.getByText('60 live').waitFor();
  expect(await page.locator('[role=row][data-index]').count()).toBeLessThan(Math.ceil(DESKTOP.height / 36) + 6);
  await page.getByRole('grid').focus();
  await page.keyboard.press('End');
  await expect.poll(() => page.getByRole('grid').getAttribute('aria-activedescendant')).toBe('row-59');
});

it('broke no rule of its own Content-Security-Policy in all of this', () => {
  expect(rig.problems).toEqual([]);
});
