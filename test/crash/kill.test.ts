import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { killCycle } from './cycle.ts';

test('a killed server has lost nothing that it acknowledged, and keeps nothing by halves', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mailrig-kill-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const done = { messages: new Map<string, string>(), marks: new Map() };
  const sent = new Set<string>();
  for (const [cycle, load] of [120, 40, 300].entries()) {
    const findings = await killCycle(folder, cycle, load, done, sent);
    expect(findings).toMatchObject({ lost: [], damaged: [], wrongMarks: [] });
    expect(findings.acknowledged).toBeGreaterThan(0);
  }
});
