// In which group of the table of keys each action stands.

import { shortcuts, type Action, type Shortcut } from '../../keys.ts';
import { text } from '../../text/help.ts';

type Group = keyof typeof text.keyGroups;

/** All others are for anywhere. */
const OF_ACTION: Readonly<Partial<Record<Action, Group>>> = {
  next: 'list',
  previous: 'list',
  open: 'list',
  tick: 'list',
  tickDown: 'list',
  tickUp: 'list',
  tickAll: 'list',
  newest: 'list',
  follow: 'list',
  nextMessage: 'message',
  previousMessage: 'message',
  tab: 'message',
  width: 'message',
  scheme: 'message',
  remote: 'message',
  copyCode: 'message',
  unread: 'marks',
  star: 'marks',
  pin: 'marks',
  tag: 'marks',
  move: 'marks',
  copyTo: 'marks',
  delete: 'marks',
  undo: 'marks',
  compose: 'write',
  reply: 'write',
  replyAll: 'write',
  forward: 'write',
};

/** Title → what is in it. */
export const keyGroups: readonly (readonly [string, readonly Shortcut[]])[] = (Object.keys(text.keyGroups) as Group[]).map((group) => [
  text.keyGroups[group],
  shortcuts.filter(([action]) => (OF_ACTION[action] ?? 'anywhere') === group).map(([, shortcut]) => shortcut),
]);
