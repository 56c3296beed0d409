// What writing and sending say; fetched with the screen that does.

import { text as shared } from './message.ts';
import { numbers } from './numbers.ts';

/** Stages of a conversation as the API names them. */
const stages: Readonly<Record<string, string>> = { mail: 'MAIL', rcpt: 'RCPT', data: 'DATA', 'end-of-data': 'the end of the data' };

export const text = {
  draftFields: { from: 'From', to: 'To', cc: 'Cc', bcc: 'Bcc', subject: 'Subject', text: 'Text', html: 'HTML source' } as const,
  anyAddress: 'any address will do',
  addField: (name: string) => `Add ${name}`,
  recipients: (name: string) => `${name}: recipients`,
  editAddress: 'Enter: edit, Del: remove',
  removeOne: (name: string) => `Remove ${name}`,
  noAddress: 'no address',
  noFrom: 'Say who sends it.',
  noRecipientYet: 'Say who gets it: in To, Cc or Bcc.',
  notAnAddress: (what: string) => `“${what}” is no address.`,
  noHeaderName: 'A header field has no name.',
  badHeaderName: (name: string) => `“${name}” cannot be the name of a header field.`,
  headerTwice: (name: string) => `${name} stands there twice.`,
  headers: 'Headers',
  headerName: 'Name',
  headerValue: 'Value',
  addHeader: 'Add a header field',
  removeHeader: 'Remove this header field',
  html: 'HTML',
  htmlReason: 'HTML beside the plain text',
  attach: 'Attach',
  attached: 'Attached files',
  attachOriginal: 'Attach the original message',
  dropToAttach: 'Drop to attach',
  ofLimit: (size: string, limit: string) => `${size}, of ${limit} at most`,
  overLimit: (size: string, limit: string) => `${size} is more than a message may have: ${limit}`,
  keptDraft: (time: string) => `Draft of ${time}.`,
  lostFiles: (names: string) => `Attachments are not kept with it. Attach again: ${names}`,
  goesThrough: 'Goes through the SMTP server like any client’s mail.',
  landsIn: (account: string) => `Lands in the account ${account}.`,
  landsInMany: (n: number) => `Lands in ${numbers.format(n)} accounts.`,
  landedIn: (account: string) => `It is in the account ${account}.`,
  landedInMany: (n: number) => `It is in ${numbers.format(n)} accounts.`,
  send: 'Send',
  sending: (share: number) => (share > 0 && share < 1 ? `Sending ${numbers.format(Math.floor(share * 100))} %` : 'Sending'),
  sent: 'Sent',
  openSent: 'Open message',
  sendRefused: 'The SMTP server refused it. The draft is kept.',
  sendRefusedAt: (stage: string) => `The SMTP server refused it at ${stages[stage] ?? stage}. The draft is kept.`,
  notSent: 'It was not sent. The draft is kept.',
  refusedSome: 'Refused for',
  discard: 'Discard',
  discarded: 'Discarded.',
  attribution: (time: string, who: string) => `On ${time}, ${who} wrote:`,
  forwarded: '---------- Forwarded message ----------',
  // Last, so that no name of its own can take the place of a shared one.
  ...shared,
} as const;
