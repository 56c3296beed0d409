// How long from the start of the process until it listens, and what it holds while nothing happens.

import { setTimeout as wait } from 'node:timers/promises';
import { median, startRig } from './rig.ts';

const RUNS = 7;
const SETTLE_MS = 1500;

export async function benchStart(): Promise<void> {
  const times: number[] = [];
  const memories: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const rig = await startRig();
    times.push(rig.startedIn);
    if (i < 3) {
      await wait(SETTLE_MS);
      memories.push(await rig.memory());
    }
    await rig.stop();
  }
  console.log(`start-up: ${median(times).toFixed(0)} ms until it listens (median of ${RUNS})`);
  console.log(`idle: ${(median(memories) / 1e6).toFixed(0)} MB resident`);
}
