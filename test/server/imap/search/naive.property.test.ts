// SEARCH finds what looking at every decoded message finds, whatever the words, encodings and charsets are, indexed or not.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIds } from '../../../../server/base/ids.ts';
import { createSubmit } from '../../../../server/delivery/submit.ts';
import { createIndexer } from '../../../../server/store/index/indexer.ts';
import type { Store } from '../../../../server/store/store.ts';
import { ORIGIN, openSample } from '../../store/sample.ts';
import { openClient } from '../session.ts';

/** Few, so that what is looked for is often there, and often in part. */
const WORDS = ['Köln', 'köl', 'bridge', 'Brücke', 'a', '日本', 'straße', 'x=y', '50%', 'Ünder_score', 'bridges over', 'b'];

interface Mail {
  readonly subject: string;
  readonly trip: string | null;
  readonly from: string;
  readonly body: string;
  readonly html: boolean;
  readonly wordForm: 'B' | 'Q' | '8bit';
  readonly bodyForm: 'base64' | 'quoted-printable' | '8bit';
}

const text = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));

const mail: fc.Arbitrary<Mail> = fc.record({
  subject: text,
  trip: fc.option(text),
  from: text,
  body: text,
  html: fc.boolean(),
  wordForm: fc.constantFrom('B', 'Q', '8bit'),
  bodyForm: fc.constantFrom('base64', 'quoted-printable', '8bit'),
});

const hex = (octet: number): string => `=${octet.toString(16).toUpperCase().padStart(2, '0')}`;

function written(value: string, form: Mail['wordForm']): string {
  if (form === '8bit') return value;
  const octets = Buffer.from(value);
  return form === 'B' ? `=?utf-8?B?${octets.toString('base64')}?=` : `=?UTF-8?Q?${Array.from(octets, hex).join('')}?=`;
}

function encoded(value: string, form: Mail['bodyForm']): string {
  if (form === '8bit') return value;
  const octets = Buffer.from(value);
  return form === 'base64' ? octets.toString('base64') : Array.from(octets, hex).join('').replace(/.{72}/g, '$&=\r\n');
}

const rawOf = ({ subject, trip, from, body, html, wordForm, bodyForm }: Mail): Buffer =>
  Buffer.from(
    `From: ${written(from, wordForm === '8bit' ? 'B' : wordForm)} <app@client.test>\r\nSubject: ${written(subject, wordForm)}\r\n` +
      `${trip === null ? '' : `X-Trip: ${written(trip, wordForm)}\r\n`}Content-Type: text/${html ? 'html' : 'plain'}; charset=utf-8\r\n` +
      `Content-Transfer-Encoding: ${bodyForm}\r\n\r\n${encoded(html ? `<p>${body}</p>` : body, bodyForm)}\r\n`,
  );

type Field = 'SUBJECT' | 'FROM' | 'BODY' | 'TEXT' | 'HEADER X-Trip';

interface Question {
  readonly field: Field;
  readonly wanted: string;
  readonly not: boolean;
}

const question: fc.Arbitrary<Question> = fc.record({
  field: fc.constantFrom('SUBJECT', 'FROM', 'BODY', 'TEXT', 'HEADER X-Trip'),
  wanted: fc.oneof(text, fc.constantFrom(...WORDS), fc.constant('nowhere')),
  not: fc.boolean(),
});

const OF: Readonly<Record<Field, (mail: Mail) => readonly (string | null)[]>> = {
  SUBJECT: ({ subject }) => [subject],
  FROM: ({ from }) => [from, 'app@client.test'],
  BODY: ({ body }) => [body],
  TEXT: (all) => [
    `From: ${all.from} <app@client.test>`,
    `Subject: ${all.subject}`,
    all.trip && `X-Trip: ${all.trip}`,
    all.body,
    `Content-Type: text/${all.html ? 'html' : 'plain'}; charset=utf-8`,
    `Content-Transfer-Encoding: ${all.bodyForm}`,
  ],
  'HEADER X-Trip': ({ trip }) => [trip],
};

const answers = (given: Mail, { field, wanted, not }: Question): boolean =>
  OF[field](given).some((value) => value?.toLowerCase().includes(wanted.toLowerCase())) !== not;

async function index(store: Store): Promise<void> {
  const indexer = createIndexer({ store, report: (error) => expect.fail(String(error)) });
  await expect.poll(() => indexer.pending, { interval: 1 }).toBe(0);
  await indexer.stop();
}

test('a search finds what looking at all finds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(mail, { minLength: 1, maxLength: 8 }),
      fc.array(question, { minLength: 1, maxLength: 2 }),
      fc.boolean(),
      fc.boolean(),
      async (mails, questions, either, indexed) => {
        const { store } = await openSample();
        const submit = createSubmit({ store, ids: createIds(() => 0), limits: { maxMessages: 0, maxSize: 0, maxAge: 0 } });
        for (const one of mails) {
          await submit({
            envelope: { sender: '', recipients: [{ address: 'jo@shop.test' }] },
            refused: [],
            raw: rawOf(one),
            origin: ORIGIN,
          });
        }
        if (indexed) await index(store);
        const keys = questions
          .flatMap(({ field, wanted, not }) => [`${not ? 'NOT ' : ''}${field} `, Buffer.from(wanted), ' '])
          .slice(0, -1);
        const first = either && questions.length === 2 ? 'SEARCH OR ' : 'SEARCH ';
        const said = await openClient(store).say(first + String(keys[0]), ...keys.slice(1));
        const found = mails.flatMap((one, i) => {
          const verdicts = questions.map((asked) => answers(one, asked));
          return (either ? verdicts.some(Boolean) : verdicts.every(Boolean)) ? [i + 1] : [];
        });
        expect(said).toBe(['* SEARCH', ...found].join(' '));
      },
    ),
    { numRuns: 150 },
  );
});
