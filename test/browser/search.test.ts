// The search box in a real browser: terms become chips, what could be meant is proposed, searches are kept.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { live, rowOf, startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;
let page: Page;

beforeAll(async () => {
  rig = await startRig();
  await rig.send({ subject: 'Apples', from: 'fruit@acme.test', to: 'jm@shop.test' });
  await rig.send({ subject: 'Beets', from: 'roots@acme.test', to: 'jm@shop.test' });
  await rig.send({ subject: 'Chard', from: 'leaves@farm.test', to: 'dev@shop.test' });
});
afterAll(() => rig.stop());

afterEach(() => rig.closePages());
beforeEach(async () => {
  page = await rig.open();
  await live(page).waitFor();
  await rowOf(page, 'Chard').waitFor();
});

const box = () => page.getByRole('combobox', { name: 'Search messages' });
const option = (name: string | RegExp) => page.getByRole('listbox').getByRole('option', { name });
const chip = (name: string) => page.getByRole('list', { name: 'Terms of the search' }).getByRole('button', { name, exact: true });
const query = (): string => new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('q') ?? '';
const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
/** The option that `aria-activedescendant` names. */
const marked = async (): Promise<string | undefined> => {
  const id = await box().getAttribute('aria-activedescendant');
  return id === null ? undefined : ((await page.locator(`#${id}`).textContent()) ?? '').trim();
};

describe('a finished term', () => {
  beforeEach(async () => {
    await press('/');
    await page.keyboard.type('from:acme apples');
    await press('Enter');
    await chip('Edit from: acme').waitFor();
  });

  it('becomes a chip, and words stay text', async () => {
    expect(await box().inputValue()).toBe('apples');
    await expect.poll(query).toBe('from:acme apples');
    await rowOf(page, 'Apples').waitFor();
    await expect.poll(() => rowOf(page, 'Beets').count()).toBe(0);
  });

  it('is taken out by its cross, and the focus goes to the text', async () => {
    await chip('Remove from: acme').click();
    await expect.poll(query).toBe('apples');
    expect(await box().and(page.locator(':focus')).count()).toBe(1);
  });

  it('becomes text again when it is pressed, to be changed by hand', async () => {
    await chip('Edit from: acme').press('Enter');
    expect(await box().inputValue()).toBe('apples from:acme');
    await press('Backspace', 'Backspace', 'Backspace', 'Backspace');
    await page.keyboard.type('fruit');
    await press('Enter');
    await chip('Edit from: fruit').waitFor();
    await rowOf(page, 'Apples').waitFor();
  });

  it('stays when text before which it stands is deleted to its start and on', async () => {
    await box().focus();
    await press('End');
    for (let i = 0; i < 10; i++) await press('Backspace');
    await expect.poll(query).toBe('from:acme');
    await chip('Edit from: acme').waitFor();
  });

  it('goes with everything else on Escape', async () => {
    await press('Escape');
    await expect.poll(query).toBe('');
    await rowOf(page, 'Chard').waitFor();
  });

  it('holds whatever alternatives are written beside it', async () => {
    await box().fill('apples OR chard');
    await press('Enter');
    await expect.poll(query).toBe('from:acme (apples OR chard)');
    await rowOf(page, 'Apples').waitFor();
    await expect.poll(() => rowOf(page, 'Chard').count()).toBe(0);
  });

  it('is there again after Back and by its address', async () => {
    const again = await rig.open(new URL(page.url()).hash);
    await again.getByRole('button', { name: 'Edit from: acme' }).waitFor();
    await rowOf(again, 'Apples').waitFor();
  });
});

it('leaves alternatives as they are written', async () => {
  await press('/');
  await page.keyboard.type('from:fruit OR from:farm');
  await press('Enter');
  await expect.poll(() => rowOf(page, 'Beets').count()).toBe(0);
  expect(await box().inputValue()).toBe('from:fruit OR from:farm');
});

describe('what is proposed', () => {
  it('completes a field and then its value, by keys alone', async () => {
    await press('/');
    await page.keyboard.type('fro');
    await option(/^from:/).waitFor();
    await press('ArrowDown');
    await expect.poll(marked).toMatch(/^from:/);
    await press('Tab');
    await option('from:fruit@acme.test 1').waitFor();
    await page.keyboard.type('root');
    await expect.poll(() => option(/./).count()).toBe(1);
    await press('ArrowDown', 'Enter');
    await chip('Edit from: roots@acme.test').waitFor();
    await expect.poll(query).toBe('from:roots@acme.test');
    expect(await box().getAttribute('aria-expanded')).toBe('false');
  });

  it('is counted within the rest of the query', async () => {
    await press('/');
    await page.keyboard.type('from:acme to:');
    await option('to:jm@shop.test 2').waitFor();
    expect(await option(/dev@shop/).count()).toBe(0);
    await option('to:jm@shop.test 2').click();
    await chip('Edit to: jm@shop.test').waitFor();
  });

  it('hides on Escape and leaves the text', async () => {
    await press('/');
    await page.keyboard.type('is:');
    await option(/^is:unread/).waitFor();
    await press('Escape');
    await expect.poll(() => option(/./).count()).toBe(0);
    expect(await box().inputValue()).toBe('is:');
  });

  it('in an empty box begins with earlier searches', async () => {
    await press('/');
    await page.keyboard.type('apples');
    await press('Enter', 'Escape');
    await expect.poll(query).toBe('');
    await press('/', 'ArrowDown');
    await option('apples').click();
    await expect.poll(query).toBe('apples');
  });

  it('leads to the help with the grammar', async () => {
    await press('/');
    await page.getByRole('button', { name: 'How to search' }).click();
    await page.getByRole('dialog').getByText('words and phrases').waitFor();
  });
});

it('does not search for what is half a term', async () => {
  await press('/');
  await page.keyboard.type('is:unr');
  await option(/^is:unread/).waitFor();
  await press('Enter');
  await page.locator('#query-failure').waitFor();
  await box().fill('is:unread');
  await expect.poll(query).toBe('is:unread');
  await expect.poll(() => page.locator('#query-failure').count()).toBe(0);
});

describe('when nothing matches', () => {
  it('says what would without each term, and leads there', async () => {
    await box().fill('from:acme subject:chard');
    await page.getByRole('heading', { name: 'No message matches both filters' }).waitFor();
    await page.getByText('Without from:acme: 1 message').waitFor();
    await page.getByRole('link', { name: '2 messages' }).click();
    await rowOf(page, 'Apples').waitFor();
    await expect.poll(query).toBe('from:acme');
  });

  it('clears the filters at once', async () => {
    await box().fill('subject:nothing');
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await rowOf(page, 'Chard').waitFor();
  });
});

it('broke no rule of its own Content-Security-Policy in all of this', () => {
  expect(rig.problems).toEqual([]);
});
