// Receivers, the queue and the clock as a person works with them: a host goes down by a press, mail finds another way, waits, and is given up.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import nodemailer from 'nodemailer';
import type { Page } from 'playwright-core';
import type { Delivery, Host, ListOf, Receiver } from '../../server/http/contract/types.ts';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;

const api = async (method: string, path: string, body?: unknown): Promise<Response> => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(new URL(`v1/${path}`, rig.mailrig.url), {
    method,
    ...(body !== undefined && { headers, body: JSON.stringify(body) }),
  });
  expect(response.ok, `${method} ${path}`).toBe(true);
  return response;
};
const shop = {
  hosts: [{ name: 'mx1.shop.test' }, { name: 'mx2.shop.test', preference: 20, backup: 'stores' }],
  policy: { schedule: '1m,5m,15m', giveUpAfter: '1h' },
};
const deliveries = async (): Promise<readonly Delivery[]> => ((await (await api('GET', 'deliveries')).json()) as ListOf<Delivery>).items;
const states = async (): Promise<string> =>
  (await deliveries())
    .map(({ state }) => state)
    .sort()
    .join();

/** The press is answered at once, the server a moment later. */
const isDown = (host: string): Promise<void> =>
  expect
    .poll(async () => ((await (await api('GET', 'hosts')).json()) as ListOf<Host>).items.find(({ name }) => name === host)?.state)
    .toBe('down');
const state = (host: string) => page.getByRole('radiogroup', { name: `State of ${host}` });
const queued = (words: string) => page.getByRole('row').filter({ hasText: words });
const told = (sentence: string) => page.getByRole('status').filter({ hasText: sentence });

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
beforeEach(async () => {
  await api('POST', 'reset', {});
  page = await rig.open('#/receivers');
  await live(page).waitFor();
});
afterEach(async () => {
  await rig.closePages();
  expect(rig.problems).toEqual([]);
});

