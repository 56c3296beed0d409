import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findConfigFile, readConfigFile } from '../../server/config-file.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'mailrig-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

test.each([
  ['YAML', 'a.yaml', '# ports\nsmtpPort: 25\n\nhost:\n  - ::1\n'],
  ['JSON', 'a.json', '{\n  "smtpPort": 25,\n\n  "host": ["::1"]\n}'],
])('%s gives every key with its value and line', async (_kind, name, text) => {
  write(name, text);
  expect((await readConfigFile(name, folder)).entries).toEqual([
    { key: 'smtpPort', value: 25, line: 2 },
    { key: 'host', value: ['::1'], line: 4 },
  ]);
});

test('an empty file has no settings', async () => {
  write('a.yaml', '# nothing yet\n');
  expect((await readConfigFile('a.yaml', folder)).entries).toEqual([]);
});

test.each([
  ['broken JSON', 'a.json', '{\n  "smtpPort": 25\n  "host": 1\n}', /^a\.json, line 3: /],
  ['the same key twice', 'a.yaml', 'name: a\nname: b\n', /^a\.yaml, line 2: /],
  ['a list', 'a.yaml', '- 1\n', 'a.yaml: expected settings and their values, such as smtpPort: 1025'],
])('%s is refused with its place', async (_what, name, text, message) => {
  write(name, text);
  await expect(readConfigFile(name, folder)).rejects.toThrow(message);
});

test('a file that is not there is refused by its name', async () => {
  await expect(readConfigFile('none.yaml', folder)).rejects.toThrow('none.yaml: cannot be read (ENOENT)');
});

test('the file of the folder is found, the one asked for comes first, and two are one too many', () => {
  expect(findConfigFile(undefined, folder)).toBeNull();
  write('mailrig.config.yml', '');
  expect(findConfigFile(undefined, folder)).toBe('mailrig.config.yml');
  expect(findConfigFile('other.json', folder)).toBe('other.json');
  write('mailrig.config.json', '');
  expect(() => findConfigFile(undefined, folder)).toThrow('mailrig.config.json and mailrig.config.yml are both here');
});
