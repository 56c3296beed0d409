// What the settings say.

import { text as shared } from './servers.ts';

export const text = {
  sections: {
    appearance: 'Appearance',
    reading: 'Reading',
    keyboard: 'Keyboard',
    notifications: 'Notifications',
    about: 'About',
  } as const,
  keptHere: 'Kept in this browser, and taken over at once.',
  theme: 'Theme',
  themes: [
    ['system', 'System', 'As the system is set'],
    ['light', 'Light', ''],
    ['dark', 'Dark', ''],
  ] as const,
  density: 'Density of the list',
  densities: [
    ['comfortable', 'Comfortable', 'Two lines for each message'],
    ['compact', 'Compact', 'One line for each message; on a phone it stays at its larger size'],
  ] as const,
  times: [
    ['exact', 'Exact', '14:02:11'],
    ['relative', 'Relative', '3 min ago'],
  ] as const,
  firstTab: 'A message opens in',
  lastTab: 'The view used last',
  remoteTitle: 'Remote content',
  remoteChoice: 'Load remote images and styles without asking',
  remoteReason:
    'Off, a message can reach no other server, and its preview counts what it would have loaded. On, the servers that a message names see your address and when you read it, as soon as it is opened.',
  singleKeysTitle: 'Single keys',
  singleKeysReason:
    'Keys that are a letter or a sign. Without them arrows, Enter, Del and Esc go on working; switch them off if you speak to the computer, or they get in the way.',
  notifyTitle: 'Desktop notifications',
  notifyChoice: 'Tell of new mail while this page is hidden',
  notifyReason: 'One for each burst of messages, with sender and subject. It works while the page is open in some tab or window.',
  notifyStates: {
    default: 'The browser asks you when you switch this on.',
    granted: 'The browser lets this page show them.',
    denied: 'The browser has blocked them for this page: allow them in its settings for this site, left of the address.',
    unable: 'This browser shows none for this page: it must come by https, or from localhost.',
  } as const,
  notifyTest: 'Show one now',
  notifyTested: 'Sent to the desktop. Where none appears, the system holds it back: look for “Do not disturb”.',
  notifyFailed: 'The browser shows none.',
  notifyExample: { title: 'Mailrig', body: 'New mail looks like this.', id: null } as const,
  version: 'Version',
  storage: 'Storage',
  storageNote: 'The oldest make room for new ones; pinned ones stay.',
  settingOf: (name: string, source: string) => `--${name}, ${source}`,
  sources: { default: 'default', file: 'from the file', environment: 'from the environment', flag: 'given', option: 'given' } as const,
  aboutTitle: 'What it does with your data',
  aboutReason: 'It does not phone home: no statistics, no look for updates, no font or script from elsewhere. Nothing leaves this machine.',
  licences: 'Licences',
  licencesLink: 'Licences of what this page is made of',
  api: 'API',
  apiLink: 'Documentation of the HTTP API',
  // Last, so that no name of its own can take the place of a shared one.
  ...shared,
} as const;
