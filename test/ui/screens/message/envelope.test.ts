import { expect, it } from 'vitest';
import { envelopeOnly } from '../../../../ui/screens/message/envelope.ts';

it.each([
  [['To: jo@a.test'], ['jo@a.test'], []],
  [['To: Jo <JO@a.test>', 'Cc: two@a.test'], ['jo@a.test', 'two@a.test'], []],
  [['To: jo@a.test'], ['jo@a.test', 'boss@a.test'], ['boss@a.test']],
  [['Subject: for boss@a.test'], ['boss@a.test'], ['boss@a.test']],
  [[], ['jo@a.test'], ['jo@a.test']],
])('of %j and the envelope %j only the envelope names %j', (lines, recipients, hidden) => {
  const headers = lines.map((line) => {
    const [name = '', value = ''] = line.split(': ');
    return { name, value, raw: value };
  });
  expect(envelopeOnly({ headers, envelope: { sender: '', recipients, recipientCount: recipients.length, refused: [] } })).toEqual(hidden);
});
