import { describe, expect, it } from 'vitest';
import { iconOf, inOrder, targetsOf } from '../../../../../ui/screens/inbox/scope/mailboxes.ts';

const USES: Readonly<Record<string, string>> = {
  Sent: '\\Sent',
  Gesendet: '\\Sent',
  Drafts: '\\Drafts',
  Trash: '\\Trash',
  Archive: '\\Archive',
  Junk: '\\Junk',
};
const boxes = (...names: string[]) => names.map((name) => ({ name, specialUse: USES[name] ?? null }));
const namesOf = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);

describe('the mailboxes of an account', () => {
  it.each([
    [
      ['Work', 'Trash', 'Sent', 'Alpha', 'INBOX', 'Drafts'],
      ['INBOX', 'Drafts', 'Sent', 'Trash', 'Alpha', 'Work'],
    ],
    [
      ['Gesendet', 'INBOX'],
      ['INBOX', 'Gesendet'],
    ],
    [
      ['b/a', 'b', 'a', 'INBOX'],
      ['INBOX', 'a', 'b', 'b/a'],
    ],
  ])('%j stand as %j', (names, expected) => {
    expect(namesOf(inOrder(boxes(...names)))).toEqual(expected);
  });

  it.each([
    ['INBOX', 'inbox'],
    ['Gesendet', 'send'],
    ['Drafts', 'pencil'],
    ['Trash', 'bin'],
    ['Work', 'folder'],
  ])('%s has the icon %s', (name, icon) => {
    expect(boxes(name).map(iconOf)).toEqual([icon]);
  });
});

describe('where messages can go', () => {
  it.each([
    [['INBOX'], 'INBOX', ['Drafts', 'Sent', 'Archive', 'Junk', 'Trash']],
    [['INBOX', 'Gesendet', 'Work'], 'Work', ['INBOX', 'Drafts', 'Gesendet', 'Archive', 'Junk', 'Trash']],
    [['INBOX', 'Trash'], 'Trash', ['INBOX', 'Drafts', 'Sent', 'Archive', 'Junk']],
  ])('with %j, from %s: %j', (names, from, expected) => {
    expect(namesOf(targetsOf(boxes(...names), from))).toEqual(expected);
  });
});
