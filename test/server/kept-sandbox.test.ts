import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Unusable } from '../../server/base/errors.ts';
import { keepSandbox, NOTHING_KEPT, readSandbox } from '../../server/kept-sandbox.ts';
import type { KeptSandbox } from '../../server/kept-sandbox.ts';
import { startEngine } from './faults/rig.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'mailrig-kept-'))));
afterEach(() => rm(folder, { recursive: true }));

const RULE = { on: { stage: 'rcpt' }, do: [{ close: true }] } as const;
const raise = (error: unknown): never => {
  throw error;
};

it('is read as it was written, whole or not at all, for nobody else to read', async () => {
  const { faults } = startEngine();
  for (const [id, source] of [
    ['a', 'api'],
    ['p', 'preset'],
    ['m', 'magic'],
    ['f', 'file'],
  ] as const)
    faults.add({ ...RULE, id }, source);
  const state: KeptSandbox = {
    clock: { offset: 5000, frozenAt: null },
    faults: faults.list(),
    receivers: [{ domain: 'shop.test', written: { hosts: [{ name: 'mx1' }] }, ports: { mx1: 20_001 }, given: false }],
    hosts: [{ name: 'imap', state: 'busy', until: 1, faultIds: ['p'] }],
  };
  expect(await readSandbox(folder)).toEqual(NOTHING_KEPT);
  let collected = 0;
  const keeper = keepSandbox(folder, () => (collected++, state), raise);
  for (let i = 0; i < 100; i++) keeper.changed();
  await keeper.close();
  expect(collected).toBe(1);
  expect(await readSandbox(folder)).toEqual({ ...state, faults: faults.list().filter(({ id }) => id === 'a' || id === 'p') });
  expect([await readdir(folder), (await stat(join(folder, 'sandbox.json'))).mode & 0o777]).toEqual([['sandbox.json'], 0o600]);
});

it('a change while it writes is written after that', async () => {
  let offset = 0;
  const keeper = keepSandbox(folder, () => ({ ...NOTHING_KEPT, clock: { offset, frozenAt: 7 } }), raise);
  keeper.changed();
  const first = keeper.close();
  offset = 1;
  keeper.changed();
  await first;
  offset = 2;
  keeper.changed();
  await keeper.close();
  expect((await readSandbox(folder)).clock).toEqual({ offset: 2, frozenAt: 7 });
});

it('what cannot be written is told of, and tried with the next change', async () => {
  const errors: unknown[] = [];
  const keeper = keepSandbox(
    join(folder, 'none'),
    () => NOTHING_KEPT,
    (error) => errors.push(error),
  );
  keeper.changed();
  await keeper.close();
  keeper.changed();
  await keeper.close();
  expect(errors).toMatchObject([{ code: 'ENOENT' }, { code: 'ENOENT' }]);
});

it.each([
  ['{', 'JSON'],
  ['{}', 'format: '],
  ['{"format":2}', 'it is of format 2, from a newer version'],
  ['{"format":1,"clock":{"offset":"a","frozenAt":null},"faults":[],"hosts":[]}', 'clock.offset: '],
  ['{"format":1,"clock":{"offset":0,"frozenAt":null},"faults":[{"id":"a"}],"hosts":[]}', 'faults.0.source: '],
])('%s is refused with what is wrong and what to do', async (text, reason) => {
  await writeFile(join(folder, 'sandbox.json'), text);
  const error: unknown = await readSandbox(folder).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Unusable);
  const { message } = error as Unusable;
  expect(message).toContain(`${join(folder, 'sandbox.json')} is damaged: `);
  expect(message).toContain(reason);
  expect(message).toContain('Put back a copy, or remove');
  expect(await readFile(join(folder, 'sandbox.json'), 'utf8')).toBe(text);
});
