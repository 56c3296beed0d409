// What is said of the servers and who may log in.

import { text as shared } from '../text.ts';

export const text = {
  servers: 'Servers',
  serverNames: { smtp: 'SMTP', smtps: 'SMTPS', imap: 'IMAP', imaps: 'IMAPS', pop3: 'POP3', pop3s: 'POP3S', http: 'Web, API' } as const,
  serverNotes: {
    smtp: 'STARTTLS',
    smtps: 'TLS at once',
    imap: 'STARTTLS',
    imaps: 'TLS at once',
    pop3: 'STLS',
    pop3s: 'TLS at once',
    http: '',
  } as const,
  anyLogin: 'To read: the user is any address, with any password; the user * reads all mail.',
  listedLogin: 'To read: a user and password of the list that the server was given; the user * reads all mail.',
  // Last, so that no name of its own can take the place of a shared one.
  ...shared,
} as const;
