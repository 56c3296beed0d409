// Faults, receivers and states of hosts as they are given at the start: a file, or a list in the settings; what is wrong is told with its place.

import { relative, resolve } from 'node:path';
import { Refusal } from './base/errors.ts';
import { readDocument } from './config-file.ts';
import { ConfigError } from './config.ts';
import type { Receivers } from './delivery/receivers/receivers.ts';
import type { Rule } from './faults/fault.ts';
import type { Faults } from './faults/faults.ts';
import type { Hosts } from './faults/hosts.ts';
import type { Config } from './settings.ts';
import type { WrittenFaults } from './values.ts';
import { writtenFaults } from './values.ts';

export interface GivenFaults {
  /** Of the file, for people. */
  readonly name: string;
  readonly rules: readonly Rule[];
  /** By domain. */
  readonly receivers: Readonly<Record<string, GivenReceiver>>;
  readonly hosts: Readonly<Record<string, string>>;
}

interface GivenReceiver {
  /** Where it stands, for people. */
  readonly place: string;
  readonly words: object;
}

const isList = (written: readonly object[] | WrittenFaults): written is readonly object[] => Array.isArray(written);

/** From this folder, where it lies in it. */
function shortName(path: string, folder: string): string {
  const short = relative(folder, resolve(folder, path));
  return short === '' || short.startsWith('..') ? path : short;
}

const placedAt = (place: string, receivers: Readonly<Record<string, object>>): Record<string, GivenReceiver> =>
  Object.fromEntries(Object.entries(receivers).map(([domain, words]) => [domain, { place: `${place}${domain}: `, words }]));

/** What the file says of a domain goes before what the settings say. Throws ConfigError. */
export async function givenFaults(
  { faults: setting, receivers: own }: Pick<Config, 'faults' | 'receivers'>,
  folder = process.cwd(),
): Promise<GivenFaults> {
  const name = typeof setting === 'string' ? shortName(setting, folder) : 'faults';
  const settled = placedAt('receivers: ', own ?? {});
  if (setting === null) return { name, rules: [], receivers: settled, hosts: {} };
  const value = typeof setting === 'string' ? (await readDocument(name, folder)).toJS() : setting;
  const read = writtenFaults.safeParse(value ?? []);
  if (!read.success) throw new ConfigError([`${name}: expected a list of faults, or { faults, receivers, hosts }`]);
  // Each is read, and refused, where a rule becomes a fault, and words a receiver.
  const { faults: rules = [], receivers = {}, hosts = {} } = isList(read.data) ? { faults: read.data } : read.data;
  return { name, rules: rules as readonly Rule[], receivers: { ...settled, ...placedAt(`${name}: receivers.`, receivers) }, hosts };
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

/** Their hosts are up. */
export async function giveReceivers({ receivers: given }: GivenFaults, receivers: Receivers): Promise<void> {
  for (const [domain, { place, words }] of Object.entries(given)) await placed(place, () => receivers.give(domain, words));
}

/** What is said of a host by its own name goes before what its receiver says. */
export async function setGiven({ name, receivers: given, hosts: states }: GivenFaults, hosts: Hosts, receivers: Receivers): Promise<void> {
  for (const [domain, { place }] of Object.entries(given)) {
    for (const { name: host, state } of receivers.get(domain)?.written.hosts ?? [])
      if (state !== undefined) await placed(place, () => hosts.set(host, state));
  }
  for (const [host, state] of Object.entries(states)) await placed(`${name}: hosts.${host}: `, () => hosts.set(host, state));
}
