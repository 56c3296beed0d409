// Every state of the page, in light and dark, without one violation that axe can find.

import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { Info } from '../../server/http/contract/types.ts';
import { Client } from '../conversations/client.ts';
import { DESKTOP, PHONE, live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let empty: Rig;

beforeAll(async () => {
  [rig, empty] = [await startRig(), await startRig()];
  // Rows are alike, and each is looked at in every state.
  for (let i = 0; i < 5; i++) await rig.send({ subject: `Message ${i}`, text: 'Your code is 482913, see https://app.acme.test/confirm' });
  for (let i = 0; i < 6; i++) await rig.send({ subject: `To ${i}`, to: `reader-${i}@shop.test` });
  await rig.send({
    subject: 'With everything',
    cc: 'second@shop.test',
    bcc: 'boss@shop.test',
    html: '<p>Your code is 482913. <img src="http://images.test/a.png"><a href="https://a.test">A</a><a href="https://b.test">B</a></p>',
    attachments: [{ filename: 'a.txt', content: 'a' }],
  });
});
afterAll(async () => {
  await rig.stop();
  await empty.stop();
});

afterEach(async () => {
  await rig.closePages();
  await fetch(new URL('v1/faults', rig.mailrig.url), { method: 'DELETE' });
  await fetch(new URL('v1/clock/reset', rig.mailrig.url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  await empty.closePages();
});

/** Rules that look at colours: between light and dark nothing else differs. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** The mail in the frame is its author's business. */
async function found(page: Page, runOnly: readonly string[]): Promise<string[]> {
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run({ exclude: [['iframe']] }, { iframes: false, resultTypes: ['violations'], runOnly: ${JSON.stringify(runOnly)} })`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary ?? ''}`),
  );
}

/** In light, and then in dark. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const inLight = await found(page, ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']);
  await page.emulateMedia({ colorScheme: 'dark' });
  // The new colours are there when they have been drawn, and have come to rest.
  await page.evaluate(
    `new Promise(requestAnimationFrame).then(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)))`,
  );
  const inDark = await found(page, COLOURS);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...inLight, ...inDark.map((violation) => `in dark: ${violation}`)];
}

const open = async (page: Page, tab = 'Preview'): Promise<void> => {
  await rowOf(page, 'With everything').click();
  await page.getByRole('tab', { name: tab, includeHidden: true }).waitFor({ state: 'attached' });
};
const tab = (name: string) => async (page: Page) => {
  await open(page);
  await page.getByRole('tab', { name }).click();
  await page.getByRole('tabpanel').locator('*').first().waitFor();
};

const settings = (section: string) => async (page: Page) => {
  await page.goto(`${rig.mailrig.url}#/settings/${section.toLowerCase()}`);
  await page.getByRole('heading', { name: section, exact: true }).waitFor();
};

/** What a test of faults leaves behind is stopped after it. */
async function faulty(): Promise<void> {
  const say = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(new URL(`v1/${path}`, rig.mailrig.url), {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  await say('PUT', 'faults', [
    {
      id: 'busy',
      name: 'Busy',
      on: { stage: 'rcpt' },
      match: { recipient: '*@busy.test' },
      do: [{ reply: '451 4.3.2 Come back' }],
      ttl: '1d',
    },
    { on: { protocol: 'imap', stage: 'select' }, do: [{ reply: 'NO [UNAVAILABLE] Later' }], enabled: false },
  ]);
  await say('PATCH', 'hosts/pop3', { state: 'down' });
  await say('POST', 'clock/advance', { by: '2h' });
}

/** One host, which is down, and a message that waits for it. */
async function delivering(): Promise<void> {
  const say = (method: string, path: string, body: unknown): Promise<Response> =>
    fetch(new URL(`v1/${path}`, rig.mailrig.url), { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  await say('PUT', 'receivers/away.test', { hosts: [{ name: 'mx1.away.test' }], policy: { schedule: '1h', giveUpAfter: '1d' } });
  await say('PATCH', 'hosts/mx1.away.test', { state: 'down' });
  await rig.send({ subject: 'On its way', to: 'jo@away.test' });
}

const states: readonly [string, (page: Page) => Promise<void>][] = [
  ['the list', async (page) => rowOf(page, 'With everything').waitFor()],
  ['a row under the pointer', async (page) => rowOf(page, 'With everything').hover()],
  ['an open message', async (page) => (await open(page), page.locator('iframe').waitFor())],
  ['its text', tab('Text')],
  ['its headers', tab('Headers')],
  ['its attachments', tab('Attachments')],
  ['its source', tab('Raw')],
  ['its transcript', tab('Transcript')],
  ['its parts', tab('MIME')],
  [
    'an attachment that is shown in place',
    async (page) => (
      await tab('Attachments')(page),
      await page.getByRole('button', { name: 'Show' }).click(),
      page.locator('pre').waitFor()
    ),
  ],
  [
    'a search through its source',
    async (page) => (
      await tab('Raw')(page),
      await page.getByLabel('Search the source').fill('code'),
      page.getByText(/^\d+ of \d+$/).waitFor()
    ),
  ],
  [
    'all its addresses, tags and links',
    async (page) => (
      await open(page),
      await page.getByRole('button', { name: 'All addresses' }).click(),
      await page.getByRole('button', { name: '+1 more' }).click(),
      await page.keyboard.press('t'),
      page.getByLabel('New tag').waitFor()
    ),
  ],
  [
    'what else can be done with it',
    async (page) => (
      await open(page),
      await page.getByRole('button', { name: 'More', exact: true }).click(),
      page.getByText('Copy a link to this message').waitFor()
    ),
  ],
  [
    'what else of a preview can be chosen',
    async (page) => (
      await open(page),
      await page.getByRole('button', { name: 'More of the preview' }).click(),
      page.getByLabel('Zoom').waitFor()
    ),
  ],
  [
    'ticked rows',
    async (page) => {
      await rowOf(page, 'With everything').waitFor();
      for (const key of ['j', 'x', 's', 't']) await page.keyboard.press(key);
      await page.getByRole('combobox', { name: 'Tag' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByText('1 chosen').waitFor();
    },
  ],
  ['groups', async (page) => (await page.goto(`${rig.mailrig.url}#/inbox?group=day`), page.locator('.heading').first().waitFor())],
  [
    'compact rows, new ones held back',
    async (page) => {
      await page.evaluate(`localStorage.setItem('mailrig', '{"density":"compact","time":"relative"}')`);
      await page.reload();
      await rowOf(page, 'With everything').hover();
      await rig.send({ subject: 'One more' });
      await page.getByRole('button', { name: '1 new message' }).waitFor();
    },
  ],
  [
    'a refused attempt and its conversation',
    async (page) => {
      await rig.send({ from: 'bot@acme.test', to: `${'a'.repeat(70)}@shop.test` }).catch(() => undefined);
      await page.goto(`${rig.mailrig.url}#/inbox?refused=1`);
      await rowOf(page, 'refused').first().click();
      await page.getByRole('heading', { name: /^SMTP from/ }).waitFor();
    },
  ],
  [
    'a deletion and the menu of the list',
    async (page) => {
      await rowOf(page, 'One more').first().waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('#');
      await page.getByText('Deleted 1', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'More for the list' }).click();
      await page.getByRole('button', { name: /^Undo: deleted 1/ }).waitFor();
    },
  ],
  [
    'the question before messages go for ever',
    async (page) => {
      await rowOf(page, 'With everything').waitFor();
      await page.getByRole('button', { name: 'More for the list' }).click();
      await page.getByRole('button', { name: 'Delete for ever' }).click();
      await page.getByRole('dialog').waitFor();
    },
  ],
  [
    'a filter that nothing matches',
    async (page) => (await page.getByLabel('Search messages').fill('nothing-like-this'), page.getByText('No message matches').waitFor()),
  ],
  [
    'a query that cannot be read',
    async (page) => (await page.getByLabel('Search messages').fill('colour:red'), page.locator('#query-failure').waitFor()),
  ],
  [
    'what the search proposes',
    async (page) => (
      await page.getByLabel('Search messages').click(),
      await page.getByRole('option', { name: /^from:/ }).waitFor(),
      await page.keyboard.type('is:'),
      await page.getByRole('option', { name: /^is:unread/ }).waitFor(),
      page.keyboard.press('ArrowDown')
    ),
  ],
  [
    'chips and the filters that they come from',
    async (page) => (
      await page.goto(`${rig.mailrig.url}#/inbox?q=rcpt%3Ajm%40shop.test+-is%3Aread+from%3Aacme`),
      page.getByRole('button', { name: 'jm@shop.test', pressed: true }).waitFor()
    ),
  ],
  [
    'a search that gets a name, below one that has one',
    async (page) => (
      await page.goto(`${rig.mailrig.url}#/inbox?q=is%3Aunread`),
      await page.getByRole('button', { name: 'Save this search' }).click(),
      await page.keyboard.press('Enter'),
      await page.getByRole('button', { name: 'Starred' }).click(),
      await page.getByRole('button', { name: 'Save this search' }).click(),
      page.getByRole('textbox', { name: 'Name of the search' }).waitFor()
    ),
  ],
  [
    'all values of a filter',
    async (page) => (await page.getByRole('button', { name: 'More of Recipients' }).click(), page.getByRole('dialog').waitFor()),
  ],
  [
    'the filters as a sheet',
    async (page) => (
      await page.setViewportSize({ width: 900, height: 700 }),
      await page.getByRole('button', { name: /filters$/ }).click(),
      page.getByRole('dialog').getByRole('button', { name: 'Unread' }).waitFor()
    ),
  ],
  [
    'the sheet of keys',
    async (page) => (await rowOf(page, 'With everything').waitFor(), await page.keyboard.press('?'), page.getByRole('dialog').waitFor()),
  ],
  [
    'the sessions, and one that failed',
    async (page) => {
      await rig.send({ to: `${'a'.repeat(70)}@shop.test` }).catch(() => undefined);
      await page.goto(`${rig.mailrig.url}#/sessions`);
      await rowOf(page, 'Failed').first().click();
      await page.getByText(/^\s*Closed/).waitFor();
    },
  ],
  [
    'a session that is live, a filter that cannot be read',
    async (page) => {
      const client = await Client.connect(rig.mailrig.ports.imap ?? 0);
      await page.goto(`${rig.mailrig.url}#/sessions?find=protocol:imap`);
      await rowOf(page, 'Live').first().click();
      await page.getByText('Open, waits for the client').waitFor();
      await page.getByLabel('Filter the sessions').fill('colour:red');
      await page.locator('#find-failure').waitFor();
      client.end();
    },
  ],
  [
    'no session that matches',
    async (page) => (
      await page.goto(`${rig.mailrig.url}#/sessions?find=nothing-like-this`),
      page.getByRole('heading', { name: 'No session matches' }).waitFor()
    ),
  ],
  [
    'no fault',
    async (page) => (
      await page.goto(`${rig.mailrig.url}#/faults`),
      await page.getByRole('heading', { name: 'Nothing goes wrong yet' }).waitFor(),
      page.getByRole('button', { name: /^greylisting/ }).waitFor()
    ),
  ],
  [
    'faults that are on and off, a server that is down, and another time',
    async (page) => {
      await faulty();
      await page.goto(`${rig.mailrig.url}#/faults`);
      await page.getByRole('button', { name: 'Stop all' }).waitFor();
      await page.getByRole('button', { name: 'Real time' }).waitFor();
      await page.getByRole('button', { name: /^More for: Every recipient/ }).click();
      await page.getByRole('button', { name: 'Duplicate' }).waitFor();
    },
  ],
  [
    'the presets',
    async (page) => (
      await page.goto(`${rig.mailrig.url}#/faults`),
      await page.getByRole('button', { name: 'Preset', exact: true }).click(),
      page
        .getByRole('group', { name: 'Presets' })
        .getByRole('button', { name: /^flaky/ })
        .waitFor()
    ),
  ],
  [
    'a fault that is changed, and what is wrong with it',
    async (page) => {
      await faulty();
      await page.goto(`${rig.mailrig.url}#/faults/busy`);
      await page.getByRole('textbox', { name: 'Reply' }).fill('999 no');
      await page.getByRole('button', { name: 'Save rule' }).click();
      await page.getByText('Not saved').waitFor();
      await page.getByRole('textbox', { name: 'JSON' }).fill('{');
      await page.getByText(/^No JSON/).waitFor();
    },
  ],
  [
    'a new fault',
    async (page) => (
      await page.goto(`${rig.mailrig.url}#/faults/new`),
      await page.getByRole('button', { name: 'More to match' }).click(),
      page.getByText('Can fire').waitFor()
    ),
  ],
  [
    'a fault that is gone',
    async (page) => (
      await page.goto(`${rig.mailrig.url}#/faults/none`),
      page.getByRole('heading', { name: 'This rule is gone' }).waitFor()
    ),
  ],
  [
    'the board of receivers, with a host that is down',
    async (page) => {
      await delivering();
      await page.goto(`${rig.mailrig.url}#/receivers`);
      await page.getByText('ECONNREFUSED at connect').waitFor();
    },
  ],
  [
    'a domain that is written',
    async (page) => {
      await page.goto(`${rig.mailrig.url}#/receivers`);
      await page.getByRole('button', { name: 'Domain', exact: true }).click();
    },
  ],
  [
    'the queue',
    async (page) => {
      await delivering();
      await page.goto(`${rig.mailrig.url}#/queue`);
      await page.getByRole('row').filter({ hasText: 'jo@away.test' }).getByRole('checkbox').first().click();
      await page.getByRole('button', { name: 'Hold' }).waitFor();
    },
  ],
  [
    'the way of a message',
    async (page) => {
      await delivering();
      await page.goto(`${rig.mailrig.url}#/queue`);
      await page.getByRole('row').filter({ hasText: 'jo@away.test' }).first().getByText('Connection refused').click();
      await page.getByText('Try 1, mx1.away.test').waitFor();
    },
  ],
  [
    'faults that cannot be read',
    async (page) => {
      await page.route('**/v1/faults', (route) => route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'A bug.' } } }));
      await page.goto(`${rig.mailrig.url}#/faults`);
      await page.getByText('The faults could not be read').waitFor();
    },
  ],
  ['how it looks', settings('Appearance')],
  ['what a message may do', settings('Reading')],
  ['the notifications', settings('Notifications')],
  ['what it says of itself', settings('About')],
  [
    'keys that are switched off',
    async (page) => (await settings('Keyboard')(page), page.getByRole('checkbox', { name: 'Single keys are on' }).uncheck()),
  ],
  [
    'a full store',
    async (page) => {
      const info = (await (await fetch(new URL('v1/info', page.url()))).json()) as Info;
      const full = { limit: 'maxMessages', at: '2026-01-31T14:02:11.482Z' };
      await page.route('**/v1/info', (route) => route.fulfill({ json: { ...info, storage: { ...info.storage, full } } }));
      await page.reload();
      await page
        .getByText(/^Storage full:/)
        .first()
        .waitFor();
    },
  ],
  [
    'a login that is asked for',
    async (page) => {
      await page.route('**/v1/messages?*', (route) =>
        route.fulfill({ status: 401, json: { error: { code: 'auth-required', message: 'a login is needed' } } }),
      );
      await page.reload();
      await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
    },
  ],
  [
    'an answer with everything, and what is wrong with it',
    async (page) => {
      await open(page);
      await page.keyboard.press('a');
      await page.getByRole('button', { name: 'Add Bcc' }).click();
      await page.keyboard.type('nobody');
      await page.getByRole('button', { name: 'HTML', exact: true }).click();
      await page.getByRole('button', { name: /^Headers/ }).click();
      await page.locator('dialog input[type=file]').setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
      await page.getByRole('button', { name: /^Send/ }).click();
      await page.getByText('“nobody” is no address.').waitFor();
    },
  ],
  [
    'a message that was sent',
    async (page) => {
      await page.route('**/v1/messages?via=smtp', (route) =>
        route.fulfill({
          status: 201,
          json: { id: '0', sessionId: null, refused: [{ recipient: 'a@b.test', code: 550, enhanced: null, text: 'no' }] },
        }),
      );
      await open(page);
      await page.keyboard.press('r');
      await page.getByRole('button', { name: /^Send/ }).click();
      await page.getByRole('heading', { name: 'Sent' }).waitFor();
    },
  ],
  [
    'a message that was refused',
    async (page) => {
      await page.route('**/v1/messages?via=smtp', (route) =>
        route.fulfill({
          status: 422,
          json: { error: { code: 'unprocessable', message: '550 no', details: { stage: 'mail', sessionId: 'x' } } },
        }),
      );
      await open(page);
      await page.keyboard.press('w');
      await page.locator('#to').fill('a@b.test');
      await page.getByRole('button', { name: /^Send/ }).click();
      await page.getByRole('button', { name: 'Transcript' }).click();
    },
  ],
  [
    'what could not be imported',
    async (page) => {
      await page.evaluate(`(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(['no mail'], 'a.png'));
        for (const step of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(step, { dataTransfer, bubbles: true }));
      })()`);
      await page.getByRole('button', { name: 'Show' }).click();
      await page.getByRole('dialog').getByText('a.png').waitFor();
    },
  ],
  [
    'the mailbox of an account',
    async (page) => (
      await page.goto(`${rig.mailrig.url}#/inbox?account=jm%40shop.test`),
      await page.getByRole('link', { name: 'Back to all mail' }).waitFor(),
      await page.getByRole('group', { name: 'Mailboxes of jm@shop.test' }).waitFor(),
      await rowOf(page, 'With everything').click(),
      page.locator('iframe').waitFor()
    ),
  ],
  [
    'where its messages can go',
    async (page) => {
      await page.goto(`${rig.mailrig.url}#/inbox?account=jm%40shop.test`);
      await rowOf(page, 'With everything').waitFor();
      for (const key of ['j', 'x']) await page.keyboard.press(key);
      await page.getByRole('button', { name: 'To another mailbox' }).click();
      await page.getByRole('button', { name: 'Move to…' }).click();
      await page.getByRole('dialog').getByLabel('Mailbox, or a new name').fill('Elsewhere');
      await page.getByRole('button', { name: 'New mailbox “Elsewhere”' }).waitFor();
    },
  ],
  [
    'a name for a mailbox that is wrong',
    async (page) => {
      await page.goto(`${rig.mailrig.url}#/inbox?account=jm%40shop.test`);
      await page.getByRole('button', { name: 'More for this mailbox' }).click();
      await page.getByRole('button', { name: 'New mailbox…' }).click();
      await page.getByLabel('Name of the mailbox').fill('a//b');
      await page.keyboard.press('Enter');
      await page.getByText(/A level of the name is empty/).waitFor();
    },
  ],
  [
    'a mailbox that is not there',
    async (page) => (
      await page.goto(`${rig.mailrig.url}#/inbox?account=jm%40shop.test&mailbox=Nowhere`),
      page.getByText('This mailbox is not there').waitFor()
    ),
  ],
  [
    'a message that is gone',
    async (page) => (await page.goto(`${rig.mailrig.url}#/m/00000000000000/text`), page.getByText('This message is gone').waitFor()),
  ],
  [
    'a list that cannot be read',
    async (page) => {
      await page.route('**/v1/messages?*', (route) =>
        route.fulfill({ status: 500, json: { error: { code: 'internal', message: 'A bug.' } } }),
      );
      await page.reload();
      await page.getByText('The list could not be read').waitFor();
    },
  ],
  [
    'being offline',
    async (page) => (
      await rowOf(page, 'With everything').waitFor(),
      await page.context().setOffline(true),
      page.getByRole('button', { name: /^Reconnecting/ }).waitFor()
    ),
  ],
];

describe('in light and in dark', () => {
  it.each(states)('%s', async (_name, reach) => {
    const page = await rig.open('', { colorScheme: 'light', viewport: DESKTOP });
    await live(page).waitFor();
    await reach(page);
    expect(await violations(page)).toEqual([]);
  });

  it('the first run', async () => {
    const page = await empty.open('', { colorScheme: 'light' });
    await page.getByRole('heading', { name: 'Waiting for your first message' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('a phone, the list and a message', async () => {
    const page = await rig.open('', { colorScheme: 'light', viewport: PHONE, hasTouch: true });
    await rowOf(page, 'With everything').waitFor();
    expect(await violations(page)).toEqual([]);
    await rowOf(page, 'With everything').tap();
    await page.locator('iframe').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Sessions' }).tap();
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
    await page.locator('[role=row][data-index]').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await faulty();
    await page.getByRole('link', { name: 'Faults', exact: true }).tap();
    await page.getByRole('button', { name: 'Stop all' }).waitFor();
    await page.getByRole('link', { name: /^Every recipient/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: /^Every recipient/ }).tap();
    await page.getByRole('textbox', { name: 'Reply' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Settings' }).tap();
    await page.getByRole('heading', { name: 'Appearance' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
