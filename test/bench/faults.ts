// What faults cost where none steps in: SMTP without an engine, with no rule, and with a hundred that meet nobody.

import { pass } from '../../server/faults/decide.ts';
import type { Decide, FaultPoint, Stage } from '../../server/faults/decide.ts';
import { point } from '../server/faults/rig.ts';
import { manyFaults } from './faults-list.ts';
import { median } from './rig.ts';
import { figure, find, rate, startBare, stopAll } from './smtp.ts';

const ROUNDS = 5;
const MESSAGES = 10_000;
const SIZE = 1_024;
const QUESTIONS = 200_000;
const SETUPS = [
  ['engine off', null],
  ['no rules', 0],
  ['100 rules', 100],
] as const;

const STAGES: readonly Stage[] = ['mail', 'rcpt', 'data', 'end-of-data'];

const POINT = point({ valuesOf: (name) => (name === 'subject' ? ['Hello'] : []) });

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** ns of processor time for one question. */
function ask(decide: Decide, point: FaultPoint): number {
  for (let i = 0; i < QUESTIONS / 10; i++) decide(point);
  const started = process.cpuUsage();
  for (let i = 0; i < QUESTIONS; i++) decide(point);
  return (process.cpuUsage(started).user * 1e3) / QUESTIONS;
}

function questions(): void {
  say('one question, by stage:');
  for (const [name, count] of SETUPS) {
    const decide = count === null ? pass : manyFaults(count).decide;
    const times = STAGES.map((stage) => `${stage} ${Math.round(ask(decide, { ...POINT, stage }))} ns`);
    say(`  ${name.padEnd(12)} ${times.join(', ')}`);
  }
}

/** They take turns, so that whatever else the machine does meets all of them. */
async function throughput(source: string): Promise<void> {
  const targets = [];
  for (const [, count] of SETUPS) targets.push(await startBare(count));
  const all = targets.map((target, i) => ({ target, name: SETUPS[i]?.[0] ?? '', rates: [] as number[] }));
  try {
    for (const { target } of all) await rate(source, target.port, SIZE, MESSAGES / 4);
    for (let round = 0; round < ROUNDS; round++) {
      for (const { target, rates } of all) rates.push(await rate(source, target.port, SIZE, MESSAGES));
    }
  } finally {
    await stopAll(targets);
  }
  const [off] = all;
  say(`messages of ${SIZE} octets a second, median of ${ROUNDS} rounds of ${MESSAGES}:`);
  for (const { name, rates } of all) {
    const share = median(rates.map((one, round) => one / (off?.rates[round] ?? NaN)));
    say(`  ${name.padEnd(12)} ${figure(median(rates))}/s  ${share.toFixed(3)} of engine off`);
  }
}

export async function benchFaults(): Promise<void> {
  questions();
  const source = find('smtp-source');
  if (source === undefined) say('faults: throughput is not measured, smtp-source is missing (Debian: apt-get install postfix)');
  else await throughput(source);
}
