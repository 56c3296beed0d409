// The conversation that brought a message, to be read and to be had once more.

import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import nodemailer from 'nodemailer';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { startRig } from './rig.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());
afterEach(() => rig.closePages());

async function open(): Promise<Page> {
  const { id } = (await (await fetch(new URL('v1/messages/latest', rig.mailrig.url))).json()) as { id: string };
  const page = await rig.open('', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`${rig.mailrig.url}#/m/${id}/transcript`);
  await page.getByText(/^\s*Closed/).waitFor();
  return page;
}

/** Says these lines one by one, each after the reply to the one before, and waits for the end. */
async function say(...lines: string[]): Promise<void> {
  const socket = connect(rig.mailrig.ports.smtp ?? 0, '127.0.0.1');
  for await (const reply of createInterface({ input: socket })) {
    if (/^\d{3}-/.test(reply)) continue;
    const next = lines.shift();
    if (next !== undefined) socket.write(`${next}\r\n`);
  }
}

it('folds long replies, names TLS, hides what was secret and links the body to the source', async () => {
  const transport = nodemailer.createTransport({
    host: '127.0.0.1',
    port: rig.mailrig.ports.smtp ?? 0,
    tls: { rejectUnauthorized: false },
    auth: { user: 'jo', pass: 'a secret of ours' },
  });
  await transport.sendMail({ from: 'a@b.test', to: 'jo@shop.test', subject: 'Said', text: 'Hello' });
  transport.close();
  const page = await open();
  const said = page.getByRole('group', { name: 'Transcript' });
  const turn = (words: string) => said.getByRole('listitem').filter({ hasText: words });

  await turn('TLS 1.3, TLS_').waitFor();
  await turn('AUTH PLAIN ••••').waitFor();
  expect(await said.textContent()).not.toContain(Buffer.from('\0jo\0a secret of ours').toString('base64'));

  const folded = turn('250-mailrig').first();
  expect(await folded.textContent()).not.toContain('PIPELINING');
  await folded.getByRole('button', { name: /more lines/ }).click();
  expect(await folded.textContent()).toContain('PIPELINING');
  await folded.getByRole('button', { name: 'fold' }).click();
  expect(await folded.textContent()).not.toContain('PIPELINING');

  await page.getByRole('button', { name: 'As swaks' }).click();
  const command: string = await page.evaluate('navigator.clipboard.readText()');
  expect(command).toMatch(/^swaks --server 127\.0\.0\.1:\d+ \\\n {2}--tls \\\n/);
  expect(command).toContain(`--auth PLAIN --auth-user jo --auth-password "$PASS"`);
  expect(command).toContain('--from a@b.test \\\n  --to jo@shop.test');
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^S: 220 .*\nC: EHLO /);

  await said.getByRole('link', { name: /bytes/ }).click();
  await page.getByRole('document', { name: 'Raw' }).getByText('Subject: Said').waitFor();
});

it('tells what it noticed at the line where it was, and who ended it', async () => {
  await say('EHLO web-1', 'MAIL FROM: <a@b.test>', 'RCPT TO:<jo@shop.test>', 'DATA', 'Subject: x\r\n\r\nbare\nfeed\r\n.', 'QUIT');
  const page = await open();
  await page.getByText(/Closed by the client after .*, 1 message taken/).waitFor();
  const { notes } = (await (await fetch(new URL('v1/messages/latest/transcript', rig.mailrig.url))).json()) as {
    notes: { text: string }[];
  };
  for (const { text } of notes) await page.getByRole('listitem').filter({ hasText: text }).first().waitFor();
});
