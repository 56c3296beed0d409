// What the paths of an import hold, as the uploads that bring it in: a file as it is, many small ones as zips with an index.

import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { basic, request } from './api.ts';
import { Failure } from './terminal.ts';
import { reasonOf } from '../base/errors.ts';
import { indexLine, indexName, readIndexLine } from '../mail/archive.ts';
import type { ArchiveFacts } from '../mail/archive.ts';
import { zip } from '../mail/zip.ts';
import type { ZipFile } from '../mail/zip.ts';

/** What is told while a parcel is read. */
export interface Telling {
  /** Octets of what there is to read. */
  read(octets: number): void;
  failed(at: string, reason: string): void;
}

export interface Parcel {
  /** Stands before the place of what failed in it; empty where that is a whole name. */
  readonly label: string;
  readonly format: 'mbox' | 'zip';
  /** Octets to read, null where nobody knows. */
  readonly size: number | null;
  open(telling: Telling): AsyncIterable<Uint8Array>;
}

/** A message in a file of its own. */
interface MessageFile {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly facts: ArchiveFacts;
}

const BATCH_FILES = 500;
const BATCH_OCTETS = 16 * 1024 * 1024;

async function* packed(files: readonly MessageFile[], { read, failed }: Telling): AsyncGenerator<ZipFile> {
  const lines: string[] = [];
  for (const { name, path, facts } of files) {
    const data = await readFile(path).catch((error: unknown) => failed(name, reasonOf(error)));
    if (!data) continue;
    read(data.length);
    if (data.length === 0 && !facts.envelope) {
      failed(name, 'it is empty');
      continue;
    }
    yield { name, data, at: 0 };
    lines.push(indexLine(name, facts));
  }
  yield { name: indexName(1), data: Buffer.from(lines.join('')), at: 0 };
}

function batches(files: readonly MessageFile[]): Parcel[] {
  const groups: { files: MessageFile[]; size: number }[] = [];
  for (const file of files) {
    const last = groups.at(-1);
    if (last && last.files.length < BATCH_FILES && last.size + file.size <= BATCH_OCTETS) {
      last.files.push(file);
      last.size += file.size;
    } else groups.push({ files: [file], size: file.size });
  }
  return groups.map(({ files: group, size }) => ({ label: '', format: 'zip', size, open: (telling) => zip(packed(group, telling)) }));
}

async function filesIn(name: string, path: string, factsOf: (file: string) => ArchiveFacts | null): Promise<MessageFile[]> {
  const names = (await readdir(path)).filter((file) => !file.startsWith('.')).sort();
  const files: MessageFile[] = [];
  for (const file of names) {
    const facts = factsOf(file);
    const { size } = facts ? await stat(join(path, file)) : { size: 0 };
    if (facts) files.push({ name: join(name, file), path: join(path, file), size, facts });
  }
  return files;
}

/** S and F of the flags at the end of the name (https://cr.yp.to/proto/maildir.html). */
function maildirFacts(file: string): ArchiveFacts {
  const flags = /[:;!]2,([A-Za-z]*)$/.exec(file)?.[1] ?? '';
  return { read: flags.includes('S'), starred: flags.includes('F') };
}

/** What the index of an exported folder says, by file. */
async function folderFacts(path: string, names: readonly string[]): Promise<Map<string, ArchiveFacts>> {
  const facts = new Map<string, ArchiveFacts>();
  for (const name of names.filter((file) => /^index(-\d+)?\.jsonl$/.test(file))) {
    for (const text of (await readFile(join(path, name), 'utf8')).split('\n')) {
      const line = readIndexLine(text);
      if (line) facts.set(line.file, line.facts);
    }
  }
  return facts;
}

async function folder(name: string, path: string): Promise<MessageFile[]> {
  const names = await readdir(path);
  if (names.includes('cur') || names.includes('new')) {
    const parts = ['cur', 'new'].filter((part) => names.includes(part));
    return (await Promise.all(parts.map((part) => filesIn(join(name, part), join(path, part), maildirFacts)))).flat();
  }
  const facts = await folderFacts(path, names);
  const files = await filesIn(name, path, (file) => (/\.eml$/i.test(file) ? (facts.get(file) ?? {}) : null));
  if (files.length === 0) throw new Failure(`${name} holds no .eml file and is no Maildir`);
  return files;
}

async function* told(chunks: AsyncIterable<Uint8Array>, { read }: Telling): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    read(chunk.length);
    yield chunk;
  }
}

/** The export of a running server; `http://host:8025/` is enough. */
function remote(text: string): Parcel {
  const url = new URL(text);
  if (!url.pathname.endsWith('/messages/export')) url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/messages/export`;
  const format = url.searchParams.get('format') === 'mbox' ? 'mbox' : 'zip';
  url.searchParams.set('format', format);
  const login = url.username === '' ? null : basic(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`);
  url.username = url.password = '';
  return {
    label: url.origin,
    format,
    size: null,
    async *open(telling) {
      const { body } = await request(url, { ...(login !== null && { headers: { Authorization: login } }) });
      if (body) yield* told(body, telling);
    },
  };
}

const STARTS: readonly (readonly [string, Parcel['format']])[] = [
  ['PK', 'zip'],
  ['From ', 'mbox'],
];

async function formatOf(path: string): Promise<Parcel['format'] | 'eml'> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(5), 0, 5, 0);
    const start = buffer.toString('latin1', 0, bytesRead);
    if (start === '' && /\.mbo?x$/i.test(path)) return 'mbox';
    return STARTS.find(([mark]) => start.startsWith(mark))?.[1] ?? 'eml';
  } finally {
    await file.close();
  }
}

/** Paths are taken from `base`. Throws where one of them is not there. */
export async function parcelsOf(paths: readonly string[], base: string): Promise<Parcel[]> {
  const parcels: Parcel[] = [];
  const files: MessageFile[] = [];
  for (const name of paths) {
    if (/^https?:\/\//.test(name)) {
      parcels.push(remote(name));
      continue;
    }
    const path = resolve(base, name);
    const found = await stat(path);
    if (found.isDirectory()) {
      files.push(...(await folder(name, path)));
      continue;
    }
    const format = await formatOf(path);
    if (format === 'eml') files.push({ name, path, size: found.size, facts: {} });
    else parcels.push({ label: name, format, size: found.size, open: (telling) => told(createReadStream(path), telling) });
  }
  return [...parcels, ...batches(files)];
}
