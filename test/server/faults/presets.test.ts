// Presets are rules that anybody could have written.

import { expect, it } from 'vitest';
import { PRESET_OF_STATE, presetOf, PRESETS } from '../../../server/faults/presets.ts';
import { readRule } from '../../../server/faults/read-rule.ts';
import { startEngine } from './rig.ts';

const OPTIONS = [{}, { host: 'mx1.shop.test', ttl: '5m' }, { hard: true, body: true }];

it.each(PRESETS.flatMap((preset) => OPTIONS.map((options) => [preset.name, options] as const)))('%s with %j is legal', (name, options) => {
  const { faults, hosts } = presetOf(name).make(options);
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
