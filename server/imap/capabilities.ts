// What this server can do, as it stands in CAPABILITY: it differs before and after TLS and login (RFC 9051 §6.1.1).

import { mechanismsFor } from '../net/sasl.ts';
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

/** Passwords may be sent: under TLS, or where nobody insists on it. */
export const mayLogIn = ({ connection, deps }: ImapSession): boolean => connection.secure || !deps.settings.requireTls;

export function capabilities(session: ImapSession): string {
  const { connection, deps, state } = session;
  const { maxMessageSize } = deps.settings;
  const words: string[] = [...ALWAYS, maxMessageSize > 0 ? `APPENDLIMIT=${maxMessageSize}` : 'APPENDLIMIT'];
  if (state.phase !== 'greeted') return [...words, ...(connection.compressed ? [] : ['COMPRESS=DEFLATE'])].join(' ');
  if (connection.canStartTls) words.push('STARTTLS');
  words.push(...(mayLogIn(session) ? mechanismsFor(deps.users).map((name) => `AUTH=${name}`) : ['LOGINDISABLED']));
  return words.join(' ');
}
