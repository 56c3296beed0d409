// SORT, as a client sees it.

import { expect, test } from 'vitest';
import { openSample } from '../../store/sample.ts';
import { openClient } from '../session.ts';

const HOUR = 60 * 60 * 1000;

async function withMessages() {
  const sample = await openSample();
  const messages = [
    { From: 'Zoe <b@x.test>', To: 'Q <z@x.test>', Subject: 'Re: pears', Date: 'Tue, 24 Nov 2026 10:00:00 +0000' },
    { From: 'Ädi <c@x.test>', To: 'y@x.test', Subject: 'Apples', Date: 'Tue, 24 Nov 2026 10:00:00 +0200' },
    { From: 'a@x.test', To: 'X <x@x.test>', Cc: 'k@x.test', Subject: '[list] bananas', Date: 'Mon, 23 Nov 2026 10:00:00 +0000' },
    { From: 'B <A@x.test>', To: 'x@x.test', Cc: 'a@x.test', Subject: 'Re: APPLES (fwd)' },
  ];
  for (const [i, header] of messages.entries()) {
    await sample.send({ to: ['jo@shop.test'], header, text: 'x'.repeat(1000 - 200 * i) });
    sample.clock.time += HOUR;
  }
  return sample;
}

test.each<[string, string]>([
  ['SORT (ARRIVAL) UTF-8 ALL', '* SORT 1 2 3 4'],
  ['SORT (REVERSE ARRIVAL) UTF-8 ALL', '* SORT 4 3 2 1'],
  ['SORT (DATE) UTF-8 ALL', '* SORT 3 2 1 4'],
  ['SORT (SUBJECT) US-ASCII ALL', '* SORT 2 4 3 1'],
  ['SORT (SUBJECT REVERSE DATE) US-ASCII ALL', '* SORT 4 2 3 1'],
  ['SORT (REVERSE ARRIVAL ARRIVAL REVERSE ARRIVAL) UTF-8 ALL', '* SORT 4 3 2 1'],
  ['SORT (FROM) UTF-8 ALL', '* SORT 3 4 1 2'],
  ['SORT (TO) UTF-8 ALL', '* SORT 3 4 2 1'],
  ['SORT (CC) UTF-8 ALL', '* SORT 1 2 4 3'],
  ['SORT (SIZE) UTF-8 ALL', '* SORT 4 3 2 1'],
  ['SORT (DISPLAYFROM) UTF-8 ALL', '* SORT 3 2 4 1'],
  ['SORT (DISPLAYTO) UTF-8 ALL', '* SORT 1 3 4 2'],
  ['UID SORT (REVERSE SIZE) UTF-8 NOT 2', '* SORT 1 3 4'],
  ['SORT (DATE) UTF-8 SUBJECT nothing', '* SORT'],
  ['SORT RETURN () (DATE) UTF-8 ALL', '* ESEARCH (TAG "a1") ALL 3,2,1,4'],
  ['UID SORT RETURN (MIN MAX COUNT) (DATE) UTF-8 ALL', '* ESEARCH (TAG "a1") UID MIN 3 MAX 4 COUNT 4'],
  ['SORT RETURN (PARTIAL 2:3) (DATE) UTF-8 ALL', '* ESEARCH (TAG "a1") PARTIAL (2:3 2,1)'],
])('%s', async (command, expected) => {
  const { store } = await withMessages();
  expect(await openClient(store).say(command)).toBe(expected);
});

test.each(['SORT', 'SORT () UTF-8 ALL', 'SORT (COLOUR) UTF-8 ALL', 'SORT (REVERSE) UTF-8 ALL', 'SORT (DATE) ALL', 'SORT (DATE) UTF-8'])(
  '%s is refused',
  async (command) => {
    const { store } = await withMessages();
    const { completion } = await openClient(store).send(command);
    expect(completion.status).not.toBe('OK');
  },
);

test('an unknown charset is named', async () => {
  const { store } = await withMessages();
  expect((await openClient(store).send('SORT (DATE) X-KLINGON ALL')).completion).toMatchObject({
    status: 'NO',
    code: 'BADCHARSET (US-ASCII UTF-8)',
  });
});
