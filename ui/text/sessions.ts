// What the page of conversations says, and a conversation wherever it is open.

import { text as shared } from '../text.ts';
import { counted, numbers } from './numbers.ts';

export const text = {
  liveCount: (n: number) => `${numbers.format(n)} live`,
  protocols: 'Protocols',
  find: 'Filter the sessions',
  findHint: 'client, user, text',
  columns: ['State', 'Protocol', 'Who', 'TLS', 'What', 'Time'] as const,
  statuses: { live: 'Live', failed: 'Failed', noted: 'Ended, with a note', ended: 'Ended' } as const,
  noHello: (address: string) => `${address}, no EHLO`,
  noLogin: (address: string) => `${address}, no login`,
  tls: (version: string) => `TLS ${version}`,
  noTls: 'none',
  connected: 'connected',
  endedByFault: 'ended by a fault',
  commands: (n: number) => counted(n, 'command', 'commands'),
  taken: (n: number) => (n === 0 ? 'no message' : counted(n, 'message', 'messages')),
  note: (note: string, line: number) => `${note}, line ${numbers.format(line)}`,

  noSession: 'No session yet',
  noSessionReason: 'Whoever speaks SMTP, LMTP, IMAP or POP3 to this server stands here, live, with every line that is said.',
  noneFound: 'No session matches',
  noProtocol: (names: string) => `${names} not shown.`,
  showAll: 'Show all sessions',
  noneOpen: 'No session is open',
  noneOpenHint: 'Pick one to read what is said, line by line.',

  sessionFailed: 'The conversation could not be read',
  sessionGone: 'This conversation had to make room',
  made: 'Made',

  pause: 'Pause',
  pauseReason: 'Stay here while lines come in',
  follow: 'Follow',
  followReason: 'Show each new line',
  closeSession: 'Close session',
  closing: 'Closing',
  closeReason: 'Ends the connection; the client is told',
  notMade: 'Its messages are gone',
  allMade: (n: number) => `Show all ${numbers.format(n)}`,
  // Last, so that no name of its own can take the place of a shared one.
  ...shared,
} as const;
