import { describe, expect, it } from 'vitest';
import type { Header } from '../../../../server/http/contract/types.ts';
import {
  answer,
  forwardSubject,
  quote,
  replySubject,
  selfOf,
  thread,
  wordsOf,
  type Answered,
} from '../../../../ui/screens/compose/answer.ts';

const named = (text: string) => ({ name: '', address: text });
const header = (name: string, value: string): Header => ({ name, value, raw: `${name}: ${value}` });
const WORDS = { attribution: (time: string, who: string) => `At ${time} ${who}:`, forwarded: '-- forwarded' };

function message(change: Partial<Answered> & { fields?: Record<string, string> } = {}): Answered {
  const { fields = {}, ...rest } = change;
  return {
    from: [{ name: 'Acme', address: 'hello@acme.test' }],
    to: [named('jm@shop.test')],
    headers: Object.entries(fields).map(([name, value]) => header(name, value)),
    envelope: { sender: 'app@acme.test', recipients: ['jm@shop.test'], recipientCount: 1, refused: [] },
    subject: 'Welcome',
    text: 'Hello\n> before\n\n>> older',
    html: null,
    receivedAt: '2026-01-31T14:02:11.482',
    ...rest,
  };
}
const to = (recipients: string[], sender = 'app@acme.test'): Answered['envelope'] => ({
  sender,
  recipients,
  recipientCount: recipients.length,
  refused: [],
});
const addresses = (list: readonly { address: string }[]): string[] => list.map(({ address }) => address);

it.each([
  ['Welcome', 'Re: Welcome', 'Fwd: Welcome'],
  ['Re: Welcome', 'Re: Welcome', 'Fwd: Re: Welcome'],
  ['RE: re: Welcome', 'Re: Welcome', 'Fwd: RE: re: Welcome'],
  ['Re[2]: Welcome', 'Re: Welcome', 'Fwd: Re[2]: Welcome'],
  ['AW: Welcome', 'Re: Welcome', 'Fwd: AW: Welcome'],
  ['SV: Re: Welcome', 'Re: Welcome', 'Fwd: SV: Re: Welcome'],
  ['Antw: Welcome', 'Re: Welcome', 'Fwd: Antw: Welcome'],
  ['Fwd: Welcome', 'Re: Fwd: Welcome', 'Fwd: Welcome'],
  ['WG: Fw: Welcome', 'Re: WG: Fw: Welcome', 'Fwd: Welcome'],
  ['Regarding: x', 'Re: Regarding: x', 'Fwd: Regarding: x'],
  ['Swap: x', 'Re: Swap: x', 'Fwd: Swap: x'],
  ['', 'Re:', 'Fwd:'],
])('the subject %j is answered as %j and forwarded as %j', (subject, replied, forwarded) => {
  expect(replySubject(subject)).toBe(replied);
  expect(forwardSubject(subject)).toBe(forwarded);
});

it.each<[string, Answered, string | undefined]>([
  ['the only recipient', message(), 'jm@shop.test'],
  ['the one that To names', message({ envelope: to(['bcc@x.test', 'JM@shop.test']) }), 'jm@shop.test'],
  ['the one that Cc names', message({ fields: { Cc: 'C <cc@x.test>' }, envelope: to(['bcc@x.test', 'cc@x.test']) }), 'cc@x.test'],
  ['the first when the header names none', message({ envelope: to(['bcc@x.test', 'b@x.test']) }), 'bcc@x.test'],
  ['nobody without a recipient', message({ envelope: to([]) }), undefined],
])('the answer comes from %s', (_who, answered, expected) => {
  expect(selfOf(answered)?.address).toBe(expected);
});

