// Where a rule stands, in words.

import type { FaultProtocol, FaultRule } from '../../../server/http/contract/types.ts';
import { plain } from '../../parts/show.ts';

/** Where it stands, in words, and whom it meets there. */
const STAGES: Readonly<Record<string, readonly [at: string, one: string, many: string]>> = {
  connect: ['as it connects', 'connection', 'connections'],
  banner: ['at the banner', 'connection', 'connections'],
  greeting: ['at the greeting', 'connection', 'connections'],
  ehlo: ['at EHLO', 'connection', 'connections'],
  starttls: ['at STARTTLS', 'connection', 'connections'],
  tls: ['in the TLS handshake', 'connection', 'connections'],
  auth: ['at AUTH', 'login', 'logins'],
  login: ['at the login', 'client', 'clients'],
  mail: ['at MAIL', 'message', 'messages'],
  rcpt: ['at RCPT', 'recipient', 'recipients'],
  data: ['at DATA', 'message', 'messages'],
  body: ['in the body', 'message', 'messages'],
  'end-of-data': ['at the final dot', 'message', 'messages'],
  bdat: ['at BDAT', 'chunk', 'chunks'],
  any: ['', 'command', 'commands'],
};

/** Stages that only IMAP has, or only POP3. */
const OF_IMAP = ['select', 'fetch', 'idle', 'append', 'store', 'search'];
const OF_POP3 = ['retr', 'dele'];

/** Where a rule names none, its stage tells; else it is SMTP's. */
export function protocolOf({ protocol, stage }: FaultRule['on']): FaultProtocol {
  if (protocol !== undefined) return protocol;
  return OF_IMAP.includes(stage) ? 'imap' : OF_POP3.includes(stage) ? 'pop3' : 'smtp';
}

/** Where in the conversation, and whom it meets there: one, and many. */
export function stageOf(on: FaultRule['on']): readonly [at: string, one: string, many: string] {
  const protocol = protocolOf(on).toUpperCase();
  const [at, one, many] = STAGES[on.stage] ?? [`at ${on.stage.toUpperCase()}`, 'command', 'commands'];
  if (protocol === 'SMTP') return [at, one, many];
  // The one goodbye has two names.
  const verb = protocol === 'IMAP' && on.stage === 'quit' ? 'LOGOUT' : on.stage.toUpperCase();
  if (!(on.stage in STAGES)) return [`at ${protocol} ${verb}`, one, many];
  if (at === '' || on.stage === 'connect') return [at, `${protocol} ${one}`, `${protocol} ${many}`];
  return [at.replace(/(the |at )(?!the )/, `$1${protocol} `), one, many];
}

/** A stage as it is chosen: a verb in capitals, else as the JSON has it. */
export const wordOf = (stage: string): string =>
  stage in STAGES && !STAGES[stage]?.[0].includes(stage.toUpperCase()) ? stage : stage.toUpperCase();

export function placeOf({ host, protocol, stage }: FaultRule['on']): string {
  if (host === '*') return ' on every host';
  if (host != null) return ` on ${plain(host)}`;
  return protocolOf({ stage, ...(protocol && { protocol }) }) === 'smtp' ? ' on submission' : '';
}

/** In place of an id: the rule that is being written. */
export const NEW = 'new';
