import { describe, expect, it } from 'vitest';
import { STAGES } from '../../../../server/faults/stages.ts';
import { protocolOf, stageOf, wordOf } from '../../../../ui/screens/faults/place.ts';

describe('a stage as it is chosen', () => {
  it.each([
    ['rcpt', 'RCPT'],
    ['starttls', 'STARTTLS'],
    ['select', 'SELECT'],
    ['retr', 'RETR'],
    ['tls', 'TLS'],
    ['end-of-data', 'end-of-data'],
    ['connect', 'connect'],
    ['login', 'login'],
    ['any', 'any'],
  ])('%s is %s', (stage, word) => expect(wordOf(stage)).toBe(word));
});

describe('the protocol of a rule that names none', () => {
  it.each([
    ['rcpt', 'smtp'],
    ['login', 'smtp'],
    ['select', 'imap'],
    ['retr', 'pop3'],
  ])('%s is of %s', (stage, protocol) => expect(protocolOf({ stage })).toBe(protocol));
});

it.each(Object.entries(STAGES).flatMap(([protocol, stages]) => stages.map((stage) => [protocol, stage] as const)))(
  'knows whom it meets in %s at %s',
  (protocol, stage) => {
    const [, one, many] = stageOf({ protocol: protocol as keyof typeof STAGES, stage });
    expect(many.startsWith(one)).toBe(true);
  },
);
