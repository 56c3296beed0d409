// Measures what the project promises. Run: npm run bench [start] [smtp] [imap] [pop3] [live] [search] [page] [keep] [faults] [delivery]; the server must be built.

import { existsSync } from 'node:fs';
import { benchDelivery } from './delivery.ts';
import { benchFaults } from './faults.ts';
import { benchImap } from './imap.ts';
import { benchKeep } from './keep.ts';
import { benchLive } from './live.ts';
import { benchPage } from './page.ts';
import { benchPop3 } from './pop3.ts';
import { benchSearch } from './search.ts';
import { benchSmtp } from './smtp.ts';
import { benchStart } from './start.ts';

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  start: benchStart,
  smtp: benchSmtp,
  imap: benchImap,
  pop3: benchPop3,
  live: benchLive,
  search: benchSearch,
  page: benchPage,
  keep: () => benchKeep(),
  faults: benchFaults,
  delivery: benchDelivery,
};

const MAIN = new URL('../../dist/server/main.js', import.meta.url);

async function run(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => BENCHES[name] === undefined);
  if (unknown.length > 0) throw new Error(`no bench named ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`);
  if (!existsSync(MAIN)) throw new Error('the server is not built: npm run build');
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) await BENCHES[name]?.();
}

await run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
