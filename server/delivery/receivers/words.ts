// Reads a receiver as it is written: what is wrong is refused with the path of the field and the reason.

import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import { HOST_STATES } from '../../faults/host-rules.ts';
import { explain, fail } from '../../faults/read-rule.ts';
import { protocolOf } from '../../faults/stages.ts';
import { PROFILE_NAMES } from '../policy.ts';
import type { WrittenReceiver } from './receiver.ts';

const HOST_NAME = /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.-]*[\p{L}\p{M}\p{N}_])?$/u;
/** More hosts are no receiver that a person wrote. */
const HOSTS = 100;

const isLoopback = (address: string): boolean =>
  isIPv4(address) ? address.startsWith('127.') : isIPv6(address) && /^(?:0*:)+0*1$/.test(address);

const length = z.union([z.string(), z.number()]);

const host = z.strictObject({
  name: z.string().max(255).regex(HOST_NAME, 'a host name expected, as mx1.shop.test'),
  preference: z.int().min(0).max(65_535).optional(),
  state: z.enum(HOST_STATES.smtp).optional(),
  backup: z.enum(['stores', 'relays']).optional(),
  address: z.string().refine(isLoopback, 'a loopback address expected, as 127.0.0.2 or ::1').optional(),
  port: z.int().min(1).max(65_535).optional(),
});

const words = z.strictObject({
  hosts: z.array(host).max(HOSTS).default([]),
  policy: z
    .strictObject({
      profile: z.enum(PROFILE_NAMES).optional(),
      schedule: z.string().max(1000).optional(),
      giveUpAfter: length.optional(),
      warnAfter: length.nullable().optional(),
      failover: z.enum(['transient', 'connection']).optional(),
      tls: z.enum(['none', 'opportunistic', 'required', 'verified']).optional(),
      dialect: z.enum(['standard', 'postfix', 'exim', 'exchange']).optional(),
    })
    .optional(),
  dns: z.enum(['ok', 'null-mx', 'nxdomain', 'servfail']).optional(),
});

const FIELDS = [...Object.keys(words.shape), ...Object.keys(host.shape), ...Object.keys(words.shape.policy.unwrap().shape)];

/** A receiver that is given back as it was answered is its words. */
const READ_ONLY: ReadonlySet<string> = new Set(['domain', 'schedule', 'giveUpAfter', 'waiting']);

function withoutReadOnly(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !READ_ONLY.has(name)));
}

/** Names are compared in any case. */
export const nameKey = (name: string): string => name.toLowerCase();

/** Throws Refusal `unprocessable`. */
export function readReceiver(value: unknown): WrittenReceiver {
  const { data, error } = words.safeParse(withoutReadOnly(value));
  if (error) return explain(error, '', FIELDS);
  const { hosts, dns = 'ok' } = data;
  if (hosts.length === 0 && dns === 'ok') fail('hosts', 'a receiver has a host at least, unless DNS says that it has none');
  const names = new Set<string>();
  for (const [i, { name }] of hosts.entries()) {
    const path = `hosts[${i}]`;
    if (protocolOf(nameKey(name)) !== undefined) fail(`${path}.name`, `${name} is a server of its own`);
    if (names.has(nameKey(name))) fail(`${path}.name`, `${name} stands here twice`);
    names.add(nameKey(name));
  }
  // What was read has these fields and no others.
  return data as WrittenReceiver;
}
