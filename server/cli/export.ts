// `mailrig export`: writes the mail of a running server into a file or a folder, whole or not at all.

import { lstat, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { connect } from './api.ts';
import type { ApiFlags } from './api.ts';
import { showProgress } from './progress.ts';
import { Failure } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { writeEmlFolder, writeFile, writeMaildir } from './written.ts';
import type { Chunks } from './written.ts';

interface Format {
  readonly ask: 'mbox' | 'zip';
  /** Makes the file or the folder, which is not there yet. */
  write(chunks: Chunks, path: string): Promise<void>;
  /** Names of paths that mean it. */
  readonly named: RegExp;
  /** For folders: what stands in one that it made. */
  readonly holds?: RegExp;
}

const FORMATS = {
  mbox: { ask: 'mbox', write: writeFile, named: /\.mbo?x$/i },
  zip: { ask: 'zip', write: writeFile, named: /\.zip$/i },
  maildir: { ask: 'zip', write: writeMaildir, named: /maildir\/?$/i, holds: /^(cur|new|tmp)$/ },
  eml: { ask: 'zip', write: writeEmlFolder, named: /(^|\/)[^/.]+\/?$|\/$|^\.{1,2}$/, holds: /\.eml$|^index(-\d+)?\.jsonl$/ },
} as const satisfies Record<string, Format>;
type FormatName = keyof typeof FORMATS;

export interface ExportFlags extends ApiFlags {
  readonly format?: FormatName;
  readonly query?: string;
  readonly force?: boolean;
}

export function addExportOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'eml and maildir are folders (guessed from the name)').choices(Object.keys(FORMATS)))
    .option('--query <query>', 'only what matches, in the words of the search field')
    .option('--force', 'write over what is there');
}

export function formatOf(path: string): FormatName {
  const [found] = Object.entries(FORMATS).find(([, { named }]) => named.test(path)) ?? [];
  if (found === undefined) throw new Failure(`${path} names no format; give one with --format`);
  return found as FormatName;
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** What is there and may go; null where nothing is in the way. @throws Failure */
async function inTheWay(name: string, path: string, { holds }: Format, force: boolean): Promise<'file' | 'folder' | 'empty folder' | null> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (!found) return null;
  const names = found.isDirectory() ? await readdir(path) : null;
  if (names && holds && names.length === 0) return 'empty folder';
  if (!force) throw new Failure(`${name} is there already; write over it with --force`);
  if ((names !== null) !== (holds !== undefined)) throw new Failure(`${name} is a ${names ? 'folder' : 'file'}`);
  const other = names?.find((file) => !holds?.test(file));
  if (other !== undefined) throw new Failure(`${name} holds ${other}, which is of no export: it is not written over`);
  return names ? 'folder' : 'file';
}

export async function exportMail(
  name: string,
  { format, query = '', force = false, ...flags }: ExportFlags,
  terminal: Terminal,
): Promise<void> {
  const wanted: Format = FORMATS[format ?? formatOf(name)];
  const path = resolve(terminal.folder, name);
  await inTheWay(name, path, wanted, force);
  const ask = await connect(flags, terminal);
  const stop = new AbortController();
  void terminal.interrupted().then(() => stop.abort(new Failure('interrupted')));
  const asked = new URLSearchParams({ format: wanted.ask, q: query }).toString();
  const { body } = await ask(`messages/export?${asked}`, { signal: stop.signal });
  const progress = showProgress(terminal, null);
  let octets = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      octets += chunk.length;
      progress.add(chunk.length);
      yield chunk;
    }
  }
  const part = `${path}.${process.pid}.part`;
  const old = `${path}.${process.pid}.old`;
  try {
    await wanted.write(counted(), part).catch((error: unknown) => {
      // The stream breaks off where something goes wrong over there.
      throw error instanceof TypeError ? new Failure(`the server broke off: ${error.message}`) : error;
    });
    const way = await inTheWay(name, path, wanted, force);
    if (way === 'empty folder') await rmdir(path);
    if (way === 'folder') await rename(path, old);
    await rename(part, path);
  } finally {
    progress.end();
    for (const left of [part, old]) await rm(left, { recursive: true, force: true });
  }
  terminal.print(`${name}: ${octets} octets`);
}
