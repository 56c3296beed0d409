import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { lockFolder } from '../../../../server/store/disk/lock.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailrig-lock-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

describe('a folder', () => {
  test('is for one at a time, and free again after its release', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(`${folder} is in use by another Mailrig`);
    await lock.release();
    await (await lockFolder(folder)).release();
  });

  test('is free again when the process that had it was killed', async () => {
    const holder = `require('node:net').createServer().listen(${JSON.stringify(join(folder, 'lock.sock'))}, () => console.log('held'))`;
    const child = spawn(process.execPath, ['-e', holder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await stat(join(folder, 'lock.sock'))).isSocket()).toBe(true);
    await (await lockFolder(folder)).release();
  });

  test('is had by one of many that come at the same time', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    const locks = tries.filter((one) => one.status === 'fulfilled');
    expect(locks).toHaveLength(1);
    await locks[0]?.value.release();
  });

  test('whose path is too long for a socket says so', async () => {
    await expect(lockFolder(`/${'x'.repeat(200)}`)).rejects.toThrow('too long to be locked');
  });
});
