// The page of faults: what is put on by a press is met by a real client, told live, and taken back.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { Fault, Host, ListOf } from '../../server/http/contract/types.ts';
import { Client } from '../conversations/client.ts';
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
  expect(response.ok).toBe(true);
  return response;
};
const add = async (rule: unknown): Promise<Fault> => (await (await api('POST', 'faults', rule)).json()) as Fault;
const standing = async (): Promise<readonly Fault[]> => ((await (await api('GET', 'faults')).json()) as ListOf<Fault>).items;

const BUSY = { name: 'Busy shop', on: { stage: 'rcpt' }, match: { recipient: '*@shop.test' }, do: [{ reply: '451 4.3.2 Come back' }] };
const OTHER = { on: { protocol: 'imap', stage: 'select' }, do: [{ reply: 'NO [UNAVAILABLE] Later' }] };

const rules = () => page.getByRole('list', { name: /^Rules/ }).getByRole('listitem');
const rule = (words: string | RegExp) => rules().filter({ hasText: words });
const chip = () => page.locator('header').getByRole('link', { name: /^\d+ faults?$/ });
const link = (words: string) => rule(words).getByRole('link').first();

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
beforeEach(async () => {
  await api('POST', 'reset', {});
  page = await rig.open('#/faults');
  await live(page).waitFor();
});
afterEach(async () => {
  await rig.closePages();
  expect(rig.problems).toEqual([]);
});

it('teaches what faults are, puts a preset on in one click, and a real sending meets it', async () => {
  await page.getByRole('heading', { name: 'Nothing goes wrong yet' }).waitFor();
  await page.getByRole('button', { name: /^mailbox-full/ }).click();
  await rule('Every recipient at RCPT on submission gets 452').filter({ hasText: 'Client sees: 452 4.2.2' }).waitFor();
  expect(await page.evaluate('document.activeElement.id')).toMatch(/^rule-/);
  await rule('0 hits').waitFor();
  await expect(rig.send({ to: 'jo@shop.test' })).rejects.toThrow('452 4.2.2');
  await rule('1 hit').waitFor();
  await expect(rig.send({ to: 'jo@shop.test' })).rejects.toThrow('452 4.2.2');
  await rule('2 hits').waitFor();
});

it('has every preset in a menu, one press away', async () => {
  await page.getByRole('button', { name: 'Preset', exact: true }).click();
  await page
    .getByRole('group', { name: 'Presets' })
    .getByRole('button', { name: /^lost-reply/ })
    .click();
  await rule('the reply lost to a reset').waitFor();
  await page.getByText('1 fault', { exact: true }).waitFor();
});

it('leads from its hits to the session, and from the injected line back to the rule', async () => {
  const { id } = await add(BUSY);
  await expect(rig.send({ to: 'jo@shop.test' })).rejects.toThrow('Come back');
  await rig.send({ to: 'jo@else.test' });
  await rule('1 hit')
    .getByRole('link', { name: /^1 hit/ })
    .click();
  expect(await page.getByRole('searchbox').last().inputValue()).toBe(`fault:${id}`);
  await rowOf(page, '451 Come back').getByText('Busy shop').waitFor({ state: 'attached' });
  expect(await page.locator('[role=row][data-index]').count()).toBe(1);
  await rowOf(page, '451 Come back').click();
  const line = page.getByRole('group', { name: 'Transcript' }).getByRole('listitem').filter({ hasText: '451 4.3.2 Come back' });
  await line.getByRole('link', { name: 'Busy shop' }).click();
  await page.getByRole('heading', { name: 'Edit rule' }).waitFor();
  await page.getByText('1 hit in 1 session').waitFor();
});

it('names the fault of a refused attempt in the inbox, and links it where the attempt is opened', async () => {
  await add(BUSY);
  await expect(rig.send({ to: 'jo@shop.test' })).rejects.toThrow('Come back');
  await page.goto(`${rig.mailrig.url}#/inbox?refused=1`);
  await rowOf(page, '451 4.3.2 Come back').filter({ hasText: 'Busy shop' }).click();
  await page.getByRole('link', { name: 'Busy shop' }).waitFor();
});

it('pauses a rule, and the sending works again', async () => {
  await add(BUSY);
  await page.getByRole('switch', { name: /^On: Every recipient/ }).uncheck();
  await expect.poll(async () => (await standing())[0]?.enabled).toBe(false);
  await chip().waitFor({ state: 'detached' });
  await rig.send({ to: 'jo@shop.test' });
  await page.getByRole('switch', { name: /^On: Every recipient/ }).check();
  await chip().waitFor();
  await expect(rig.send({ to: 'jo@shop.test' })).rejects.toThrow('Come back');
});

