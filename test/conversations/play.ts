// Plays a conversation from a file against a real server and checks what was said and what was kept.

import { expect } from 'vitest';
import type { Rule } from '../../server/faults/fault.ts';
import { Client } from './client.ts';
import { faultsWith } from './faults.ts';
import { converse, fieldsOf, parseScript } from './script.ts';
import { startSmtp } from './smtp-server.ts';
import type { TestOptions } from './smtp-server.ts';

/**
 * Beside what every conversation has:
 *
 *     options: {"settings": {"requireAuth": true}}
 *     fault: {"on": {"stage": "rcpt"}, …} one line for each rule
 *     message: {"raw": "…", …}      one line for each message kept, in order
 *     refused: {"stage": "rcpt", …} one line for each refused attempt, in order
 *     note: text                    the session says so of one of its lines
 *     hidden: text                  nowhere in the transcript
 */
export async function play(script: string): Promise<void> {
  const steps = parseScript(script);
  const of = (name: string): string[] => fieldsOf(steps, name);
  const options = JSON.parse(of('options')[0] ?? '{}') as TestOptions;
  const rules = of('fault').map((json) => JSON.parse(json) as Rule);
  await using server = await startSmtp({ ...options, ...(rules.length > 0 && { decide: faultsWith(rules).decide }) });
  const client = options.tls === 'implicit' ? await Client.connectTls(server.port, server.ca) : await Client.connect(server.port);
  await converse(steps, client, server.ca);

  const kept = server.messages.map(({ envelope, refused, raw, origin }) => ({
    ...origin,
    ...envelope,
    recipients: envelope.recipients.map(({ address, ...rest }) => (Object.keys(rest).length === 0 ? address : { address, ...rest })),
    refused: refused.map(({ recipient, code, enhanced }) => `${recipient} ${code} ${enhanced}`),
    raw: raw.toString('latin1'),
  }));
  const wanted = of('message').map((json) => JSON.parse(json) as object);
  expect(kept).toMatchObject(wanted);
  expect(kept.length).toBe(wanted.length);
  const refusals = of('refused').map((json) => JSON.parse(json) as object);
  expect(server.refusals).toMatchObject(refusals);
  expect(server.refusals.length).toBe(refusals.length);
  const [session] = server.sessions.list();
  for (const note of of('note')) expect(session?.notes.map(({ text }) => text)).toContain(note);
  const transcript = session?.lines.map(({ text }) => text).join('\n') ?? '';
  for (const secret of of('hidden')) expect(transcript).not.toContain(secret);
  expect(server.inflight(), 'room still reserved').toBe(0);
}
