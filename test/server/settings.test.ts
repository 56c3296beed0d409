import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultText } from '../../server/cli/setting-options.ts';
import { flagOf, settingNames, settings } from '../../server/settings.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, section = ''] = readme.split('<!-- settings -->');
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('the table of the README is the table of settings', () => {
  const expected = settingNames.map((name) => {
    const text = defaultText(name);
    return [
      '',
      settings[name].fileOnly ? `\`${name}:\` (file only)` : `\`${flagOf(name)}\``,
      text && `\`${text}\``,
      settings[name].description,
      '',
    ];
  });
  expect(rows).toEqual(expected);
});