it('takes another order by drag', async () => {
  for (const name of ['one', 'two', 'three']) await add({ ...BUSY, name });
  await rule('three').waitFor();
  const order = async (): Promise<string> => (await standing()).map(({ name }) => name).join();
  const grip = (name: string) => rule(name).locator('[draggable]');
  await grip('one').dragTo(rule('two'));
  await expect.poll(order).toBe('two,one,three');
  await rules().nth(1).filter({ hasText: 'one' }).waitFor();
  await grip('three').dragTo(rule('two'));
  await expect.poll(order).toBe('three,two,one');
});

it('gives a deleted rule back, where it stood and as it was', async () => {
  const first = await add(BUSY);
  await add(OTHER);
  await rule('IMAP SELECT').waitFor();
  await rule('RCPT')
    .getByRole('button', { name: /^More for/ })
    .click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await rule('RCPT').waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.textContent')).toContain('IMAP SELECT');
  await page.getByRole('status').filter({ hasText: 'Rule deleted' }).getByRole('button', { name: 'Undo' }).click();
  await rule('RCPT').waitFor();
  const [again] = await standing();
  expect(again).toMatchObject({ ...BUSY, id: first.id });
});

describe('on every page', () => {
  it('says that faults are on, and stops them all, servers too', async () => {
    await add(BUSY);
    await api('PATCH', 'hosts/pop3', { state: 'down' });
    await api('PATCH', 'hosts/imap', { state: 'busy' });
    for (const name of ['Settings', 'Inbox', 'Sessions']) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByText('3 faults', { exact: true }).waitFor();
    }
    await page.getByRole('button', { name: 'Stop all' }).click();
    await chip().waitFor({ state: 'detached' });
    await rig.send({ to: 'jo@shop.test' });
    const client = await Client.connect(rig.mailrig.ports.pop3 ?? 0);
    expect(await client.line()).toMatch(/^\+OK/);
    client.destroy();
    expect(await standing()).toEqual([]);
  });

  it('has them back by undo, with the servers that were not up, for as long as they were to be', async () => {
    await add(BUSY);
    await api('PATCH', 'hosts/imap', { state: 'busy' });
    await api('PATCH', 'hosts/pop3', { state: 'down', for: '1h' });
    await page.getByText('3 faults', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Stop all' }).click();
    await page.getByRole('status').filter({ hasText: 'Stopped 3 faults' }).getByRole('button', { name: 'Undo' }).click();
    await page.getByText('3 faults', { exact: true }).waitFor();
    await page.getByRole('radiogroup', { name: 'State of IMAP' }).getByRole('radio', { name: 'Busy', checked: true }).waitFor();
    await page.getByRole('radiogroup', { name: 'State of POP3' }).getByRole('radio', { name: 'Down', checked: true }).waitFor();
    expect((await standing()).map(({ name }) => name)).toEqual(['Busy shop', 'imap: busy']);
    const { items } = (await (await api('GET', 'hosts')).json()) as ListOf<Host>;
    expect(items.filter(({ until }) => until !== null).map(({ name }) => name)).toEqual(['pop3']);
  });

  it('does not count what an address asks for', async () => {
    await expect(rig.send({ to: 'jo+rcpt-451@shop.test' })).rejects.toThrow('451');
    await rule('Magic address').filter({ hasText: '1 hit' }).waitFor();
    await add({ ...OTHER, enabled: false });
    await rule('IMAP SELECT').waitFor();
    expect(await chip().count()).toBe(0);
  });

  it('tells when the clock is not that of the wall, and puts it back', async () => {
    await api('POST', 'clock/advance', { by: '2h10m' });
    await page.getByText(/\+2 h 10 min/).waitFor();
    await page.getByRole('button', { name: 'Real time' }).click();
    await page.getByRole('button', { name: 'Real time' }).waitFor({ state: 'detached' });
    expect(await (await api('GET', 'clock')).json()).toMatchObject({ mode: 'real', offsetMs: 0 });
  });
});

it('takes POP3 down and up again, as a client meets it', async () => {
  const pop3 = page.getByRole('radiogroup', { name: 'State of POP3' });
  await pop3.getByText('Down').click();
  await expect
    .poll(() => Client.connect(rig.mailrig.ports.pop3 ?? 0).catch((error: NodeJS.ErrnoException) => error.code))
    .toBe('ECONNREFUSED');
  await page.getByText('1 fault', { exact: true }).waitFor();
  await pop3.getByText('Up').click();
  await pop3.getByRole('radio', { name: 'Up', checked: true }).waitFor();
  await page.getByText('1 fault', { exact: true }).waitFor({ state: 'detached' });
  const client = await Client.connect(rig.mailrig.ports.pop3 ?? 0);
  expect(await client.line()).toMatch(/^\+OK/);
  client.destroy();
});

