// The keys: one table of what each does, read by the page, by the help sheet and by the tooltips.

import { preferences } from './preferences.svelte.ts';

export interface Shortcut {
  readonly does: string;
  /** `g i` is one key after the other. */
  readonly keys: readonly string[];
  /** Only while the list has the focus: elsewhere these scroll or press. */
  readonly listKeys?: readonly string[];
}

const table = {
  next: { keys: ['j'], listKeys: ['ArrowDown'], does: 'Next row' },
  previous: { keys: ['k'], listKeys: ['ArrowUp'], does: 'Row before' },
  open: { keys: [], listKeys: ['Enter', 'o'], does: 'Open the marked row' },
  nextMessage: { keys: [']'], does: 'Open the next message' },
  previousMessage: { keys: ['['], does: 'Open the message before' },
  tick: { keys: ['x'], does: 'Tick the row' },
  tickDown: { keys: [], listKeys: ['Shift+ArrowDown'], does: 'Tick down to the next row' },
  tickUp: { keys: [], listKeys: ['Shift+ArrowUp'], does: 'Tick up to the row before' },
  tickAll: { keys: ['*'], does: 'Tick all, or none' },
  unread: { keys: ['u'], does: 'Read or unread' },
  star: { keys: ['s'], does: 'Star' },
  pin: { keys: ['p'], does: 'Pin' },
  tag: { keys: ['t'], does: 'Tag' },
  move: { keys: ['m'], does: 'Move to another mailbox of the account' },
  copyTo: { keys: ['M'], does: 'Copy to another mailbox of the account' },
  delete: { keys: ['#', 'Delete'], does: 'Delete' },
  undo: { keys: ['z'], does: 'Undo the last deletion' },
  newest: { keys: ['.'], does: 'Show new messages' },
  follow: { keys: ['f'], does: 'Follow the newest' },
  compose: { keys: ['c'], does: 'Write a message' },
  reply: { keys: ['r'], does: 'Reply' },
  replyAll: { keys: ['a'], does: 'Reply to all' },
  forward: { keys: ['w'], does: 'Forward' },
  tab: { keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], does: 'Views of the message' },
  width: { keys: ['v'], does: 'Next width of the preview' },
  scheme: { keys: ['d'], does: 'Light, dark, forced dark preview' },
  remote: { keys: ['i'], does: 'Load remote content' },
  copyCode: { keys: ['y'], does: 'Copy the code' },
  search: { keys: ['/'], does: 'Search' },
  goInbox: { keys: ['g i'], does: 'Go to the inbox' },
  goSessions: { keys: ['g e'], does: 'Go to the sessions' },
  goReceivers: { keys: ['g r'], does: 'Go to the receivers' },
  goQueue: { keys: ['g q'], does: 'Go to the queue' },
  goFaults: { keys: ['g f'], does: 'Go to the faults' },
  goSettings: { keys: ['g s'], does: 'Go to the settings' },
  nextEvent: { keys: ['n'], does: 'Next event of the queue' },
  stopAll: { keys: ['S'], does: 'Stop all faults' },
  leave: { keys: ['Escape'], does: 'Close the message, the ticks, the filter, the mailbox' },
  help: { keys: ['?'], does: 'This sheet' },
} as const satisfies Record<string, Shortcut>;

export type Action = keyof typeof table;

export const shortcuts = Object.entries(table) as readonly (readonly [Action, Shortcut])[];

const NAMES: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑', Delete: 'Del', Escape: 'Esc' };

/** As it is printed on the key. */
export const keyName = (key: string): string =>
  key
    .split('+')
    .map((name) => (name === 'Shift' ? '⇧' : (NAMES[name] ?? name)))
    .join('');

/** `Delete (#)`: what a tooltip says; without the key while single keys are off. */
export function withKey(word: string, action: Action): string {
  const [key] = table[action].keys;
  return key === undefined || isOff(key) ? word : `${word} (${keyName(key)})`;
}

/** Letters and signs, also one after the other, while those are switched off. */
export const isOff = (key: string): boolean => !preferences.singleKeys && (key.length === 1 || key.includes(' '));

/** Between the keys of a pair, ms. */
const PAIR = 1_000;
let before = { key: '', at: -PAIR };

const types = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select'));

/** What a key press means here, if anything. */
export function actionOf(event: KeyboardEvent, inList: boolean): Action | undefined {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return undefined;
  if (types(event.target) || document.querySelector('dialog[open], :popover-open')) return undefined;
  const pair = event.timeStamp - before.at < PAIR ? `${before.key} ${event.key}` : '';
  before = { key: event.key, at: event.timeStamp };
  // Shift is part of the sign that it makes, and told apart only for the keys that make none.
  const key = event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
  const wanted = (name: string): boolean => (name === key || name === pair) && !isOff(name);
  const found = ([, { keys, listKeys = [] }]: readonly [Action, Shortcut]): boolean =>
    keys.some(wanted) || (inList && listKeys.some(wanted));
  return (shortcuts.find(([, { keys }]) => pair !== '' && keys.includes(pair) && wanted(pair)) ?? shortcuts.find(found))?.[0];
}
