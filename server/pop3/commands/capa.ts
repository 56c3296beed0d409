// CAPA: what this server can do, as things stand (RFC 2449 §5).

import { mechanismsFor } from '../../net/sasl.ts';
import { command } from '../dialogue.ts';
import type { Dialogue } from '../dialogue.ts';
import { sayLines } from '../listing.ts';
import { syntax } from '../replies.ts';
import { mayLogIn } from './login.ts';

const ALWAYS = [
  'TOP',
  'UIDL',
  'RESP-CODES',
  'AUTH-RESP-CODE',
  'PIPELINING',
  'EXPIRE NEVER',
  'UTF8 USER',
  'LANG',
  'IMPLEMENTATION Mailrig',
] as const;

export function capabilities(dialogue: Dialogue): readonly string[] {
  const { connection, deps, state } = dialogue;
  return [
    ...ALWAYS,
    ...(mayLogIn(dialogue) ? ['USER', `SASL ${mechanismsFor(deps.users).join(' ')}`] : []),
    // Not after UTF8 either (RFC 6856 §2.1).
    ...(connection.canStartTls && state.phase === 'greeted' && !state.utf8 ? ['STLS'] : []),
  ];
}

export const capa = command<'greeted' | 'open'>({
  otherwise: {},
  run: (dialogue, argument) =>
    argument === '' ? sayLines(dialogue.connection, 'Capabilities follow', capabilities(dialogue)) : syntax('CAPA'),
});