it('knows how a server is, though that changed while it was asked', async () => {
  await page.goto(`${rig.mailrig.url}#/inbox`);
  await page.reload();
  await live(page).waitFor();
  await page.route(
    '**/v1/hosts',
    async (route) => {
      const before = await route.fetch();
      await api('PATCH', 'hosts/imap', { state: 'busy' });
      await chip().waitFor();
      await route.fulfill({ response: before });
    },
    { times: 1 },
  );
  await page.getByRole('link', { name: 'Faults', exact: true }).click();
  await page.getByRole('radiogroup', { name: 'State of IMAP' }).getByRole('radio', { name: 'Busy', checked: true }).waitFor();
});

describe('the editor', () => {
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });

  it('makes a rule from fields, each written into the JSON and said as a sentence', async () => {
    await page.getByRole('link', { name: 'Rule', exact: true }).click();
    await page.getByLabel('Protocol').selectOption('IMAP');
    await page.getByLabel('Stage').selectOption('FETCH');
    await page.getByLabel('When', { exact: true }).last().selectOption('by chance');
    await page.getByLabel('percent').fill('10');
    await field('Reply').fill('NO [LIMIT] Slow down');
    await page.getByText('One in 10 of all commands (seed 1) at IMAP FETCH gets NO [LIMIT]').waitFor();
    expect(JSON.parse(await field('JSON').inputValue())).toMatchObject({
      when: { probability: 0.1 },
      do: [{ reply: 'NO [LIMIT] Slow down' }],
    });
    await page.getByRole('button', { name: 'Add rule' }).click();
    await rule('IMAP FETCH').waitFor();
    await page.getByRole('heading', { name: 'Edit rule' }).waitFor();
    expect(await standing()).toHaveLength(1);
  });

  it('reads a rule from JSON into its fields', async () => {
    await add(BUSY);
    await link('RCPT').click();
    await field('JSON').fill(JSON.stringify({ on: { stage: 'mail' }, do: [{ close: true }] }));
    await page.getByRole('form', { name: 'Edit rule' }).getByText('Every message at MAIL on submission is closed without a word').waitFor();
    expect(await page.getByLabel('Answer').last().inputValue()).toBe('close');
    await field('JSON').fill('{ "on"');
    await page.getByText(/^No JSON/).waitFor();
    expect(await page.getByRole('button', { name: 'Save rule' }).isDisabled()).toBe(true);
  });

  it('says at the field what the server has against it, and keeps what was typed', async () => {
    await add(BUSY);
    await link('RCPT').click();
    await field('Reply').fill('999 no');
    await page.getByRole('button', { name: 'Save rule' }).click();
    await page
      .getByRole('group', { name: 'Answer' })
      .getByText(/no reply of SMTP/)
      .waitFor();
    expect(await field('Reply').and(page.locator(':focus')).inputValue()).toBe('999 no');
    await field('Reply').fill('452 4.2.2 Full');
    await page.getByRole('button', { name: 'Save rule' }).click();
    await rule('gets 452 4.2.2').waitFor();
  });

  it('keeps what is not saved while another rule is looked at', async () => {
    await add(BUSY);
    await add(OTHER);
    await link('RCPT').click();
    await field('Reply').fill('452 4.2.2 Not yet saved');
    await link('IMAP SELECT').click();
    await expect.poll(() => field('Reply').inputValue()).toBe('NO [UNAVAILABLE] Later');
    await link('RCPT').click();
    await expect.poll(() => field('Reply').inputValue()).toBe('452 4.2.2 Not yet saved');
    await page.getByRole('button', { name: 'Discard' }).click();
    expect(await field('Reply').inputValue()).toBe('451 4.3.2 Come back');
  });

  it('says before it is saved that a rule can never be reached', async () => {
    await add({ on: { stage: 'rcpt' }, do: [{ reply: '450 No' }] });
    await page.getByRole('link', { name: 'Rule', exact: true }).click();
    await page.getByText('Never reached: rule 1 before it meets all of these').waitFor();
  });

  it('shows what another client changes, and that a rule is gone', async () => {
    const { id } = await add(BUSY);
    await link('RCPT').click();
    await field('Reply').waitFor();
    await api('PATCH', `faults/${id}`, { do: [{ reply: '550 5.1.1 Nobody' }] });
    await rule('gets 550 5.1.1').waitFor();
    await expect.poll(() => field('Reply').inputValue()).toBe('550 5.1.1 Nobody');
    await api('DELETE', `faults/${id}`);
    await page.getByRole('heading', { name: 'This rule is gone' }).waitFor();
  });
});
