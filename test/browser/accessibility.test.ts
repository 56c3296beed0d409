// Every state of the page, in light and dark, without one violation that axe can find.

import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { DESKTOP, PHONE, live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let empty: Rig;

beforeAll(async () => {
  [rig, empty] = [await startRig(), await startRig()];
  for (let i = 0; i < 30; i++) await rig.send({ subject: `Message ${i}`, text: 'Your code is 482913, see https://app.acme.test/confirm' });
  await rig.send({
    subject: 'With everything',
    cc: 'second@shop.test',
    bcc: 'boss@shop.test',
    html: '<p>Your code is 482913. <img src="http://images.test/a.png"></p>',
    attachments: [{ filename: 'a.txt', content: 'a' }],
  });
});
afterAll(async () => {
  await rig.stop();
  await empty.stop();
});

afterEach(async () => {
  await rig.closePages();
  await empty.closePages();
});

/** The mail in the frame is its author's business. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate<AxeResults>(
    `axe.run({ exclude: [['iframe']] }, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary ?? ''}`));
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

const states: readonly [string, (page: Page) => Promise<void>][] = [
  ['the list', async (page) => rowOf(page, 'With everything').waitFor()],
  ['a row under the pointer', async (page) => rowOf(page, 'With everything').hover()],
  ['an open message', async (page) => (await open(page), page.locator('iframe').waitFor())],
  ['its text', tab('Text')],
  ['its headers', tab('Headers')],
  ['its attachments', tab('Attachments')],
  ['its source', tab('Raw')],
  ['its transcript', tab('Transcript')],
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
    'the sheet of keys',
    async (page) => (await rowOf(page, 'With everything').waitFor(), await page.keyboard.press('?'), page.getByRole('dialog').waitFor()),
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

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  it.each(states)('%s', async (_name, reach) => {
    const page = await rig.open('', { colorScheme, viewport: DESKTOP });
    await live(page).waitFor();
    await reach(page);
    expect(await violations(page)).toEqual([]);
  });

  it('the first run', async () => {
    const page = await empty.open('', { colorScheme });
    await page.getByRole('heading', { name: 'Waiting for your first message' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('a phone, the list and a message', async () => {
    const page = await rig.open('', { colorScheme, viewport: PHONE, hasTouch: true });
    await rowOf(page, 'With everything').waitFor();
    expect(await violations(page)).toEqual([]);
    await rowOf(page, 'With everything').tap();
    await page.locator('iframe').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
