import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { seeded } from '../bench/english.ts';
import { killDeliveries } from './deliveries.ts';

test(
  'what was queued when the server was killed is delivered in the end, and twice only where that is said',
  { timeout: 60_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailrig-kill-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const findings = await killDeliveries({ folder, kills: 3, messages: 45, chance: seeded(1) });
    expect(findings).toMatchObject({ lost: [], missing: [], doubled: [], undelivered: [] });
    expect(findings.recipients).toBeGreaterThanOrEqual(180);
  },
);
