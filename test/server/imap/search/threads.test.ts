// Threading, by the rules of RFC 5256 §3, and THREAD as a client sees it.

import { describe, expect, test } from 'vitest';
import { formatThreads, threadByReferences, threadBySubject } from '../../../../server/imap/search/threads.ts';
import type { Mail } from '../../../../server/imap/search/threads.ts';
import { openSample } from '../../store/sample.ts';
import { openClient } from '../session.ts';

/** `id < reference reference | subject`, sent one minute after the other; numbers count from 1. */
function mails(...lines: readonly string[]): Mail[] {
  return lines.map((line, i) => {
    const [ids = '', subject = ''] = line.split('|').map((part) => part.trim());
    const [id = '', references = ''] = ids.split('<').map((part) => part.trim());
    return {
      number: i + 1,
      order: i + 1,
      sentAt: i * 60_000,
      subject,
      messageId: id || null,
      references: references === '' ? [] : references.split(' '),
    };
  });
}

/** All steps at once. */
function told(steps: ReturnType<typeof threadByReferences>): string {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return formatThreads(step.value);
}

describe('REFERENCES', () => {
  test.each<[string, Mail[], string]>([
    ['nothing', [], ''],
    ['messages that know nothing of each other', mails('a|x', 'b|y'), '(1)(2)'],
    ['a reply', mails('a|x', 'b < a|Re: x'), '(1 2)'],
    ['a chain', mails('a|x', 'b < a|x', 'c < a b|x', 'd < a b c|x'), '(1 2 3 4)'],
    ['two replies', mails('a|x', 'b < a|x', 'c < a|x'), '(1 (2)(3))'],
    ['branches of branches', mails('a|x', 'b < a|x', 'c < a b|x', 'd < a b|x', 'e < a|x'), '(1 (2 (3)(4))(5))'],
    ['a reply that came first', mails('b < a|x', 'a|x'), '(2 1)'],
    ['one reply to a message that is not here', mails('b < a|x'), '(1)'],
    ['two replies to a message that is not here', mails('b < a|x', 'c < a|y'), '((1)(2))'],
    ['a gap in the middle', mails('a|x', 'c < a b|x'), '(1 2)'],
    ['a circle', mails('a < b|x', 'b < a|y'), '(2 1)'],
    ['a message that refers to itself', mails('a < a|x'), '(1)'],
    ['the same id twice', mails('a|x', 'a|y'), '(1)(2)'],
    ['its own word against that of another', mails('a|x', 'b|y', 'd < a c|z', 'c < b|w'), '(1)(2 4 3)'],
    ['no references, whatever others said', mails('c < a b|x', 'b|y'), '(2 1)'],
    ['no ids', mails('|x', '|y'), '(1)(2)'],
    ['equal subjects, the second a reply', mails('a|x', 'b|Re: x'), '(1 2)'],
    ['equal subjects, the first a reply', mails('a|Re: x', 'b|x'), '(2 1)'],
    ['equal subjects, none a reply', mails('a|x', 'b|x'), '((1)(2))'],
    ['equal subjects, both replies', mails('a|Re: x', 'b|RE: X'), '((1)(2))'],
    ['no subject is none in common', mails('a|', 'b|Re:'), '(1)(2)'],
    ['three of one subject', mails('a|x', 'b|x', 'c|x'), '((1)(2)(3))'],
    ['a reply joins replies to what is not here', mails('b < a|x', 'c < a|x', 'd|Re: x'), '((1)(2)(3))'],
    ['two that lack their first message, of one subject', mails('b < a|x', 'c < a|x', 'e < d|x', 'f < d|x'), '((1)(2)(3)(4))'],
  ])('%s', (_, given, expected) => {
    expect(told(threadByReferences(given))).toBe(expected);
  });

  test('threads stand in the order of their first messages', () => {
    const [a, b, c] = mails('a|x', 'b|y', 'c < a|x') as [Mail, Mail, Mail];
    expect(told(threadByReferences([{ ...a, sentAt: 9e9 }, b, c]))).toBe('(2)(1 3)');
  });

  test('10,000 replies, each to the one before, are one line', () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => `m${i}${i > 0 ? ` < m${i - 1}` : ''}|x`);
    expect(told(threadByReferences(mails(...lines)))).toBe(`(${lines.map((_, i) => i + 1).join(' ')})`);
  });
});

test.each<[string, Mail[], string]>([
  ['nothing', [], ''],
  ['by subject', mails('a|x', 'b|y', 'c < b|Re: x', 'd|[l] Y'), '(1 3)(2 4)'],
  ['more than one below the first', mails('a|x', 'b|Re: x', 'c|Re: x'), '(1 (2)(3))'],
])('ORDEREDSUBJECT: %s', (_, given, expected) => {
  expect(told(threadBySubject(given))).toBe(expected);
});

test.each<[string, string]>([
  ['THREAD REFERENCES UTF-8 ALL', '* THREAD (1 (2)(3))(4)'],
  ['UID THREAD ORDEREDSUBJECT UTF-8 1:3', '* THREAD (1 2)(3)'],
  ['THREAD REFERENCES UTF-8 SUBJECT nowhere', '* THREAD'],
])('%s', async (command, expected) => {
  const { store, send, clock } = await openSample();
  for (const header of [
    { Subject: 'One', 'Message-ID': '<a@x>' },
    { Subject: 'Re: One', 'Message-ID': '<b@x>', References: '<a@x>' },
    { Subject: 'Two', 'Message-ID': '<c@x>', 'In-Reply-To': 'Your mail <"a"@x> of today <z@x>' },
    { Subject: 'Three' },
  ]) {
    await send({ header });
    clock.time += 60_000;
  }
  expect(await openClient(store).say(command)).toBe(expected);
});
