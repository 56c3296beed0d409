// From flags, environment, file and defaults to one frozen configuration; a wrong value names where it came from.

import { settingNames, settings, flagOf, variableOf } from './settings.ts';
import type { Config, SettingName } from './settings.ts';
import { nearest } from './base/nearest.ts';

export type ConfigSource = 'default' | 'file' | 'environment' | 'flag' | 'option';
export type ConfigSources = Readonly<Record<SettingName, ConfigSource>>;

export interface Loaded {
  readonly config: Config;
  readonly sources: ConfigSources;
}

/** The keys of a configuration file, with the line of each. */
export interface ConfigFile {
  readonly name: string;
  readonly entries: readonly { readonly key: string; readonly value: unknown; readonly line: number }[];
}

/** Everything that is wrong with a configuration, one line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** One value as it was given: `key` names the setting, `label` tells a person where to look. */
interface Given {
  readonly key: string;
  readonly value: unknown;
  readonly label: string;
  readonly source: ConfigSource;
  /** What to call a setting in this source. */
  readonly call: (name: string) => string;
}

const isName = (key: string): key is SettingName => Object.hasOwn(settings, key);
const same = (name: string): string => name;

/** Kubernetes sets these for a service that is called `mailrig`: they are no settings, and no mistake either. */
const ORCHESTRATOR = /^MAILRIG_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;
/** Names a file, is no setting itself. */
export const CONFIG_VARIABLE = 'MAILRIG_CONFIG';

const fromFlags = (flags: Readonly<Record<string, unknown>>): Given[] =>
  Object.entries(flags).map(([key, value]) => ({ key, value, label: flagOf(key), source: 'flag', call: flagOf }));

// A variable that is set to nothing counts as not set: compose files and CI systems cannot leave one out.
function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Given[] {
  const keys = new Map<string, string>(settingNames.filter((name) => !settings[name].fileOnly).map((name) => [variableOf(name), name]));
  return Object.entries(env).flatMap(([variable, value]) =>
    !variable.startsWith('MAILRIG_') || variable === CONFIG_VARIABLE || ORCHESTRATOR.test(variable) || !value
      ? []
      : [{ key: keys.get(variable) ?? variable, value, label: variable, source: 'environment', call: variableOf }],
  );
}

// Numbers are read as their text, so that `idleTimeout: 300` is 300 seconds in a file as it is in a flag.
const fromFile = (file: ConfigFile): Given[] =>
  file.entries.map(({ key, value, line }) => ({
    key,
    value: typeof value === 'number' ? String(value) : value,
    label: `${file.name}, line ${line}: ${key}`,
    source: 'file',
    call: same,
  }));

const fromOptions = (options: Readonly<Record<string, unknown>>): Given[] =>
  Object.entries(options).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value, label: key, source: 'option', call: same }],
  );

function unknown({ key, label, call, source }: Given): string {
  const names = settingNames.filter((name) => source === 'file' || source === 'option' || !settings[name].fileOnly).map(call);
  const close = nearest(key, names);
  return `${label}: unknown setting${close === null ? '' : `; did you mean ${close}?`}`;
}

/** Reads one value, or says what is wrong with it; a secret is never repeated. */
function readValue(name: SettingName, given: Given): { readonly value: unknown } | { readonly problem: string } {
  const setting = settings[name];
  const result = setting.schema.safeParse(given.value);
  if (result.success) return { value: result.data };
  const inner = setting.fileOnly && result.error.issues.find((issue) => issue.path.length > 0);
  if (inner) {
    const place = inner.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
    return { problem: `${given.label}${place}: ${inner.message}` };
  }
  const got = setting.secret ? '' : `, got ${JSON.stringify(given.value)}`;
  return { problem: `${given.label}: expected ${setting.expects}${got}` };
}

/** Rules between settings. */
function contradictions(config: Config): string[] {
  const { tlsCert, tlsKey, maxInflight, maxMessageSize, accounts, users } = config;
  return [
    ...((tlsCert === null) === (tlsKey === null) ? [] : ['tlsCert, tlsKey: give both or none']),
    ...(accounts === 'listed' && users === null ? ['accounts: listed needs users, the file that lists them'] : []),
    ...(maxInflight > 0 && maxMessageSize > maxInflight
      ? ['maxMessageSize: is more than maxInflight, so the largest message could never arrive']
      : []),
  ];
}

function merge(defaults: Readonly<Record<string, unknown>>, sources: readonly (readonly Given[])[]): Loaded {
  const values: Record<string, unknown> = { ...defaults };
  const origins: Record<string, ConfigSource> = Object.fromEntries(settingNames.map((name) => [name, 'default']));
  const problems: string[] = [];
  for (const given of sources.flat()) {
    if (!isName(given.key)) problems.push(unknown(given));
    else {
      const read = readValue(given.key, given);
      if ('problem' in read) problems.push(read.problem);
      else {
        values[given.key] = Object.freeze(read.value);
        origins[given.key] = given.source;
      }
    }
  }
  // Every setting has a default and every other value passed the schema of its name, so the record is a whole Config.
  const config = Object.freeze(values) as unknown as Config;
  if (problems.length === 0) problems.push(...contradictions(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return { config, sources: Object.freeze(origins) };
}

export const defaults: Readonly<Record<string, unknown>> = Object.fromEntries(settingNames.map((name) => [name, settings[name].default]));
const embeddedDefaults = Object.fromEntries(settingNames.map((name) => [name, settings[name].embedded ?? settings[name].default]));

export interface ConfigInput {
  /** Values of flags by setting name, as text. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: ConfigFile | null;
}

/** A flag beats the environment, which beats the file, which beats the default. @throws ConfigError with all that is wrong */
export const loadConfig = ({ flags, env, file }: ConfigInput): Loaded =>
  merge(defaults, [file ? fromFile(file) : [], fromEnvironment(env), fromFlags(flags)]);

/** The configuration of a server inside another program: every port 0 unless given, environment and files unread. @throws ConfigError */
export const optionsToConfig = (options: Partial<Config> = {}): Loaded => merge(embeddedDefaults, [fromOptions({ ...options })]);

/** What `/info` tells of each setting; of a secret only whether there is one. */
export const describeSettings = ({ config, sources }: Loaded): Record<SettingName, { value: unknown; source: ConfigSource }> =>
  Object.fromEntries(
    settingNames.map((name) => [
      name,
      { value: settings[name].secret && config[name] !== null ? '…' : config[name], source: sources[name] },
    ]),
  ) as Record<SettingName, { value: unknown; source: ConfigSource }>;
