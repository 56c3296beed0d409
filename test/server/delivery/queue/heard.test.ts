// Which fault stepped in, as a host's session tells it for one of the messages that came by it.

import { expect, it } from 'vitest';
import { heardFrom } from '../../../../server/delivery/queue/heard.ts';
import { session } from '../../http/rig.ts';

const line = (number: number, faultId: string | null): ReturnType<typeof session>['lines'][number] => ({
  number,
  at: 0,
  side: 'server',
  text: '250 Ok',
  bytes: null,
  faultId,
});

it('is found by our side of the connection, the newest of those that had it', () => {
  const client = '127.0.0.1:40000';
  const sessions = ['mx2', 'mx1', 'mx1'].map((host, i) => session({ id: `s${3 - i}`, client, host }));
  expect(heardFrom(sessions, 'mx1', client)?.id).toBe('s2');
  expect(heardFrom(sessions, 'mx2', client)?.id).toBe('s3');
  expect(heardFrom(sessions, 'mx1', '127.0.0.1:40001')).toBeNull();
});

it('tells the fault of this message, and not that of one before it', () => {
  const lines = [line(1, null), line(2, 'busy')];
  const heard = heardFrom([session({ id: 's1', host: 'mx1', client: 'c', faultId: 'busy', lines })], 'mx1', 'c');
  expect([heard?.faultAfter(0), heard?.lastLine]).toEqual(['busy', 2]);
  expect(heard?.faultAfter(2)).toBeNull();
  lines.push(line(3, null), line(4, 'slow'), line(5, null));
  expect(heard?.faultAfter(2)).toBe('slow');
});

it('nothing is looked for where no fault took part', () => {
  const heard = heardFrom([session({ id: 's1', host: 'mx1', client: 'c', lines: [line(7, null)] })], 'mx1', 'c');
  expect([heard?.faultAfter(0), heard?.lastLine]).toEqual([null, 0]);
});
