// Finds a Chromium to test the web page with: one that npm brings, the same everywhere and without a desktop's weight, or one that is installed.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Browser {
  readonly executablePath: string;
  /** What its environment needs beyond ours: `launch({ executablePath, env: { ...process.env, ...env } })`. */
  readonly env: Readonly<Record<string, string>>;
}

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const plain = (executablePath: string): Browser => ({ executablePath, env: {} });
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge', 'msedge'];
const USUAL: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
  win32: [process.env['ProgramFiles'], process.env['ProgramFiles(x86)'], process.env['LOCALAPPDATA']].flatMap((folder) =>
    folder ? [join(folder, 'Google/Chrome/Application/chrome.exe'), join(folder, 'Microsoft/Edge/Application/msedge.exe')] : [],
  ),
};

/** True where the file is a browser that starts. On Windows `--version` opens a window, so being there is enough. */
async function starts({ executablePath, env }: Browser): Promise<boolean> {
  if (!existsSync(executablePath)) return false;
  if (process.platform === 'win32') return true;
  const answer = await run(executablePath, ['--version'], { timeout: 20_000, env: { ...process.env, ...env } }).catch(() => null);
  return answer !== null && /\d+\.\d+/.test(answer.stdout);
}

async function anyInstalled(): Promise<Browser | null> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const ending = process.platform === 'win32' ? '.exe' : '';
  const paths = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name + ending))), ...(USUAL[process.platform] ?? [])];
  for (const candidate of paths.map(plain)) if (await starts(candidate)) return candidate;
  return null;
}

const playwright = async (): Promise<Browser> => plain((await import('playwright-core')).chromium.executablePath());

/** Only where the package can run; unpacked once, in a folder of its own, by a child whose environment makes the package bring its libraries. */
async function unpacked(): Promise<Browser | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const manifest = readFileSync(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const cache = join(root, 'node_modules/.cache');
  const home = join(cache, `chromium-${version}`);
  if (!existsSync(home)) await unpack(cache, home);
  // Its list of arguments is not used: it turns off the very walls that the tests of hostile mail lean on.
  return {
    executablePath: join(home, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(home, 'al2023/lib'),
      FONTCONFIG_PATH: join(home, 'fonts'),
      FONTCONFIG_FILE: join(home, 'fonts/fonts.conf'),
    },
  };
}

// In a temporary folder first, then renamed: several test files may do this at the same time, and one may be killed.
async function unpack(cache: string, home: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, 'chromium-draft-'));
  const script = "await (await import('@sparticuz/chromium')).default.executablePath()";
  const env = { ...process.env, TMPDIR: draft, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' };
  await run(process.execPath, ['--input-type=module', '-e', script], { cwd: root, env });
  // Its own fonts.conf knows only folders of the service it was made for.
  const folders = [join(home, 'fonts'), '/usr/share/fonts'].map((folder) => `<dir>${folder}</dir>`).join('');
  writeFileSync(join(draft, 'fonts/fonts.conf'), `<fontconfig>${folders}<cachedir>${join(home, 'fonts-cache')}</cachedir></fontconfig>\n`);
  try {
    renameSync(draft, home);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(home) || readdirSync(home).length === 0) throw error;
  }
}

async function downloaded(): Promise<Browser> {
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  await run(process.execPath, [cli, 'install', 'chromium'], { timeout: 300_000 });
  return playwright();
}

const ADVICE = 'No browser for the tests: install the package `chromium` (Debian, Ubuntu) or Google Chrome, or set CHROME to one.';

async function search(): Promise<Browser> {
  const asked = process.env['CHROME'];
  if (asked) {
    if (await starts(plain(asked))) return plain(asked);
    throw new Error(`CHROME=${asked} is no browser that starts`);
  }
  const reasons: string[] = [];
  for (const bring of [unpacked, anyInstalled, playwright, downloaded]) {
    const candidate = await bring().catch((error: unknown) => void reasons.push(String(error)));
    if (candidate && (await starts(candidate))) return candidate;
  }
  throw new Error([ADVICE, ...reasons].join('\n'));
}

const MEMORY = 'TEST_BROWSER';

/** The search is done once for all processes of a test run. @throws Error that says what to install */
export async function findBrowser(): Promise<Browser> {
  const known = process.env[MEMORY];
  if (known) return JSON.parse(known) as Browser;
  const found = await search();
  process.env[MEMORY] = JSON.stringify(found);
  return found;
}
