// What can be given with a preset, read from JSON: where its rules stand, whom they meet, how long they live, and how hard they are.

import { z } from 'zod';
import { nearest } from '../base/nearest.ts';
import type { Match, WrittenDuration } from './fault.ts';
import { explain, fail } from './read-rule.ts';
import { duration, match } from './shape.ts';

export interface PresetOptions {
  /** Where its rules stand; without it at the built-in server. */
  readonly host?: string | null;
  readonly match?: Match;
  readonly ttl?: WrittenDuration | null;
  /** `mailbox-full`: for good. */
  readonly hard?: boolean;
  /** `slow`: the body instead of the replies. */
  readonly body?: boolean;
  /** `bad-certificate`. */
  readonly certificate?: 'expired' | 'wrong-host' | 'self-signed';
  /** `flaky`: how much of everything fails. */
  readonly probability?: number;
  readonly seed?: number;
}

const OPTIONS = {
  host: z.string().min(1).max(255).nullable(),
  match,
  ttl: duration.nullable(),
  hard: z.boolean(),
  body: z.boolean(),
  certificate: z.enum(['expired', 'wrong-host', 'self-signed']),
  probability: z.number().gt(0, 'it would never fire').max(1),
  seed: z.int(),
} as const satisfies Readonly<Record<keyof PresetOptions, z.ZodType>>;

/** Throws Refusal `unprocessable` with the path of what is wrong. */
export function readOptions(value: unknown, names: readonly (keyof PresetOptions)[]): PresetOptions {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail('', 'the options of a preset are an object');
  for (const name of Object.keys(value)) {
    if ((names as readonly string[]).includes(name)) continue;
    const meant = nearest(name, names);
    fail(name, `unknown option${meant === null ? `; there are ${names.join(', ')}` : `, ${meant} may be meant`}`);
  }
  const { data, error } = z.object(OPTIONS).partial().safeParse(value);
  return error ? explain(error, '', Object.keys(match.shape)) : (data as PresetOptions);
}
