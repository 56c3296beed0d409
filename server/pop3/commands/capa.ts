// CAPA: what this server can do, as things stand (RFC 2449 §5).

import { mechanismsFor } from '../../net/sasl.ts';
import { lacks, offered } from '../../net/offered.ts';
import { command, without } from '../dialogue.ts';
import type { Dialogue } from '../dialogue.ts';
import { sayLines } from '../listing.ts';
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

function all(dialogue: Dialogue): string[] {
  const { connection, deps, state } = dialogue;
  return [
    ...ALWAYS,
    ...(mayLogIn(dialogue) ? ['USER', `SASL ${mechanismsFor(deps.users).join(' ')}`] : []),
    // Not after UTF8 either (RFC 6856 §2.1).
    ...(connection.canStartTls && state.phase === 'greeted' && !state.utf8 ? ['STLS'] : []),
  ];
}

export const capabilities = (dialogue: Dialogue): readonly string[] => offered(dialogue.offer, all(dialogue));

/** Commands that there are only with a capability. APOP has none; the greeting tells of it. */
const COMES_WITH: Readonly<Record<string, string>> = {
  STLS: 'STLS',
  USER: 'USER',
  PASS: 'USER',
  AUTH: 'SASL',
  APOP: 'APOP',
  UTF8: 'UTF8',
  LANG: 'LANG',
  UIDL: 'UIDL',
  TOP: 'TOP',
};

/** Whether a command is unknown because a fault has taken its capability away. */
export function isTakenAway({ offer }: Dialogue, verb: string): boolean {
  const capability = offer === null ? undefined : COMES_WITH[verb];
  return capability !== undefined && lacks(offer, capability);
}

export const capa = command<'greeted' | 'open'>({
  otherwise: {},
  check: without('CAPA'),
  run: (dialogue) => sayLines(dialogue.connection, 'Capabilities follow', capabilities(dialogue)),
});
