// What the filters beside the list say, and the searches that were given a name.

import { text as shared } from '../text.ts';
import { counted } from './numbers.ts';

export const text = {
  allMail: 'All mail',
  delivery: 'Delivery',
  facets: { recipients: 'Recipients', domains: 'Domains', senders: 'Senders', users: 'Apps', tags: 'Tags' } as const,
  moreValues: 'More…',
  moreOf: (group: string) => `More of ${group}`,
  filterValues: 'Filter these',
  noValue: 'Nothing matches',
  alsoShow: 'Also show',
  refusedAttempts: 'Refused attempts',
  showMessages: (n: number) => `Show ${counted(n, 'message', 'messages')}`,
  saveSearch: 'Save this search',
  searchName: 'Name of the search',
  save: 'Save',
  rename: 'Rename',
  remove: 'Remove',
  searchLink: 'Copy the link to this search',
  savedAs: (name: string) => `Saved as ${name}.`,
  // Last, so that no name of its own can take the place of a shared one.
  ...shared,
} as const;
