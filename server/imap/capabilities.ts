// What this server can do, as it stands in CAPABILITY: it differs before and after TLS and login (RFC 9051 §6.1.1).

import { mechanismsFor } from '../net/sasl.ts';
import { lacks, offered } from '../net/offered.ts';
import type { ImapSession } from './session.ts';

const ALWAYS = [
  'IMAP4rev1',
  'IMAP4rev2',
  'LITERAL+',
  'SASL-IR',
  'ID',
  'ENABLE',
  'IDLE',
  'NOTIFY',
  'NAMESPACE',
  'UIDPLUS',
  'MOVE',
  'CONDSTORE',
  'QRESYNC',
  'UNSELECT',
  'CHILDREN',
  'SPECIAL-USE',
  'CREATE-SPECIAL-USE',
  'LIST-EXTENDED',
  'LIST-STATUS',
  'ESEARCH',
  'ESORT',
  'SEARCHRES',
  'SORT',
  'SORT=DISPLAY',
  'THREAD=ORDEREDSUBJECT',
  'THREAD=REFERENCES',
  'WITHIN',
  'PARTIAL',
  'MULTIAPPEND',
  'BINARY',
  'STATUS=SIZE',
  'OBJECTID',
  'SAVEDATE',
  'PREVIEW',
  'UTF8=ACCEPT',
  'QUOTA',
  'QUOTA=RES-STORAGE',
  'QUOTA=RES-MESSAGE',
] as const;

/** What IMAP4rev2 has in itself (RFC 9051 §E): without one of them it is not announced either. */
const IN_REV2 = [
  'NAMESPACE',
  'UNSELECT',
  'UIDPLUS',
  'ESEARCH',
  'SEARCHRES',
  'ENABLE',
  'IDLE',
  'SASL-IR',
  'LIST-EXTENDED',
  'LIST-STATUS',
  'MOVE',
  'BINARY',
  'SPECIAL-USE',
  'STATUS=SIZE',
] as const;

/** Commands that there are only with a capability; all others are IMAP4rev1's. */
const COMES_WITH: Readonly<Record<string, string>> = {
  ID: 'ID',
  STARTTLS: 'STARTTLS',
  ENABLE: 'ENABLE',
  COMPRESS: 'COMPRESS=DEFLATE',
  NAMESPACE: 'NAMESPACE',
  UNSELECT: 'UNSELECT',
  IDLE: 'IDLE',
  NOTIFY: 'NOTIFY',
  SORT: 'SORT',
  THREAD: 'THREAD',
  MOVE: 'MOVE',
  'UID EXPUNGE': 'UIDPLUS',
  GETQUOTA: 'QUOTA',
  GETQUOTAROOT: 'QUOTA',
};

/** Whether a fault has taken away what this server can do by itself. */
export function cannot({ offer }: ImapSession, capability: string): boolean {
  if (offer === null) return false;
  return lacks(offer, capability) || (capability.toUpperCase() === 'IMAP4REV2' && IN_REV2.some((part) => lacks(offer, part)));
}

/** Whether a command is unknown for want of its capability. */
export function isTakenAway(session: ImapSession, verb: string, byUid: boolean): boolean {
  if (session.offer === null) return false;
  const capability = COMES_WITH[verb] ?? (byUid ? COMES_WITH[`UID ${verb}`] : undefined);
  return capability !== undefined && cannot(session, capability);
}

/** A response code of UIDPLUS, where there is that (RFC 4315 §3). */
export const uidCode = (session: ImapSession, code: string): string[] => (cannot(session, 'UIDPLUS') ? [] : [code]);

/** Passwords may be sent: under TLS, or where nobody insists on it. */
export const mayLogIn = ({ connection, deps }: ImapSession): boolean => connection.secure || !deps.settings.requireTls;

function all(session: ImapSession): string[] {
  const { connection, deps, state } = session;
  const { maxMessageSize } = deps.settings;
  const words: string[] = [...ALWAYS, maxMessageSize > 0 ? `APPENDLIMIT=${maxMessageSize}` : 'APPENDLIMIT'];
  if (state.phase !== 'greeted') return [...words, ...(connection.compressed ? [] : ['COMPRESS=DEFLATE'])];
  if (connection.canStartTls) words.push('STARTTLS');
  words.push(...(mayLogIn(session) ? mechanismsFor(deps.users).map((name) => `AUTH=${name}`) : ['LOGINDISABLED']));
  return words;
}

export function capabilities(session: ImapSession): string {
  const words = all(session);
  if (session.offer === null) return words.join(' ');
  return offered(
    session.offer,
    words.filter((word) => !cannot(session, word)),
  ).join(' ');
}
