// How the value of a setting is written: one zod type for each kind of value, and in words what it expects.

import { BlockList, isIP } from 'node:net';
import * as z from 'zod';
import { formatDuration, parseDuration } from './base/duration.ts';
import { formatSize, parseSize } from './base/size.ts';

/** A schema as far as the configuration needs it: declared here, so that published types do not name zod. */
export interface Schema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}

export interface Kind<T> {
  readonly schema: Schema<T>;
  /** Completes the sentence "expected …". */
  readonly expects: string;
  /** Stands for the value in `--help`. */
  readonly placeholder: string;
  /** The value as a person would write it; `String` where this is missing. */
  format?(value: T): string;
  /** May be given more than once; the lists are joined. */
  readonly many?: true;
}

const read = <T>(parse: (text: string) => unknown, schema: z.ZodType<T>): z.ZodType<T> =>
  z.preprocess((value) => (typeof value === 'string' ? (parse(value.trim()) ?? value) : value), schema);

/** The year 9999. */
const MOST_TIME = 253_402_300_799_999;

/** ISO time, or ms since 1970. */
const moment = (text: string): number | null =>
  whole(text) ?? (/^\d{4}-\d\d-\d\d/.test(text) && !isNaN(Date.parse(text)) ? Date.parse(text) : null);

const whole = (text: string): number | null => (/^\d+$/.test(text) ? Number(text) : null);
const words = (value: unknown): unknown => (typeof value === 'string' ? value.split(',').flatMap((word) => word.trim() || []) : value);

/** A list is one text with commas, several texts, or both mixed. */
const listOf = <T>(item: z.ZodType<T>): z.ZodType<T[]> =>
  z.preprocess((value) => (Array.isArray(value) ? (value as unknown[]).flatMap(words) : words(value)), z.array(item));

const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || (bits !== undefined && whole(bits) === null)) return false;
  try {
    new BlockList().addSubnet(address, bits === undefined ? (family === 4 ? 32 : 128) : Number(bits), family === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false; // more bits than the family has
  }
};

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;
const basePath = z
  .string()
  .regex(/^(\/[\w.~-]+)*\/?$/)
  .transform((path) => path.replace(/\/$/, '') || '/');
const portNumber = read(whole, z.int().min(0).max(65_535));
const bool = read(
  (text) => ({ true: true, yes: true, on: true, '1': true, false: false, no: false, off: false, '0': false })[text.toLowerCase()],
  z.boolean(),
);

const kind = <T>(schema: Schema<T>, expects: string, placeholder: string, more: Pick<Kind<T>, 'format' | 'many'> = {}): Kind<T> => ({
  schema,
  expects,
  placeholder,
  ...more,
});
const list = (item: z.ZodType<string>, expects: string, placeholder: string): Kind<readonly string[]> =>
  kind(listOf(item), `a list of ${expects}`, `${placeholder},…`, { format: (values) => values.join(','), many: true });

const LONGEST_TIMER = 2 ** 31 - 1;
const milliseconds = z.number().min(1).max(LONGEST_TIMER);
const millisecondsOrNull = z.number().min(0).nullable();
const named = (pattern: RegExp): z.ZodType<string> => z.string().regex(pattern);

export const port = kind(portNumber, 'a number 0–65535 (0 = any free port)', 'port');
export const flag = kind(bool, 'true or false', 'true|false');
export const count = kind(read(whole, z.int().min(0)), 'a whole number (0 = unlimited)', 'number');
export const positive = kind(read(whole, z.int().min(1)), 'a whole number above 0', 'number');
export const anyNumber = kind(
  read((text) => (/^-?\d+$/.test(text) ? Number(text) : null), z.int()),
  'a whole number',
  'number',
);
export const time = kind(read(moment, z.int().min(0).max(MOST_TIME)), 'a time such as 2026-12-24T18:00:00Z', 'time', {
  format: (ms) => new Date(ms).toISOString(),
});
export const size = kind(read(parseSize, z.int().min(0)), 'a size such as 50mb (0 = unlimited)', 'size', { format: formatSize });
export const text = kind(z.string().min(1), 'a text', 'text');
export const file = kind(z.string().min(1), 'the name of a file', 'file');
export const hostName = kind(named(/^[^\s<>@,]+$/), 'a host name', 'name');
export const login = kind(named(/^[^:]+:.+$/s), 'user:password', 'user:password');
export const path = kind(basePath, 'a path such as /mail', 'path');
export const hosts = list(named(/^[^\s/]+$/), 'names or addresses', 'host');
export const networks = list(z.string().refine(isNetwork), 'addresses or networks such as 10.0.0.0/8', 'network');
export const origins = list(z.string().refine(isOrigin), 'origins such as http://localhost:3000', 'origin');

