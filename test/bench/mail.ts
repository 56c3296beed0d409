// How long the pure mail code takes: facts of a header, the MIME tree, a large attachment. Run: npx tsx test/bench/mail.ts

import { headerFacts } from '../../server/mail/facts.ts';
import { bodyLines, parseMime } from '../../server/mail/mime.ts';
import { accountOf, parsePath } from '../../server/mail/address.ts';
import { codesIn } from '../../server/mail/codes.ts';

const plain = Buffer.from(
  [
    'From: Acme <hello@acme.test>',
    'To: jo@shop.test',
    'Subject: Your order has been sent',
    'Message-ID: <20261124.1@acme.test>',
    'Date: Tue, 24 Nov 2026 23:27:00 +0000',
    'MIME-Version: 1.0',
    '',
    'Hello Jo,\r\n'.repeat(60),
  ].join('\r\n'),
);
const encoded = Buffer.from(plain.toString().replace('Subject: Your', 'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= Your'));
const recipients = (item: (i: number) => string): Buffer =>
  Buffer.from(`From: a@b.test\r\nTo: ${Array.from({ length: 10_000 }, (_, i) => item(i)).join(',\r\n ')}\r\n\r\nx\r\n`);
const base64 = 'QUJD'.repeat(19) + '\r\n';
const large = Buffer.from(
  `Content-Type: multipart/mixed; boundary="----=_Part_1"\r\n\r\n------=_Part_1\r\n\r\nHello\r\n------=_Part_1\r\n` +
    `Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64.repeat(640_000)}------=_Part_1--\r\n`,
);
const root = parseMime(large);
const file = root.children[1] ?? root;

const cases: readonly (readonly [name: string, times: number, run: () => unknown])[] = [
  ['headerFacts, 6 plain fields', 200_000, () => headerFacts(plain)],
  ['headerFacts, encoded subject', 50_000, () => headerFacts(encoded)],
  [
    'headerFacts, 10,000 plain recipients',
    20,
    (
      (raw) => () =>
        headerFacts(raw)
    )(recipients((i) => `user${i}@shop.test`)),
  ],
  [
    'headerFacts, 10,000 quoted recipients',
    20,
    (
      (raw) => () =>
        headerFacts(raw)
    )(recipients((i) => `"Doe, ${i}" <u${i}@shop.test>`)),
  ],
  [
    'headerFacts, 10,000 odd recipients',
    20,
    (
      (raw) => () =>
        headerFacts(raw)
    )(recipients((i) => `Doe (no ${i}) <u${i}@shop.test>`)),
  ],
  ['parseMime, 1 kB of text', 50_000, () => parseMime(plain)],
  ['parseMime, 50 MB attachment', 5, () => parseMime(large)],
  ['bodyLines, 50 MB attachment', 5, () => bodyLines(large, file)],
  ['parsePath', 200_000, () => parsePath('<jo+tag@shop.test> SIZE=1000')],
  ['accountOf', 200_000, () => accountOf('Jo+tag@shop.test')],
  [
    'codesIn, 5 kB',
    200,
    (
      (text) => () =>
        codesIn(text)
    )('Your code is 482913. It is 10 minutes. '.repeat(130)),
  ],
];

for (const [name, times, run] of cases) {
  for (let i = 0; i < times / 10; i++) run();
  const start = performance.now();
  for (let i = 0; i < times; i++) run();
  process.stdout.write(`${name.padEnd(40)} ${(((performance.now() - start) / times) * 1000).toFixed(2).padStart(12)} µs\n`);
}
