// The messages in a zip: first those that an index names, with what it says of them, then every other .eml file.

import { Refusal } from '../base/errors.ts';
import { indexedFolder, readIndexLine } from './archive.ts';
import type { ArchiveFacts } from './archive.ts';
import { unzipped, zipEntries } from './zip.ts';
import type { ZipEntry, ZipSource } from './zip.ts';

export interface UnpackLimits {
  /** Octets of the zip's directory, and of an index in it. */
  readonly index: number;
  /** Octets of a message; 0 = unlimited. */
  readonly message: number;
}

export interface UnpackedMessage {
  /** The name of its file, or the line of an index that leads to none. */
  readonly at: string;
  /** Throws Refusal where it cannot be had. */
  raw(): Promise<Buffer>;
  /** What an index says of it. */
  readonly facts: ArchiveFacts | null;
}

const refusing = (at: string, why: string | Refusal): UnpackedMessage => ({
  at,
  raw: () => Promise.reject(typeof why === 'string' ? new Refusal('unprocessable', why) : why),
  facts: null,
});

function* lines(text: Buffer): Generator<string> {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf(10, start) + 1 || text.length;
    yield text.toString('utf8', start, end).trim();
    start = end;
  }
}

/** What the Finder adds beside every file is no message. */
const isMessage = (name: string): boolean => /\.eml$/i.test(name) && !/(^|\/)(__MACOSX\/|\._)/.test(name);

/** Throws Refusal where the zip as a whole cannot be read, or has no message in it and no index. */
export async function* unpack(source: ZipSource, limits: UnpackLimits): AsyncGenerator<UnpackedMessage> {
  const entries = await zipEntries(source, limits.index);
  const left = new Map(entries.map((entry) => [entry.name, entry]));
  const message = (entry: ZipEntry, facts: ArchiveFacts | null): UnpackedMessage => ({
    at: entry.name,
    raw: () => unzipped(source, entry, limits.message),
    facts,
  });

  function* indexed(name: string, text: Buffer): Generator<UnpackedMessage> {
    let number = 0;
    for (const content of lines(text)) {
      number++;
      if (content === '') continue;
      const line = readIndexLine(content);
      const entry = line && left.get(`${indexedFolder(name) ?? ''}${line.file}`);
      if (entry) {
        left.delete(entry.name);
        yield message(entry, line.facts);
      } else yield refusing(`${name} line ${number}`, line ? `there is no file ${line.file} to go with it` : 'this is no line of an index');
    }
  }

  const indexes = entries.filter(({ name }) => indexedFolder(name) !== null);
  for (const { name } of indexes) left.delete(name);
  for (const index of indexes) {
    const text = await unzipped(source, index, limits.index).catch((error: unknown) => {
      if (error instanceof Refusal) return error;
      throw error;
    });
    if (text instanceof Refusal) yield refusing(index.name, text);
    else yield* indexed(index.name, text);
  }
  const others = [...left.values()].filter(({ name }) => isMessage(name));
  for (const entry of others) yield message(entry, null);
  if (indexes.length + others.length === 0) throw new Refusal('unprocessable', 'there is no .eml file in the zip file');
}
