import { expect, it } from 'vitest';
import { problemsOf } from '../../../../ui/screens/compose/problems.ts';
import type { Written } from '../../../../ui/state/written.ts';

const kim = { name: '', address: 'kim@a.test' };
const good: Written = { from: 'Jo <jo@a.test>', to: [kim], cc: [], bcc: [], subject: '', text: '', html: null, headers: [] };
const rows = (...names: string[]): Written['headers'] => names.map((name) => ({ name, value: 'x' }));

it.each<[string, Partial<Written>, Record<string, string>]>([
  ['nothing', {}, {}],
  ['no sender', { from: ' ' }, { from: 'Say who sends it.' }],
  ['a sender that is no address', { from: 'jo' }, { from: '“jo” is no address.' }],
  ['two senders', { from: 'a@a.test, b@a.test' }, { from: '“a@a.test, b@a.test” is no address.' }],
  ['no recipient', { to: [] }, { to: 'Say who gets it: in To, Cc or Bcc.' }],
  ['nothing with only a blind copy', { to: [], bcc: [kim] }, {}],
  ['a recipient that is no address', { cc: [kim, { name: 'X', address: 'x' }] }, { cc: '“x” is no address.' }],
  ['a field without a name', { headers: rows('') }, { headers: 'A header field has no name.' }],
  ['a field with a bad name', { headers: rows('X A') }, { headers: '“X A” cannot be the name of a header field.' }],
  ['a field twice', { headers: rows('X-A', 'x-a') }, { headers: 'x-a stands there twice.' }],
  ['nothing with an empty row', { headers: [{ name: '', value: '' }] }, {}],
])('%s stands in the way', (_what, change, expected) => {
  expect(problemsOf({ ...good, ...change })).toEqual(expected);
});
