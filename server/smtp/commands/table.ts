// Every verb the server knows.

import type { Command } from '../dialogue.ts';
import { reply } from '../replies.ts';
import { auth } from './auth.ts';
import { bdat } from './bdat.ts';
import { data } from './data.ts';
import { ehlo, helo, lhlo } from './hello.ts';
import { mail } from './mail.ts';
import { rcpt } from './rcpt.ts';
import { expn, help, http, noop, obsolete, quit, rset, vrfy } from './simple.ts';
import { starttls } from './starttls.ts';

const HELLO = { smtp: { EHLO: ehlo, HELO: helo }, lmtp: { LHLO: lhlo } };
const OFFERED = { MAIL: mail, RCPT: rcpt, DATA: data, BDAT: bdat, RSET: rset, NOOP: noop, QUIT: quit };
const OPTIONAL = { STARTTLS: starttls, AUTH: auth, VRFY: vrfy };

const each = (names: string, entry: Command): [string, Command][] => names.split(' ').map((name) => [name, entry]);

function commandsOf(protocol: keyof typeof HELLO): ReadonlyMap<string, Command> {
  const known = { ...HELLO[protocol], ...OFFERED, ...OPTIONAL };
  const HELP = reply(214, '2.0.0', 'End of HELP', ['Commands:', [...Object.keys(known), 'HELP'].join(' ')]);
  return new Map([
    ...Object.entries(known),
    ...each('HELP', help(HELP)),
    ...each('EXPN', expn),
    ...each('SEND SOML SAML TURN ETRN', obsolete),
    ...each('GET POST PUT HEAD OPTIONS CONNECT', http),
  ]);
}

export const COMMANDS = { smtp: commandsOf('smtp'), lmtp: commandsOf('lmtp') };
