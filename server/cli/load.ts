// The configuration of a command: its flags, the environment, and the file that they name or that lies here.

import { CONFIG_VARIABLE, loadConfig } from '../config.ts';
import type { Loaded } from '../config.ts';
import { findConfigFile, readConfigFile } from '../config-file.ts';
import type { Terminal } from './terminal.ts';

/** `flags` by setting name; `config` among them names the file. @throws ConfigError */
export async function load(flags: Readonly<Record<string, unknown>>, terminal: Terminal): Promise<Loaded> {
  const { config: asked, ...given } = flags;
  const name = findConfigFile(typeof asked === 'string' ? asked : terminal.env[CONFIG_VARIABLE], terminal.folder);
  return loadConfig({ flags: given, env: terminal.env, file: name === null ? null : await readConfigFile(name, terminal.folder) });
}
