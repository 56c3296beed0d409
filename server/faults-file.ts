// Faults and states of hosts as they are given at the start: a file, or a list in the settings; what is wrong is told with its place.

import { relative, resolve } from 'node:path';
import { Refusal } from './base/errors.ts';
import { readDocument } from './config-file.ts';
import { ConfigError } from './config.ts';
import type { Rule } from './faults/fault.ts';
import type { Faults } from './faults/faults.ts';
import type { Hosts } from './faults/hosts.ts';
import type { FaultsSetting, WrittenFaults } from './values.ts';
import { writtenFaults } from './values.ts';

export interface GivenFaults {
  /** Of the file, for people. */
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly hosts: Readonly<Record<string, string>>;
}

const isList = (written: readonly object[] | WrittenFaults): written is readonly object[] => Array.isArray(written);

/** From this folder, where it lies in it. */
function shortName(path: string, folder: string): string {
  const short = relative(folder, resolve(folder, path));
  return short === '' || short.startsWith('..') ? path : short;
}

/** Throws ConfigError. */
export async function givenFaults(setting: FaultsSetting | null, folder = process.cwd()): Promise<GivenFaults> {
  const name = typeof setting === 'string' ? shortName(setting, folder) : 'faults';
  if (setting === null) return { name, rules: [], hosts: {} };
  const value = typeof setting === 'string' ? (await readDocument(name, folder)).toJS() : setting;
  const read = writtenFaults.safeParse(value ?? []);
  if (!read.success) throw new ConfigError([`${name}: expected a list of faults, or { faults, hosts }`]);
  // Each is read, and refused, where a rule becomes a fault.
  const [rules, hosts] = isList(read.data) ? [read.data, {}] : [read.data.faults ?? [], read.data.hosts ?? {}];
  return { name, rules: rules as readonly Rule[], hosts };
}

/** Throws ConfigError: what the engine refuses, with the file's name. */
async function placed<T>(place: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Refusal) throw new ConfigError([`${place}${error.message}`]);
    throw error;
  }
}

export async function addGiven({ name, rules }: GivenFaults, faults: Faults): Promise<void> {
  await placed(`${name}: `, () => void faults.replace(rules, 'file'));
}

export async function setGiven({ name, hosts: states }: GivenFaults, hosts: Hosts): Promise<void> {
  for (const [host, state] of Object.entries(states)) await placed(`${name}: hosts.${host}: `, () => hosts.set(host, state));
}
