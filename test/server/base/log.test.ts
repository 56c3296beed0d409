import { expect, test } from 'vitest';
import { createLog, silentLog } from '../../../server/base/log.ts';

test('the level silent is the log that writes nothing', async () => {
  expect(await createLog('silent')).toBe(silentLog);
});

test.each([false, true])('a log for a terminal or not (%s) has every level, and levels below its own are quiet', async (terminal) => {
  const log = await createLog('error', terminal);
  for (const level of ['trace', 'debug', 'info', 'warn'] as const) expect(() => log[level]('never seen', { level })).not.toThrow();
});