describe('the board', () => {
  it('declares a domain with its hosts, and shows them', async () => {
    await page.getByRole('heading', { name: 'No receiver is declared' }).waitFor();
    await page.getByRole('button', { name: 'Domain', exact: true }).click();
    await page.getByRole('textbox', { name: 'Domain' }).fill('shop.test');
    expect(await page.getByRole('textbox', { name: 'Name of host 2' }).inputValue()).toBe('mx2.shop.test');
    await page.getByRole('combobox', { name: 'Retries' }).selectOption('postfix');
    await page.getByRole('button', { name: 'Save' }).click();
    await state('mx1.shop.test').getByRole('radio', { name: 'Up', checked: true }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('domain-shop.test');
    const { items } = (await (await api('GET', 'receivers')).json()) as ListOf<unknown>;
    expect(items).toMatchObject([
      { domain: 'shop.test', policy: { profile: 'postfix' }, hosts: [{ preference: 10 }, { preference: 20, backup: 'stores' }] },
    ]);
  });

  it('says what is wrong with a domain, beside what was written', async () => {
    await api('PUT', 'receivers/shop.test', shop);
    await page.getByRole('button', { name: 'Domain', exact: true }).click();
    await page.getByRole('textbox', { name: 'Domain' }).fill('other.test');
    await page.getByRole('textbox', { name: 'Name of host 1' }).fill('mx1.shop.test');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').filter({ hasText: 'mx1.shop.test' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Domain' }).inputValue()).toBe('other.test');
  });

  it('has faulty domains first and open, the others as a line each', async () => {
    await api('PUT', 'receivers/alpha.test', { hosts: [{ name: 'a.alpha.test' }] });
    await api('PUT', 'receivers/shop.test', shop);
    await api('PATCH', 'hosts/mx2.shop.test', { state: 'busy' });
    await state('mx2.shop.test').getByRole('radio', { name: 'Busy', checked: true }).waitFor();
    await page.getByRole('article').first().getByRole('heading', { name: 'shop.test', exact: true }).waitFor();
    await page.getByRole('article').last().getByRole('heading', { name: 'alpha.test' }).waitFor();
    await page.getByRole('article', { name: 'alpha.test' }).getByText('a Up').waitFor();
    await page.getByRole('button', { name: 'alpha.test', exact: true }).click();
    await state('a.alpha.test').waitFor();
  });

  it('takes the primary down by a press, tells of it, and takes that back', async () => {
    await api('PUT', 'receivers/shop.test', shop);
    await state('mx1.shop.test').getByText('Down').click();
    await told('mx1.shop.test: Down').waitFor();
    await page.getByText('ECONNREFUSED at connect').waitFor();
    await told('mx1.shop.test: Down').getByRole('button', { name: 'Undo' }).click();
    await state('mx1.shop.test').getByRole('radio', { name: 'Up', checked: true }).waitFor();
  });

  it('plays a scenario on every host at once', async () => {
    await api('PUT', 'receivers/shop.test', shop);
    await page.getByRole('button', { name: 'Scenario' }).click();
    await page.getByRole('button', { name: 'All down' }).click();
    for (const name of ['mx1.shop.test', 'mx2.shop.test']) await state(name).getByRole('radio', { name: 'Down', checked: true }).waitFor();
  });

  it('opens the rule of a state below it, with what a client sees, and changes it there', async () => {
    await api('PUT', 'receivers/shop.test', shop);
    const mx1 = page.getByRole('region', { name: 'mx1.shop.test' });
    await state('mx1.shop.test').getByText('Busy').click();
    await mx1
      .locator('code')
      .filter({ hasText: /^421 4\.3\.2/ })
      .waitFor();
    await mx1.getByRole('textbox', { name: 'Reply' }).fill('451 4.3.2 soon');
    await page.keyboard.press('Tab');
    await mx1.locator('code').filter({ hasText: '451 4.3.2 soon' }).waitFor();
    await mx1.getByRole('textbox', { name: 'Reply' }).fill('no code');
    await page.keyboard.press('Tab');
    await mx1.getByRole('group', { name: 'Answer' }).getByRole('status').waitFor();
    await mx1.getByRole('link', { name: 'mx1.shop.test: busy' }).click();
    await page.getByRole('heading', { name: 'Edit rule' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe('451 4.3.2 soon');
  });

  it('limits the rate at every host, and takes that back', async () => {
    await api('PUT', 'receivers/shop.test', shop);
    await page.getByRole('button', { name: 'Scenario' }).click();
    await page.getByRole('button', { name: 'Rate limit' }).click();
    for (const name of ['mx1.shop.test', 'mx2.shop.test'])
      await page.getByRole('region', { name }).getByText('421 4.7.0 Too many messages, slow down').waitFor();
    await told('Rate limit.').getByRole('button', { name: 'Undo' }).click();
    await page.getByText('421 4.7.0 Too many messages, slow down').first().waitFor({ state: 'detached' });
    expect(((await (await api('GET', 'faults')).json()) as ListOf<unknown>).items).toEqual([]);
  });

  it('lets a host recover by itself, on the sandbox clock', async () => {
    await api('PUT', 'receivers/shop.test', shop);
    await state('mx1.shop.test').getByText('Down').click();
    await page.getByRole('button', { name: '+5 m' }).click();
    await page.getByText(/^in 0[45]:\d\d$/).waitFor();
    await api('POST', 'clock/advance', { by: '6m' });
    await state('mx1.shop.test').getByRole('radio', { name: 'Up', checked: true }).waitFor();
  });

  it('counts what its hosts did, as bars and as a table', async () => {
    await api('PUT', 'receivers/shop.test', shop);
    await state('mx1.shop.test').waitFor();
    const { items } = (await (await api('GET', 'receivers')).json()) as ListOf<Receiver>;
    const transport = nodemailer.createTransport({ host: '127.0.0.1', port: items[0]?.hosts[0]?.port ?? 0, ignoreTLS: true });
    await transport.sendMail({ from: 'app@client.test', to: 'jo@shop.test', text: 'straight to the host' });
    transport.close();
    const mx1 = page.getByRole('region', { name: 'mx1.shop.test' });
    await mx1.getByRole('img', { name: /^The last 5 minutes/ }).waitFor();
    await mx1.getByRole('button', { name: 'Show as table' }).click();
    await mx1.getByRole('row').nth(1).getByRole('cell').first().filter({ hasText: '1' }).waitFor();
  });

  it('removes a domain, and asks before what is on its way there is dropped', async () => {
    await api('PUT', 'receivers/shop.test', shop);
    await api('PATCH', 'hosts/mx1.shop.test', { state: 'down' });
    await api('PATCH', 'hosts/mx2.shop.test', { state: 'down' });
    await rig.send({ to: 'jo@shop.test' });
    await page.getByRole('link', { name: '1 waiting' }).waitFor();
    await page.getByRole('button', { name: 'More for shop.test' }).click();
    await page.getByRole('button', { name: 'Remove the domain' }).click();
    await page.getByRole('button', { name: 'Drop them and remove it' }).click();
    await page.getByRole('heading', { name: 'No receiver is declared' }).waitFor();
    expect(await states()).toBe('dropped');
    await told('shop.test is removed').getByRole('button', { name: 'Undo' }).click();
    await state('mx1.shop.test').getByRole('radio', { name: 'Down', checked: true }).waitFor();
  });
});

