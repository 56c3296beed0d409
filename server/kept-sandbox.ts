// What of the sandbox outlives a restart, as a file of the folder: the clock's offset, the faults without their counters, the receivers, the states of hosts.

import { join } from 'node:path';
import * as z from 'zod';
import { reasonOf, Unusable } from './base/errors.ts';
import { readWhole, writeWhole } from './base/whole-file.ts';
import type { KeptReceiver } from './delivery/receivers/receivers.ts';
import type { Fault } from './faults/fault.ts';
import type { KeptHost } from './faults/hosts.ts';

const FILE = 'sandbox.json';
const FORMAT = 1;

export interface KeptSandbox {
  readonly clock: { readonly offset: number; readonly frozenAt: number | null };
  readonly faults: readonly Fault[];
  readonly receivers: readonly KeptReceiver[];
  readonly hosts: readonly KeptHost[];
}

export const NOTHING_KEPT: KeptSandbox = { clock: { offset: 0, frozenAt: null }, faults: [], receivers: [], hosts: [] };

const time = z.number().nullable();
/** Of a fault its words are checked where they become a rule again. */
const kept = z.object({
  format: z.literal(FORMAT),
  clock: z.object({ offset: z.number(), frozenAt: time }),
  faults: z.array(
    z.looseObject({ id: z.string(), source: z.enum(['api', 'ui', 'preset', 'file', 'magic']), createdAt: z.number(), expiresAt: time }),
  ),
  /** Its words are checked where it is opened again. Files of older versions have none. */
  receivers: z
    .array(z.object({ domain: z.string(), written: z.looseObject({}), ports: z.record(z.string(), z.number()), given: z.boolean() }))
    .default([]),
  hosts: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['up', 'busy', 'down', 'slow', 'greylisting', 'full', 'reject']),
      until: time,
      faultIds: z.array(z.string()),
    }),
  ),
});

/** What to do with a file that is not good. */
export const adviceFor = (folder: string): string =>
  `Put back a copy, or remove ${join(folder, FILE)}: faults and receivers are then gone.`;

/** Throws Unusable. */
export async function readSandbox(folder: string): Promise<KeptSandbox> {
  const path = join(folder, FILE);
  const text = await readWhole(path);
  if (text === null) return NOTHING_KEPT;
  try {
    const value: unknown = JSON.parse(text);
    const { format } = z.object({ format: z.number() }).parse(value);
    if (format > FORMAT) throw new Error(`it is of format ${format}, from a newer version`);
    const { clock, faults, receivers, hosts } = kept.parse(value);
    return { clock, faults: faults as unknown as readonly Fault[], receivers: receivers as unknown as readonly KeptReceiver[], hosts };
  } catch (error) {
    const reason =
      error instanceof z.ZodError ? `${error.issues[0]?.path.join('.') ?? ''}: ${error.issues[0]?.message ?? ''}` : reasonOf(error);
    throw new Unusable(`${path} is damaged: ${reason}. ${adviceFor(folder)}`);
  }
}

export interface Keeper {
  /** Something has changed: it is written soon. */
  changed(): void;
  /** Resolves when all is written. */
  close(): Promise<void>;
}

/** Writes one after the other, many changes in a row once; a write that fails is reported and tried with the next change. */
export function keepSandbox(folder: string, collect: () => KeptSandbox, report: (error: unknown) => void): Keeper {
  let asked = false;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    asked = false;
    const { clock, faults, receivers, hosts } = collect();
    // An address makes its own again; those of a file come from the file.
    const own = faults.filter(({ source }) => source !== 'magic' && source !== 'file');
    await writeWhole(join(folder, FILE), `${JSON.stringify({ format: FORMAT, clock, faults: own, receivers, hosts }, null, 2)}\n`);
  }

  return {
    changed() {
      if (asked) return;
      asked = true;
      writing = writing.then(write).catch(report);
    },
    close: () => writing,
  };
}
