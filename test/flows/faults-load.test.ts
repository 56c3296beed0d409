// Rules that change a hundred times a second under load: what was answered 250 is there once, what was refused is not there.

import { expect, it } from 'vitest';
import { startRig } from '../bench/rig.ts';
import { caller, startTarget } from '../hostile/faulty-sessions.ts';
import type { Load, Outcome } from './faults-load.ts';
import { runLoad } from './faults-load.ts';

/** Seconds, by hand, at 1,000 messages a second to the built server: LOAD=60. */
const LOAD = Number(process.env['LOAD'] ?? 0);
const SEED = Number(process.env['SEED'] ?? 20_261_125);

async function short(): Promise<Outcome> {
  await using target = await startTarget({ maxMessages: 0 });
  const { call, bugs, rig } = target;
  const outcome = await runLoad({ smtp: rig.ports.smtp ?? 0, call, seconds: 2, rate: 400, connections: 10, seed: SEED });
  for (let looks = 0; (await target.connections()) > 0; looks++) if (looks > 500) throw new Error('a session goes on');
  expect(bugs).toEqual([]);
  return outcome;
}

async function long(): Promise<Outcome> {
  const rig = await startRig(['--max-messages', '0', '--max-size', '0', '--log-level', 'warn']);
  const load: Load = {
    smtp: rig.smtp,
    call: caller(`http://127.0.0.1:${rig.http}/`),
    seconds: LOAD,
    rate: 1_000,
    connections: 40,
    seed: SEED,
  };
  const before = await rig.memory();
  const outcome = await runLoad(load);
  const { sent, taken, changes, seconds } = outcome;
  const per = (count: number): string => `${count} (${Math.round(count / seconds)}/s)`;
  const memory = `${Math.round(before / 1e6)} → ${Math.round((await rig.memory()) / 1e6)} MB`;
  process.stdout.write(`sent ${per(sent)}, taken ${per(taken)}, changes ${per(changes)}, ${memory}\n`);
  await rig.stop();
  return outcome;
}

it(
  'what a sender was told is true, while the rules change',
  async () => {
    const { wrong, sent, taken } = await (LOAD > 0 ? long() : short());
    expect(wrong).toEqual([]);
    expect([taken > 50, sent - taken > 20]).toEqual([true, true]);
  },
  (LOAD + 20) * 1_000,
);
