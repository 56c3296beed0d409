// The reference says what the tables of the source say; `UPDATE=1` writes it anew.

import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { CELLS } from '../../../server/faults/cells.ts';
import type { Cell } from '../../../server/faults/cells.ts';
import { bundleOf, PRESETS } from '../../../server/faults/presets.ts';

const FILE = new URL('../../../server/faults/README.md', import.meta.url);

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' ') || '–';

const cellTable = (cells: Readonly<Record<string, Cell>>): string =>
  [
    '| stage | modifiers | endings | match |\n| --- | --- | --- | --- |',
    ...Object.entries(cells).map(
      ([stage, { modifiers, endings, matches }]) => `| \`${stage}\` | ${listed(modifiers)} | ${listed(endings)} | ${listed(matches)} |`,
    ),
  ].join('\n');

const NAMES = { smtp: 'SMTP and LMTP', imap: 'IMAP', pop3: 'POP3' } as const;

const cells = (['smtp', 'imap', 'pop3'] as const).map((protocol) => `### ${NAMES[protocol]}\n\n${cellTable(CELLS[protocol])}`).join('\n\n');

function presetText({ name, summary, options }: (typeof PRESETS)[number]): string {
  const { faults, hosts } = bundleOf(name, {}, ['mx1.shop.test', 'mx1.corp.test']);
  const made = { ...(faults.length > 0 && { faults: faults.map(({ ttl: _, ...rule }) => rule) }), ...(faults.length === 0 && { hosts }) };
  const own = options.filter((option) => !['host', 'match', 'ttl'].includes(option));
  const more = own.length === 0 ? '' : ` Options: ${listed(own)}.`;
  return `### ${name}\n\n${summary}${more}\n\n\`\`\`json\n${JSON.stringify(made)}\n\`\`\``;
}

const between = (text: string, name: string, content: string): string =>
  text.replace(
    new RegExp(`(<!-- ${name} -->)[^]*(<!-- /${name} -->)`),
    (_, open: string, close: string) => `${open}\n\n${content}\n\n${close}`,
  );

it('has every legal cell and every preset', async () => {
  const text = readFileSync(FILE, 'utf8');
  const wanted = between(between(text, 'cells', cells), 'presets', PRESETS.map(presetText).join('\n\n'));
  const formatted = await format(wanted, { ...(await resolveConfig(FILE)), parser: 'markdown' });
  if (process.env['UPDATE'] !== undefined) writeFileSync(FILE, formatted);
  expect(readFileSync(FILE, 'utf8')).toBe(formatted);
});
