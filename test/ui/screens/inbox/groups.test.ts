import { expect, it } from 'vitest';
import type { RefusalSummary, Summary } from '../../../../server/http/contract/types.ts';
import { breaksOf, groupIn, sortFor, titleOf } from '../../../../ui/screens/inbox/groups.ts';

const summary = (change: Partial<Summary>): Summary => ({
  id: '1',
  kind: 'message',
  source: 'smtp',
  receivedAt: new Date(2026, 10, 23, 14).toISOString(),
  from: [],
  to: [],
  subject: '',
  snippet: null,
  size: 0,
  envelope: { sender: '', recipients: [], recipientCount: 0, refused: [] },
  read: false,
  starred: false,
  pinned: false,
  tags: [],
  attachments: null,
  defects: 0,
  user: null,
  client: null,
  host: 'submission',
  sessionId: null,
  deliveries: [],
  ...change,
});
const refusal: RefusalSummary = {
  id: '2',
  kind: 'refusal',
  at: new Date(2026, 10, 23, 14).toISOString(),
  sessionId: 's',
  sender: 'bot@acme.test',
  recipient: null,
  stage: 'rcpt',
  code: 550,
  enhanced: null,
  text: 'no',
  faultId: null,
};
const from = (name: string, address: string) => summary({ from: [{ name, address }] });
const at = (...time: [number, number, number, number]) => summary({ receivedAt: new Date(...time).toISOString() });
const now = new Date(2026, 10, 25, 1).getTime();

it.each([
  ['day', at(2026, 10, 25, 0), 'Today'],
  ['day', at(2026, 10, 24, 23), 'Yesterday'],
  ['day', at(2026, 10, 23, 23), 'Monday 23 November'],
  ['day', at(2025, 11, 31, 23), 'Wednesday 31 December 2025'],
  ['day', refusal, 'Monday 23 November'],
  ['from', from('Acme', 'a@acme.test'), 'Acme <a@acme.test>'],
  ['from', from('', 'a@acme.test'), 'a@acme.test'],
  ['from', summary({}), '(null sender)'],
  ['from', refusal, 'bot@acme.test'],
  ['to', summary({ to: [{ name: '', address: 'b@shop.test' }] }), 'b@shop.test'],
  ['to', refusal, '(no recipient)'],
  ['subject', summary({ subject: 'two\r\n lines' }), 'two  lines'],
  ['subject', summary({}), '(no subject)'],
  ['subject', refusal, '550  no'],
] as const)('grouped by %s it stands below its heading', (group, item, title) => {
  // Not every version of the language data sets a comma after the weekday.
  expect(titleOf(group, item, now).replace(',', '')).toBe(title);
});

it.each([
  ['none', '-size', '-size', 'none'],
  ['day', '-received', '-received', 'day'],
  ['day', 'received', 'received', 'day'],
  ['day', 'subject', '-received', 'none'],
  ['from', '-received', 'from', 'none'],
  ['to', 'to', 'to', 'to'],
] as const)('the group %s chosen while sorted by %s sorts by %s; without that the group is %s', (group, sort, sorted, fits) => {
  expect(sortFor(group, sort)).toBe(sorted);
  expect(groupIn(group, sort)).toBe(fits);
  expect(groupIn(group, sorted)).toBe(group);
});

it.each([
  ['a a b b c', [0, 2, 4]],
  ['a A a', [0]],
  ['', []],
  // Whether a row below a hole is the first of its group, nobody knows yet.
  ['a . b b c', [0, 4]],
  ['. b c', [2]],
] as const)('%s has headings before %j', (picture, breaks) => {
  const items = picture
    .split(' ')
    .filter(Boolean)
    .map((subject) => (subject === '.' ? undefined : summary({ subject })));
  expect(breaksOf('subject', items.length, (index) => items[index])).toEqual(breaks);
  expect(breaksOf('none', items.length, (index) => items[index])).toEqual([]);
});