describe('an answer goes', () => {
  const many = message({
    to: [named('jm@shop.test'), named('second@shop.test'), named('HELLO@acme.test')],
    fields: { Cc: 'third@shop.test, Second <second@shop.test>, JM@shop.test' },
  });
  it.each<[string, 'reply' | 'reply-all' | 'forward', Answered, string[], string[]]>([
    ['to the author', 'reply', many, ['hello@acme.test'], []],
    ['to all but oneself, nobody twice', 'reply-all', many, ['hello@acme.test', 'second@shop.test'], ['third@shop.test']],
    ['to nobody yet when forwarded', 'forward', many, [], []],
    [
      'to Reply-To instead of From',
      'reply',
      message({ fields: { 'reply-to': 'Help <help@acme.test>, more@acme.test' } }),
      ['help@acme.test', 'more@acme.test'],
      [],
    ],
    ['to oneself when oneself wrote it', 'reply', message({ from: [named('jm@shop.test')] }), ['jm@shop.test'], []],
    ['to nobody when the sender is null', 'reply', message({ envelope: to(['jm@shop.test'], '') }), [], []],
    [
      'to the others when the sender is null',
      'reply-all',
      { ...many, envelope: to(['jm@shop.test'], '') },
      ['second@shop.test', 'HELLO@acme.test'],
      ['third@shop.test'],
    ],
    ['to nobody without From', 'reply', message({ from: [] }), [], []],
  ])('%s', (_where, kind, answered, expectedTo, expectedCc) => {
    const made = answer(kind, answered, WORDS);
    expect(addresses(made.to)).toEqual(expectedTo);
    expect(addresses(made.cc)).toEqual(expectedCc);
    expect(made.from).toBe('jm@shop.test');
  });
});

it.each<[string, Record<string, string>, Record<string, string>]>([
  ['nothing', {}, {}],
  ['its Message-ID', { 'Message-Id': '<1@a>' }, { 'In-Reply-To': '<1@a>', References: '<1@a>' }],
  [
    'what it refers to, then itself',
    { 'Message-ID': '<3@a>', References: '<1@a>\t<2@a>' },
    { 'In-Reply-To': '<3@a>', References: '<1@a> <2@a> <3@a>' },
  ],
  ['what it answers', { 'Message-ID': '<2@a>', 'In-Reply-To': '<1@a>' }, { 'In-Reply-To': '<2@a>', References: '<1@a> <2@a>' }],
  [
    'itself when it answers several',
    { 'Message-ID': '<3@a>', 'In-Reply-To': '<1@a> <2@a>' },
    { 'In-Reply-To': '<3@a>', References: '<3@a>' },
  ],
  ['what it refers to when it has no Message-ID', { References: '<1@a>' }, { References: '<1@a>' }],
])('the thread goes on from %s', (_what, fields, expected) => {
  const rows = thread(Object.entries(fields).map(([name, value]) => header(name, value)));
  expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual(expected);
});

it('quotes line by line under who wrote it, with room above', () => {
  expect(quote('a\n\n> b')).toBe('> a\n>\n>> b');
  expect(answer('reply', message(), WORDS).text).toBe(
    '\n\nAt 31 Jan 2026 at 14:02 Acme <hello@acme.test>:\n> Hello\n>> before\n>\n>>> older\n',
  );
});

it('forwards the header and the text, and begins no thread', () => {
  const { text, headers } = answer(
    'forward',
    message({ fields: { From: 'Acme <hello@acme.test>', 'Message-ID': '<1@a>', To: 'jm@shop.test' }, text: 'Hi' }),
    WORDS,
  );
  expect(text).toBe('\n\n-- forwarded\nFrom: Acme <hello@acme.test>\nTo: jm@shop.test\n\nHi\n');
  expect(headers).toEqual([]);
});

it.each([
  ['<p>One</p><p>Two<br>Three</p>', 'One\nTwo\nThree'],
  ['<head><title>x</title></head><style>p{}</style><script>alert(1)</script><b>a</b> &amp; &lt;b&gt; &#8364;&#x41;', 'a & <b> €A'],
  ['<!-- <p>no</p> --><ul><li>a</li><li>b</li></ul>', 'a\nb'],
  ['&#0;&#x110000;&unknown;', '&#0;&#x110000;&unknown;'],
])('%j is quoted as %j', (html, words) => {
  expect(wordsOf(html)).toBe(words);
});
