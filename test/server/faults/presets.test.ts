// Presets are rules that anybody could have written.

import { expect, it } from 'vitest';
import { Refusal } from '../../../server/base/errors.ts';
import { bundleOf, PRESET_OF_STATE, presetOf, PRESETS } from '../../../server/faults/presets.ts';
import { readRule } from '../../../server/faults/read-rule.ts';
import { startEngine } from './rig.ts';

const OPTIONS = [
  {},
  { host: 'mx1.shop.test', ttl: '5m' },
  { hard: true, body: true },
  { certificate: 'self-signed', probability: 1, seed: 7 },
] as const;

it.each(PRESETS.flatMap((preset) => OPTIONS.map((options) => [preset.name, options] as const)))('%s with %j is legal', (name, options) => {
  const { faults, hosts } = presetOf(name).make(options, ['mx1.shop.test']);
  for (const rule of faults) expect(readRule(rule).rule).toEqual(rule);
  expect(faults.length + Object.keys(hosts).length).toBeGreaterThan(0);
  const { faults: engine } = startEngine();
  for (const rule of faults) expect(engine.add(rule, 'preset')).toMatchObject({ source: 'preset', name: rule.name });
});

it('every state of a host is a preset, or needs none', () => {
  for (const name of Object.values(PRESET_OF_STATE)) if (name !== null) expect(presetOf(name).name).toBe(name);
});

it('an unknown one is refused with the name that may be meant', () => {
  expect(() => presetOf('greylist')).toThrow('there is no preset greylist; there are busy, down');
  expect(() => presetOf('flakey')).toThrow('flaky may be meant');
});

it.each<[string, unknown, string]>([
  ['mailbox-full', { hrd: true }, 'hrd: unknown option, hard may be meant'],
  ['busy', { hard: true }, 'hard: unknown option; there are host, match, ttl'],
  ['busy', { ttl: 'soon' }, 'ttl: a length of time expected'],
  ['busy', [], 'the options of a preset are an object'],
  ['flaky', { probability: 0 }, 'probability: it would never fire'],
  ['greylisting', { match: { recipent: 'a' } }, 'match.recipent: unknown field, recipient may be meant'],
  ['busy', { match: { recipient: 'a@*' } }, 'match: not known at banner, where busy stands'],
  ['primary-down', {}, 'primary-down is about receivers, and none is declared'],
])('%s with %j is refused: %s', (name, options, message) => {
  expect(() => bundleOf(name, options)).toThrow(Refusal);
  expect(() => bundleOf(name, options)).toThrow(message);
});

it('meets those that are asked for, with the rules that can know them', () => {
  const { faults } = bundleOf('flaky', { match: { recipient: '*@w3.test' }, probability: 0.5 });
  expect(faults.map(({ on, match, when }) => [on.stage, match, when?.probability])).toEqual(
    ['rcpt', 'end-of-data', 'body'].map((stage) => [stage, { recipient: '*@w3.test' }, 0.5]),
  );
});
