// Faults as nobody would write them, and sessions that meet them: nothing breaks, nobody is left behind.

import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRig } from '../server/http/rig.ts';
import type { Rig } from '../server/http/rig.ts';
import { anyJson, legalRule, spoiltRule } from './faults-arbitrary.ts';

/** Many more by hand: FUZZ=100000. */
const RUNS = Number(process.env['FUZZ'] ?? 300);

let rig: Rig;
beforeEach(async () => void (rig = await createRig()));

interface Items {
  items: Record<string, unknown>[];
}

async function ask(method: string, path: string, json?: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await rig.ask(`/v1${path}`, { method, ...(json !== undefined && { json }) });
  return { status: answer.status, body: await answer.json() };
}

describe('what is no rule', () => {
  it('is refused, whatever it is: never a bug', async () => {
    const paths = fc.constantFrom(
      ['POST', '/faults'],
      ['PUT', '/faults'],
      ['PATCH', '/faults/a'],
      ['POST', '/faults/presets/flaky'],
      ['PATCH', '/hosts/submission'],
    );
    await ask('POST', '/faults', { id: 'a', on: { stage: 'rcpt' }, do: [{ close: true }] });
    await fc.assert(
      fc.asyncProperty(paths, fc.oneof(anyJson, spoiltRule, fc.array(spoiltRule, { maxLength: 3 })), async ([method, path], json) => {
        const { status, body } = await ask(method, path, json);
        if (status < 300) return;
        expect([400, 404, 409, 422]).toContain(status);
        expect(JSON.stringify(body).length).toBeLessThan(5_000);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a rule', () => {
  it('is answered in the words it was given in; a list that is given back as it was got changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(legalRule, { minLength: 1, maxLength: 4 }), async (rules) => {
        await ask('DELETE', '/faults');
        for (const rule of rules) {
          const { status, body } = await ask('POST', '/faults', rule);
          expect([status, body]).toEqual([201, expect.objectContaining(JSON.parse(JSON.stringify(rule)) as object)]);
        }
        const { items } = (await ask('GET', '/faults')).body as Items;
        expect(items).toMatchObject(JSON.parse(JSON.stringify(rules)) as object[]);
        const lives = ({ expiresAt, ...rest }: Items['items'][number]) => ({ ...rest, lives: expiresAt !== null });
        const put = (await ask('PUT', '/faults', items)).body as Items;
        expect(put.items.map(lives)).toEqual(items.map(lives));
      }),
      { numRuns: RUNS / 3 },
    );
  });
});
