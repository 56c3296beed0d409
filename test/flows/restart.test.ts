// A client that trusts the authority of a folder trusts it after a restart too.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Mailrig } from '../../server/app.ts';
import { createMailrig } from '../../server/app.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'mailrig-restart-'))));
afterEach(() => rm(folder, { recursive: true }));

async function running<T>(act: (rig: Mailrig) => Promise<T>): Promise<T> {
  const rig = createMailrig({ host: ['127.0.0.1'], data: folder, logLevel: 'silent' });
  try {
    await rig.start();
    return await act(rig);
  } finally {
    await rig.stop();
  }
}

const authority = async (rig: Mailrig): Promise<string> => (await fetch(new URL('/v1/ca.pem', rig.url))).text();

test('the authority is kept with the messages', async () => {
  const ca = await running(authority);
  await running(async (rig) => {
    expect(await authority(rig)).toBe(ca);
    const transport = createTransport({
      host: '127.0.0.1',
      port: rig.ports.smtps ?? 0,
      secure: true,
      tls: { ca, servername: 'localhost' },
    });
    await transport.sendMail({ from: 'app@client.test', to: 'jo@shop.test', text: 'Hello' });
    transport.close();
  });
});

test('a damaged file of it is named at the start', async () => {
  await running(authority);
  await writeFile(join(folder, 'ca.key'), 'hello');
  await expect(running(authority)).rejects.toThrow(`${join(folder, 'ca.key')} is damaged`);
});
