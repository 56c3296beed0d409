// What the sheet of keys and of the query grammar says.

import { text as shared } from '../text.ts';

export const text = {
  keysTitle: 'Keys',
  keysOff: 'Single keys are off: what is struck out does nothing.',
  keyGroups: { list: 'List', message: 'Message', marks: 'Marks', write: 'Writing', anywhere: 'Anywhere' } as const,
  grammarTitle: 'Search',
  grammar: [
    ['welcome "one-time code"', 'words and phrases, in subject, addresses and text'],
    ['-word, OR, ( )', 'not, either, groups'],
    ['from: to: cc: rcpt: sender:', 'people; rcpt and sender are of the envelope'],
    ['subject: header:Name=value', 'header fields; * stands for anything'],
    ['is:unread is:starred is:pinned', 'marks'],
    ['has:attachment has:html has:link', 'contents'],
    ['after:10m before:2026-12-01', 'time'],
    ['larger:1mb smaller:10kb', 'size'],
  ] as const,
  ...shared,
} as const;
