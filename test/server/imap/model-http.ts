// What a web page and a test do to the model's mailbox through the API.

import { expect } from 'vitest';
import type { Rig } from '../http/rig.ts';
import { FLAGS, one } from './model-steps.ts';
import type { Pick } from './model-steps.ts';

interface Listed {
  readonly items: readonly { uid: number; flags: string[]; messageId: string }[];
}

export async function httpStep(rig: Rig, account: string, pick: Pick): Promise<void> {
  const box = `/v1/accounts/${encodeURIComponent(account)}/mailboxes`;
  const ask = async (method: string, path: string, json?: unknown): Promise<unknown> => {
    const answer = await rig.ask(path, { method, ...(json === undefined ? {} : { json }) });
    const said = (await answer.json());
    // Somebody else may have been quicker: that is no error, and nothing else may go wrong.
    if (!answer.ok) expect([404, 409], JSON.stringify(said)).toContain(answer.status);
    return said;
  };
  const { items } = (await ask('GET', `${box}/INBOX/messages?limit=100`)) as Listed;
  const first = pick(items.length);
  const some = items.slice(first, first + 1 + pick(3));
  const uids = some.length > 0 ? some.map(({ uid }) => uid) : [1];
  const ids = some.map(({ messageId }) => messageId);
  const steps: readonly (() => Promise<unknown>)[] = [
    () => ask('PATCH', `${box}/INBOX/messages`, { uids, add: [one(pick, FLAGS)], remove: ['\\Answered'] }),
    () => ask('PATCH', `${box}/INBOX/messages`, { uids, replace: [one(pick, FLAGS)] }),
    () => ask('PATCH', '/v1/messages', { ids, set: { read: pick(2) === 0, starred: pick(2) === 0 } }),
    () => ask('DELETE', `${box}/INBOX/messages`, { uids: uids.slice(0, 1) }),
    () => ask('DELETE', '/v1/messages', { ids: ids.slice(0, 1), purge: true }),
    () => ask('POST', `${box}/INBOX/messages`, { uids, to: 'Archive', move: true }),
    () => ask('POST', `${box}/INBOX/messages`, { uids, to: 'INBOX' }),
    () => ask('POST', `${box}/Trash/messages`, { q: '', to: 'INBOX', move: true }),
    () => ask('DELETE', `${box}/Archive`),
    () => ask('DELETE', `${box}/Trash`),
  ];
  await one(pick, steps)();
}
