// The table of settings as flags of a command.

import { Option } from 'commander';
import type { Command } from 'commander';
import { settings, settingNames, flagOf } from '../settings.ts';
import type { Setting, SettingName } from '../settings.ts';

const flagNames = settingNames.filter((name) => !settings[name].fileOnly);

// A switch may stand alone: `--require-auth` is `--require-auth true`.
const usage = (name: SettingName, placeholder: string): string =>
  placeholder === 'true|false' ? `${flagOf(name)} [${placeholder}]` : `${flagOf(name)} <${placeholder}>`;

/** The default as a person would write it; empty when the setting is off or an empty list. */
export function defaultText<K extends SettingName>(name: K): string {
  const { default: value, format = String } = settings[name] as Setting<unknown>;
  return value === null ? '' : format(value);
}

export function settingOption(name: SettingName): Option {
  const { description, placeholder, group, many } = settings[name];
  const text = defaultText(name);
  const option = new Option(usage(name, placeholder), text === '' ? description : `${description} (${text})`).helpGroup(`${group}:`);
  if (many) option.argParser((value: string, earlier: string[] | undefined) => [...(earlier ?? []), value]);
  return option;
}

/** No defaults and no checks here: `loadConfig` knows both, whichever way a value comes. */
export function addSettings(command: Command, names: readonly SettingName[] = flagNames): Command {
  for (const name of names) command.addOption(settingOption(name));
  return command;
}
