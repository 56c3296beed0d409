import { expect, it } from 'vitest';
import { archiveName, indexedFolder, indexLine, indexName, readIndexLine } from '../../../server/mail/archive.ts';
import { headerFacts } from '../../../server/mail/facts.ts';
import type { Message } from '../../../server/mail/message.ts';

it.each([
  ['Welcome, Jo!', 'id1-welcome-jo.eml'],
  ['', 'id1.eml'],
  ['../../etc/passwd', 'id1-etc-passwd.eml'],
  ['注文の確認 №5', 'id1-注文の確認-5.eml'],
  ['\u202egpj.exe CON: a\\b', 'id1-gpj-exe-con-a-b.eml'],
  ['x'.repeat(100), `id1-${'x'.repeat(40)}.eml`],
  ['💥 💥', 'id1.eml'],
])('a message about %j is the file %s', (subject, name) => {
  const { header } = headerFacts(Buffer.from(`Subject: ${subject}\r\n\r\n`));
  expect(archiveName({ id: 'id1', header } as Message)).toBe(name);
});

it.each([
  ['index.jsonl', ''],
  [indexName(1), ''],
  [indexName(2), ''],
  ['a/b/index-12.jsonl', 'a/b/'],
  ['myindex.jsonl', null],
  ['index.jsonl.eml', null],
])('%s is the index of %j', (name, folder) => {
  expect(indexedFolder(name)).toBe(folder);
});

const envelope = {
  sender: '',
  recipients: [{ address: 'jo@shop.test', notify: ['NEVER' as const], orcpt: 'rfc822;x@y.test' }],
  smtputf8: true,
};

it('a line of the index comes back as it was written', () => {
  const facts = { receivedAt: Date.UTC(2026, 1, 2), envelope, refused: [], read: true, starred: false, pinned: true, tags: ['a'] };
  expect(readIndexLine(indexLine('a.eml', facts))).toEqual({ file: 'a.eml', facts });
});

it.each([
  ['no JSON', 'a.eml'],
  ['no object', '7'],
  ['without a file', '{}'],
  ['with a time that is none', '{"file":"a","receivedAt":"yesterday"}'],
  ['with a sender that is no address', JSON.stringify({ file: 'a', envelope: { ...envelope, sender: 'a@b.test>\r\nBcc: x' } })],
  ['with a recipient that is no address', JSON.stringify({ file: 'a', envelope: { sender: '', recipients: [{ address: 'nobody' }] } })],
])('a line %s is no line of an index', (_what, text) => {
  expect(readIndexLine(text)).toBeNull();
});