describe('the queue', () => {
  beforeEach(async () => {
    await api('PUT', 'receivers/shop.test', shop);
    for (const name of ['mx1.shop.test', 'mx2.shop.test']) await api('PATCH', `hosts/${name}`, { state: 'down' });
    await api('POST', 'clock/freeze', {});
    for (const name of ['jo', 'dev', 'ops']) await rig.send({ to: `${name}@shop.test`, subject: `For ${name}` });
    await page.goto(`${rig.mailrig.url}#/queue`);
    await queued('jo@shop.test').getByText('waits').waitFor();
  });

  it('shows what waits: when it is tried next, what was answered, on which hosts', async () => {
    const row = queued('dev@shop.test');
    await row.getByText('1/').waitFor();
    await row.getByText(/^Connection refused.* \(mx2\)$/).waitFor();
    await row.getByText(/^in 0[01]:\d\d$/).waitFor();
    await page.getByRole('navigation', { name: 'Show' }).getByText('waiting').filter({ hasText: '3' }).waitFor();
  });

  it('finds what is asked for, and keeps the counts of all', async () => {
    const find = page.getByRole('searchbox', { name: 'Filter the queue' });
    await page.keyboard.press('/');
    await page.keyboard.type('rcpt:dev@shop.test');
    await queued('jo@shop.test').waitFor({ state: 'detached' });
    await queued('dev@shop.test').waitFor();
    await page.getByRole('link', { name: '3 waiting' }).waitFor();
    await find.fill('state:sideways');
    await page.locator('#find-failure').waitFor();
    await find.press('Escape');
    await queued('jo@shop.test').waitFor();
    expect(await find.inputValue()).toBe('');
  });

  it('says how often it is tried again, and leads to where that is declared', async () => {
    const bar = page.getByText('Policy of');
    await bar.getByText('1 min, 5 min, 15 min, give up after 1 h').waitFor();
    await page.getByRole('link', { name: 'Edit' }).click();
    await state('mx1.shop.test').waitFor();
  });

  it('holds, releases and drops what is ticked', async () => {
    await queued('jo@shop.test').getByRole('checkbox').click();
    await queued('dev@shop.test').getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Hold' }).click();
    await queued('jo@shop.test').getByText('until released').waitFor();
    await queued('dev@shop.test').getByText('held').waitFor();
    await queued('dev@shop.test').getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Drop' }).click();
    await queued('jo@shop.test').getByText('dropped').waitFor();
    await expect.poll(states).toBe('deferred,dropped,held');
    await page.getByRole('button', { name: 'Untick all' }).click();
    await page.getByRole('link', { name: '1 held' }).click();
    await queued('jo@shop.test').waitFor({ state: 'detached' });
    expect(await page.locator('[role=row][data-index]').count()).toBe(1);
  });

  it('moves the clock to what is next, and says before and after what that is', async () => {
    await page.getByText(/^Next: 3 tries due/).waitFor();
    await page.getByRole('button', { name: /^Next event/ }).click();
    await queued('jo@shop.test').getByText('2/').waitFor();
    await page
      .getByText(/^The clock moved .*: 3 waits\.$/)
      .first()
      .waitFor();
  });

  it('runs until nothing is left, and everything has expired', async () => {
    await page.getByRole('button', { name: 'Run until empty' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await queued('jo@shop.test').getByText('expired').waitFor();
    await page.getByText('Nothing waits for the clock').waitFor();
    expect(await states()).toBe('expired,expired,expired');
    await page.getByRole('button', { name: 'Back to real time' }).click();
    await page.getByRole('button', { name: 'Back to real time' }).waitFor({ state: 'detached' });
  });

  it('leads to the message, whose tab tells every try', async () => {
    await queued('dev@shop.test').getByText('Connection refused').click();
    const lane = page.getByRole('region', { name: 'Delivery to dev@shop.test' });
    await lane.getByText('Try 1, mx1.shop.test').waitFor();
    await lane.getByText('Try 1, mx2.shop.test').waitFor();
    await api('PATCH', 'hosts/mx2.shop.test', { state: 'up' });
    await lane.getByRole('button', { name: 'Retry now' }).click();
    await lane.getByRole('listitem').filter({ hasText: '250' }).getByRole('link', { name: 'Transcript' }).click();
    await page.getByRole('group', { name: 'Transcript' }).getByText('RCPT TO:<dev@shop.test>').waitFor();
  });
});

it('marks in the list which host took it, and that it was the backup', async () => {
  await api('PUT', 'receivers/shop.test', shop);
  await rig.send({ to: 'jo@shop.test', subject: 'To the primary' });
  await expect.poll(states).toBe('delivered');
  await api('PATCH', 'hosts/mx1.shop.test', { state: 'down' });
  await rig.send({ to: 'jo@shop.test', subject: 'To the backup' });
  await page.goto(`${rig.mailrig.url}#/inbox`);
  await rowOf(page, 'To the primary').getByText('mx1', { exact: true }).waitFor();
  await rowOf(page, 'To the backup').getByText('mx2', { exact: true }).waitFor();
  await rowOf(page, 'To the backup').click();
  await page.getByText('Delivered by backup mx2.shop.test').waitFor();
  await page.getByRole('link', { name: 'See delivery' }).click();
  await page.getByRole('tab', { name: 'Delivery', selected: true }).waitFor();
});

it('by mouse alone: the primary breaks and the backup takes it, both break and it waits, the clock moves and it expires', async () => {
  await api('PUT', 'receivers/shop.test', shop);
  await api('POST', 'clock/freeze', {});
  await state('mx1.shop.test').getByText('Down').click();
  await isDown('mx1.shop.test');
  await rig.send({ to: 'jo@shop.test', subject: 'Around it' });
  const counted = page.getByRole('region', { name: 'mx2.shop.test' }).locator('dl');
  await counted.getByText('accepted').locator('xpath=following-sibling::dd').filter({ hasText: '1' }).waitFor();
  await page.getByRole('link', { name: 'Inbox', exact: true }).click();
  await rowOf(page, 'Around it').getByText('mx2').waitFor();
  await page.getByRole('link', { name: 'Receivers', exact: true }).click();
  await state('mx2.shop.test').getByText('Down').click();
  await isDown('mx2.shop.test');
  await rig.send({ to: 'jo@shop.test', subject: 'In vain' });
  await page.getByRole('link', { name: '1 waiting' }).click();
  await queued('waits').waitFor();
  for (let hour = 0; hour < 2; hour++) await page.getByRole('button', { name: '+1 h' }).click();
  await queued('waits').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'all', exact: true }).click();
  await queued('expired').waitFor();
  await expect.poll(states).toBe('delivered,expired');
});

