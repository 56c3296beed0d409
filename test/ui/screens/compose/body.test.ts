import { expect, it } from 'vitest';
import type { NewMessage } from '../../../../server/http/contract/types.ts';
import { bodyOf, messageOf } from '../../../../ui/screens/compose/body.ts';
import type { Written } from '../../../../ui/state/written.ts';

const empty: Written = { from: 'jo@a.test', to: [], cc: [], bcc: [], subject: '', text: '', html: null, headers: [] };
const kim = { name: 'Kim', address: 'kim@a.test' };

it.each<[string, Partial<Written>, Partial<NewMessage>]>([
  ['nothing that is empty', { html: ' ', headers: [{ name: ' ', value: '' }] }, {}],
  ['names with the addresses', { to: [kim], bcc: [{ ...kim, name: '' }] }, { to: ['Kim <kim@a.test>'], bcc: ['kim@a.test'] }],
  [
    'fields of one line',
    { subject: 'a\r\n b', headers: [{ name: 'X-A ', value: ' 1\n2 ' }] },
    { subject: 'a b', headers: { 'X-A': '1 2' } },
  ],
  ['HTML beside the text', { text: 'a', html: '<p>a' }, { text: 'a', html: '<p>a' }],
])('sends %s', (_what, change, expected) => {
  expect(messageOf({ ...empty, ...change })).toEqual({ from: 'jo@a.test', subject: '', text: '', ...expected });
});

it.each([[[]], [[0]], [[1, 2, 3]], [[786_431, 786_432, 2_000_001]]])('carries files of %j octets as they are', async (sizes) => {
  const contents = sizes.map((size) => Uint8Array.from({ length: size }, (_, i) => (i * 31) % 256));
  const files = contents.map((content, i) => new File([content], `"${i}".bin`, { type: i === 0 ? 'image/png' : '' }));
  const { attachments = [], ...rest } = JSON.parse(await (await bodyOf(empty, files)).text()) as NewMessage;
  expect(rest).toEqual(messageOf(empty));
  expect(attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual(
    sizes.map((_, i) => [`"${i}".bin`, i === 0 ? 'image/png' : 'application/octet-stream']),
  );
  expect(attachments.every(({ content }, i) => Buffer.from(content, 'base64').equals(contents[i] ?? new Uint8Array()))).toBe(true);
});
