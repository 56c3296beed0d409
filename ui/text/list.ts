// What is said of ticked messages and of all that the list shows.

import { text as shared } from './accounts.ts';
import { counted, numbers } from './numbers.ts';

export const text = {
  select: 'Select messages',
  chosen: (n: number) => `${numbers.format(n)} chosen`,
  chosenAll: (n: number) => `All ${numbers.format(n)} that match`,
  clearTicks: 'Clear the ticks',
  followNewest: 'Follow the newest',
  markAllRead: 'Mark all as read',
  tagName: 'Tag',
  removeTag: 'Remove',
  export: 'Export',
  exportAs: { mbox: 'Export as .mbox', zip: 'Export as .zip', eml: 'Export as .eml' } as const,
  deleteAll: (n: number | undefined) => (n === undefined ? 'Delete all' : `Delete all ${numbers.format(n)}`),
  pinnedStay: 'Pinned ones stay',
  purge: 'Delete for ever…',
  purgeTitle: (n: number) => `Delete ${counted(n, 'message', 'messages')} for ever?`,
  purgeReason: 'They cannot be brought back. Pinned messages stay.',
  purgeFilter: 'Only what matches the filter goes:',
  purgeNow: 'Delete for ever',
  undoOf: (n: number, time: string) => `Undo: deleted ${numbers.format(n)} at ${time}`,
  undoTitle: 'Deletions that can be undone',
  // Last, so that no name of its own can take the place of a shared one.
  ...shared,
} as const;