it('by keys alone: the primary breaks and the backup takes it, both break and it waits, the clock moves and it expires', async () => {
  await api('PUT', 'receivers/shop.test', shop);
  await api('POST', 'clock/freeze', {});
  const { keyboard } = page;
  /** To a control by Tab, as somebody without a mouse goes. */
  const reach = async (name: string): Promise<void> => {
    for (let i = 0; i < 60; i++) {
      await keyboard.press('Tab');
      if ((await page.evaluate(`(document.activeElement.name || document.activeElement.textContent || '').trim()`)) === name) return;
    }
    throw new Error(`no Tab leads to ${name}`);
  };
  const break_ = async (host: string): Promise<void> => {
    await reach(`host-${host}`);
    await keyboard.press('ArrowRight');
    await keyboard.press('ArrowRight');
    await isDown(host);
    await state(host).getByRole('radio', { name: 'Down', checked: true }).waitFor();
  };
  await state('mx1.shop.test').waitFor();
  await break_('mx1.shop.test');
  await rig.send({ to: 'jo@shop.test', subject: 'Around it' });
  await keyboard.press('g');
  await keyboard.press('i');
  await rowOf(page, 'Around it').getByText('mx2').waitFor();
  await keyboard.press('g');
  await keyboard.press('r');
  await state('mx2.shop.test').waitFor();
  await break_('mx2.shop.test');
  await rig.send({ to: 'jo@shop.test', subject: 'In vain' });
  await keyboard.press('g');
  await keyboard.press('q');
  await queued('waits').waitFor();
  for (let round = 2; round < 20 && (await states()) !== 'delivered,expired'; round++) {
    await page.getByRole('button', { name: /^Next event/, disabled: false }).waitFor();
    await keyboard.press('n');
    await expect.poll(async () => (await deliveries()).some(({ rounds, state }) => rounds >= round || state === 'expired')).toBe(true);
  }
  await queued('expired').waitFor();
  expect(await states()).toBe('delivered,expired');
});
