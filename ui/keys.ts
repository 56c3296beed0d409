// The keys: one table of what each does, read by the page and by the help sheet.

export type Action =
  | 'next'
  | 'previous'
  | 'open'
  | 'nextMessage'
  | 'previousMessage'
  | 'search'
  | 'unread'
  | 'star'
  | 'pin'
  | 'delete'
  | 'copyCode'
  | 'tab'
  | 'leave'
  | 'help';

export interface Shortcut {
  readonly action: Action;
  readonly does: string;
  readonly keys: readonly string[];
  /** Only while the list has the focus: elsewhere these scroll or press. */
  readonly listKeys?: readonly string[];
}

export const shortcuts: readonly Shortcut[] = [
  { keys: ['j'], listKeys: ['ArrowDown'], action: 'next', does: 'Next row' },
  { keys: ['k'], listKeys: ['ArrowUp'], action: 'previous', does: 'Row before' },
  { keys: [], listKeys: ['Enter', 'o'], action: 'open', does: 'Open the marked row' },
  { keys: [']'], action: 'nextMessage', does: 'Open the next message' },
  { keys: ['['], action: 'previousMessage', does: 'Open the message before' },
  { keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], action: 'tab', does: 'Views of the message' },
  { keys: ['y'], action: 'copyCode', does: 'Copy the code' },
  { keys: ['u'], action: 'unread', does: 'Read or unread' },
  { keys: ['s'], action: 'star', does: 'Star' },
  { keys: ['p'], action: 'pin', does: 'Pin' },
  { keys: ['#', 'Delete'], action: 'delete', does: 'Delete' },
  { keys: ['/'], action: 'search', does: 'Search' },
  { keys: ['Escape'], action: 'leave', does: 'Close the message, then the filter' },
  { keys: ['?'], action: 'help', does: 'This sheet' },
];

/** Keys that are letters and signs can be switched off, for those who speak to the computer (WCAG 2.1.4). */
const isSingle = (key: string): boolean => key.length === 1;
const STORED = 'mailrig.keys';

export const keysAreOn = (): boolean => localStorage.getItem(STORED) !== 'off';
export const switchKeys = (on: boolean): void => localStorage.setItem(STORED, on ? 'on' : 'off');

const types = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select'));

/** What a key press means here, if anything. */
export function actionOf(event: KeyboardEvent, inList: boolean): Action | undefined {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return undefined;
  if (types(event.target) || document.querySelector('dialog[open]')) return undefined;
  if (isSingle(event.key) && !keysAreOn()) return undefined;
  return shortcuts.find(({ keys, listKeys }) => keys.includes(event.key) || (inList && listKeys?.includes(event.key)))?.action;
}
