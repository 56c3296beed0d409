// Every verb the server knows.

import type { Command } from '../dialogue.ts';
import { command } from '../dialogue.ts';
import { reply } from '../replies.ts';
import { auth } from './auth.ts';
import { bdat } from './bdat.ts';
import { data } from './data.ts';
import { ehlo, helo } from './hello.ts';
import { mail } from './mail.ts';
import { rcpt } from './rcpt.ts';
import { expn, http, noop, obsolete, quit, rset, vrfy } from './simple.ts';
import { starttls } from './starttls.ts';

const OFFERED = { EHLO: ehlo, HELO: helo, MAIL: mail, RCPT: rcpt, DATA: data, BDAT: bdat, RSET: rset, NOOP: noop, QUIT: quit };
const OPTIONAL = { STARTTLS: starttls, AUTH: auth, VRFY: vrfy };

const HELP = reply(214, '2.0.0', 'End of HELP', ['Commands:', [...Object.keys(OFFERED), ...Object.keys(OPTIONAL), 'HELP'].join(' ')]);
const help = command<'connected' | 'ready' | 'mail' | 'chunks'>({ needs: 'nothing', otherwise: {}, run: () => HELP });

const each = (names: string, entry: Command): [string, Command][] => names.split(' ').map((name) => [name, entry]);

export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ...Object.entries(OFFERED),
  ...Object.entries(OPTIONAL),
  ...each('HELP', help),
  ...each('EXPN', expn),
  ...each('SEND SOML SAML TURN ETRN', obsolete),
  ...each('GET POST PUT HEAD OPTIONS CONNECT', http),
]);
