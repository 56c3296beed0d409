// A FETCH reads and sends only what it is asked for, however large the message is: octets are counted where they leave the store.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLog } from '../../../../server/base/log.ts';
import { createIds } from '../../../../server/base/ids.ts';
import { createSubmit } from '../../../../server/delivery/submit.ts';
import { openDisk } from '../../../../server/store/disk/open.ts';
import type { Store } from '../../../../server/store/store.ts';
import { ORIGIN, openSample } from '../../store/sample.ts';
import { openClient } from '../session.ts';

const MB = 1024 * 1024;
const HEAD = 'From: app@client.test\r\nTo: jo@shop.test\r\nSubject: Large\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n';
const TEXT = 'See the attachment.';
const ATTACHED = `${'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\r\n'.repeat(50 * 14_000)}`;
const RAW = Buffer.from(
  `${HEAD}--b\r\nContent-Type: text/plain\r\n\r\n${TEXT}\r\n--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${ATTACHED}\r\n--b--\r\n`,
);

/** Octets that are read to find where a header ends, the first time. */
const FIRST_READ = 4 * 1024;

interface Counted {
  readonly store: Store;
  read: number;
}

function counted(store: Store): Counted {
  const count = (octets: Buffer): Buffer => {
    counting.read += octets.length;
    return octets;
  };
  const counting: Counted = {
    read: 0,
    store: {
      ...store,
      body: async (id) => count(await store.body(id)),
      bodyRange: async (id, start, end) => count(await store.bodyRange(id, start, end)),
    },
  };
  return counting;
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailrig-reading-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function holding(store: Store): Promise<Counted> {
  const submit = createSubmit({ store, ids: createIds(() => 0), limits: { maxMessages: 0, maxSize: 0, maxAge: 0 } });
  await submit({ envelope: { sender: '', recipients: [{ address: 'jo@shop.test' }] }, refused: [], raw: RAW, origin: ORIGIN });
  return counted(store);
}

interface Held extends Counted {
  close(): Promise<void>;
}

const PLACES: readonly (readonly [name: string, open: () => Promise<Held>])[] = [
  ['in memory', async () => Object.assign(await holding((await openSample()).store), { close: () => Promise.resolve() })],
  [
    'in a folder',
    async () => {
      const disk = await openDisk({ folder: await mkdtemp(join(folder, 'data-')), durability: 'process', log: silentLog });
      return Object.assign(await holding((await openSample({}, { ...disk, adapter: disk })).store), { close: disk.close });
    },
  ],
];

/** What may be read, and sent, beyond the octets that were asked for. */
const REPLY = 200;

describe.each(PLACES)('50 MB %s', (_, open) => {
  test('are read once, for their structure', async () => {
    const held = await open();
    const client = openClient(held.store);
    const cost = async (command: string): Promise<{ read: number; sent: number }> => {
      held.read = 0;
      const sent = (await client.say(command)).length;
      return { read: held.read, sent };
    };
    expect(RAW.length).toBeGreaterThan(50 * MB);

    // Nothing is known of it yet: the header alone is read for what the header tells.
    expect((await cost('FETCH 1 (ENVELOPE FLAGS UID RFC822.SIZE INTERNALDATE)')).read).toBeLessThanOrEqual(FIRST_READ);
    expect((await cost('FETCH 1 BODY.PEEK[HEADER.FIELDS (Subject)]')).read).toBe(HEAD.length);
    expect((await cost('FETCH 1 BODY.PEEK[TEXT]<0.100>')).read).toBe(HEAD.length + 100);
    expect((await cost('FETCH 1 BODY.PEEK[]<1000000.100>')).read).toBe(100);

    expect((await cost('FETCH 1 BODYSTRUCTURE')).read).toBe(RAW.length);
    for (const [command, octets] of [
      ['FETCH 1 (BODYSTRUCTURE BODY ENVELOPE)', 0],
      ['FETCH 1 BODY.PEEK[1]', TEXT.length],
      ['FETCH 1 BODY.PEEK[1]<4.3>', 3],
      ['FETCH 1 BODY.PEEK[2]<0.100>', 100],
      ['FETCH 1 BODY.PEEK[2]<40000000.1000>', 1_000],
      ['FETCH 1 BODY.PEEK[2.MIME]', 80],
      ['FETCH 1 BODY.PEEK[HEADER]', HEAD.length],
      ['FETCH 1 BODY.PEEK[HEADER.FIELDS (Subject)]', HEAD.length],
      ['FETCH 1 BINARY.PEEK[1]', TEXT.length],
    ] as const) {
      const { read, sent } = await cost(command);
      expect(read, command).toBe(octets);
      expect(sent, command).toBeLessThanOrEqual(octets + (octets === 0 ? 1_500 : REPLY));
    }
    await held.close();
  });

  test('are read piece by piece when all is wanted', async () => {
    const held = await open();
    let largest = 0;
    const { bodyRange } = held.store;
    const client = openClient({
      ...held.store,
      bodyRange: (id, start, end) => ((largest = Math.max(largest, end - start)), bodyRange(id, start, end)),
    });
    const { text } = await client.send('FETCH 1 BODY.PEEK[2]');
    expect(text.length).toBeGreaterThan(ATTACHED.length);
    expect(largest).toBeLessThanOrEqual(64 * 1024);
    await held.close();
  });
});
