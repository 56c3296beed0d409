// Reads `mailrig.config.json`, `.yaml` or `.yml`, and remembers the line of every key.

import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type { Document } from 'yaml';
import type { ConfigFile } from './config.ts';
import { ConfigError } from './config.ts';

const NAMES = ['mailrig.config.json', 'mailrig.config.yaml', 'mailrig.config.yml'];

/** The name of the file to read: the one asked for, or the only one that lies in `folder`; null when there is none. */
export function findConfigFile(asked: string | undefined, folder: string): string | null {
  if (asked) return asked;
  const present = NAMES.filter((name) => existsSync(join(folder, name)));
  if (present.length > 1) throw new ConfigError([`${present.join(' and ')} are both here; keep one, or name it with --config`]);
  return present[0] ?? null;
}

/** What a file says, its values and the line of each place in it. */
export interface ReadDocument {
  readonly document: Document.Parsed;
  readonly lineOf: (offset: number) => number;
  toJS(): unknown;
}

/** JSON, once it is sound, is read as YAML too: it is a part of it, and YAML tells the lines. @throws ConfigError when it cannot be read */
export async function readDocument(name: string, folder: string): Promise<ReadDocument> {
  const { LineCounter, parseDocument } = await import('yaml');
  const text = readText(name, folder);
  if (name.endsWith('.json')) checkJson(name, text);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (offset: number): number => lines.linePos(offset).line;
  const [error] = document.errors;
  if (error) throw new ConfigError([`${name}, line ${lineOf(error.pos[0])}: ${error.message}`]);
  return { document, lineOf, toJS: () => document.toJS() as unknown };
}

export async function readConfigFile(name: string, folder: string): Promise<ConfigFile> {
  const { isMap, isNode, isScalar } = await import('yaml');
  const { document, lineOf } = await readDocument(name, folder);
  const root = document.contents;
  if (root === null) return { name, entries: [] };
  if (!isMap(root)) throw new ConfigError([`${name}: expected settings and their values, such as smtpPort: 1025`]);
  const entries = root.items.map(({ key, value }) => ({
    key: isScalar(key) ? String(key.value) : String(key),
    value: isNode(value) ? (value.toJS(document) as unknown) : value,
    line: isScalar(key) && key.range ? lineOf(key.range[0]) : 1,
  }));
  return { name, entries };
}

function checkJson(name: string, text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    const [message = '', position] = String(error instanceof Error ? error.message : error).split(/ (?:in JSON )?at position /);
    const line = position === undefined ? text.split('\n').length : text.slice(0, parseInt(position, 10)).split('\n').length;
    throw new ConfigError([`${name}, line ${line}: ${message}`]);
  }
}

function readText(name: string, folder: string): string {
  const path = isAbsolute(name) ? name : join(folder, name);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError([
      `${relative(folder, path) || name}: cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : String(error)})`,
    ]);
  }
}
