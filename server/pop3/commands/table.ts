// Every verb the server knows.

import type { Command } from '../dialogue.ts';
import { capa } from './capa.ts';
import { dele, noop, quit, rset } from './dele.ts';
import { lang, utf8 } from './language.ts';
import { list, stat, uidl } from './list.ts';
import { apop, auth, pass, user } from './login.ts';
import { retr, top } from './retr.ts';
import { stls } from './stls.ts';

export const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['CAPA', capa],
  ['STLS', stls],
  ['USER', user],
  ['PASS', pass],
  ['APOP', apop],
  ['AUTH', auth],
  ['UTF8', utf8],
  ['LANG', lang],
  ['STAT', stat],
  ['LIST', list],
  ['UIDL', uidl],
  ['RETR', retr],
  ['TOP', top],
  ['DELE', dele],
  ['RSET', rset],
  ['NOOP', noop],
  ['QUIT', quit],
]);