/** Milliseconds; a bare number in text is seconds, as everywhere; a number given by code is milliseconds. */
export const duration = kind(read(parseDuration, milliseconds), 'a length of time such as 5m', 'time', { format: formatDuration });

/** As `duration`; `0` is null, without end. */
export const age: Kind<number | null> = kind(
  read(
    parseDuration,
    millisecondsOrNull.transform((ms) => ms || null),
  ),
  'a length of time such as 7d (0 = without end)',
  'time',
  { format: (ms) => (ms === null ? '0' : formatDuration(ms)) },
);

export const oneOf = <const T extends string>(...names: readonly T[]): Kind<T> =>
  kind(z.enum(names), `one of ${names.join(', ')}`, names.join('|'));

/** Makes null a value too: the setting is off. */
export const optional = <T>({ schema, format, ...rest }: Kind<T>): Kind<T | null> => ({
  ...rest,
  schema: { safeParse: (value) => (value === null ? { success: true, data: null } : schema.safeParse(value)) },
  format: (value) => (value === null ? '' : (format ?? String)(value)),
});

/** Receivers by their domains, as they are written; whoever opens them says what is wrong. */
export type WrittenReceivers = Readonly<Record<string, object>>;

/** Rules, receivers and states of hosts as they are written in a file; whoever makes faults of them says what is wrong. */
export interface WrittenFaults {
  readonly faults?: readonly object[] | undefined;
  readonly receivers?: WrittenReceivers | undefined;
  readonly hosts?: Readonly<Record<string, string>> | undefined;
}

/** The name of a file, or what would stand in it. */
export type FaultsSetting = string | readonly object[] | WrittenFaults;

const receiverList = z.record(z.string(), z.record(z.string(), z.unknown()));

export const receivers: Kind<WrittenReceivers> = kind(receiverList, 'receivers by their domains, each with hosts', 'receivers', {
  format: (value) => JSON.stringify(value),
});

const faultList = z.array(z.record(z.string(), z.unknown()));
const writtenList = z.union([
  faultList,
  z.strictObject({
    faults: faultList.optional(),
    receivers: receiverList.optional(),
    hosts: z.record(z.string(), z.string()).optional(),
  }),
]);

export const writtenFaults: Schema<readonly object[] | WrittenFaults> = writtenList;

export const faults: Kind<FaultsSetting> = kind(
  z.union([z.string().min(1), writtenList]),
  'the name of a file, a list of faults, or { faults, receivers, hosts }',
  'file',
  { format: (value) => (typeof value === 'string' ? value : JSON.stringify(value)) },
);

/** One port of a protocol, with what differs there from the settings for all. */
export interface ListenerSetting {
  readonly port: number;
  readonly host?: readonly string[] | undefined;
  readonly tls?: 'none' | 'starttls' | 'implicit' | undefined;
  readonly requireTls?: boolean | undefined;
}

export interface SmtpListener extends ListenerSetting {
  readonly requireAuth?: boolean | undefined;
}

const listener = z.strictObject({
  port: portNumber,
  host: listOf(z.string().min(1)).optional(),
  tls: z.enum(['none', 'starttls', 'implicit']).optional(),
  requireTls: bool.optional(),
});

export const listeners: Kind<readonly ListenerSetting[] | null> = kind(
  z.array(listener).nullable(),
  'a list of { port, host?, tls?, requireTls? }',
  'listeners',
);

export const smtpListeners: Kind<readonly SmtpListener[] | null> = kind(
  z.array(listener.extend({ requireAuth: bool.optional() })).nullable(),
  'a list of { port, host?, tls?, requireAuth?, requireTls? }',
  'listeners',
);
