// Clients take apart what IMAP says of every message in fixtures/mail, and agree about it.

import NodeImap from 'imap';
import type { ImapMessageAttributes } from 'imap';
import { ImapFlow } from 'imapflow';
import type { FetchMessageObject, MessageStructureObject } from 'imapflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mailrig } from '../../server/app.ts';
import { createMailrig } from '../../server/app.ts';
import { Client } from '../conversations/client.ts';
import { ask, readFetches } from '../conversations/imap-reply.ts';
import { fixture, fixtureNames } from '../server/mail/projection.ts';
import { python, runnable } from './programs.ts';

const USER = 'structures@shop.test';

/** No literal of APPEND may be empty, or hold a NUL. */
const names = fixtureNames.filter((name) => fixture(name).length > 0 && !fixture(name).includes(0));

let rig: Mailrig;

beforeAll(async () => {
  rig = createMailrig();
  await rig.start();
  const client = await Client.connect(port());
  await client.line();
  await ask(client, `LOGIN ${USER} x`);
  for (const name of names) {
    const raw = fixture(name);
    expect(await ask(client, `APPEND INBOX {${raw.length}+}\r\n${raw.toString('latin1')}`)).toMatch(/ OK \[APPENDUID/);
  }
  client.destroy();
});

afterAll(() => rig.stop());

const port = (): number => rig.ports.imap ?? 0;

/** What a client makes of a message: its parts with their octets, but for what holds others; and its header. */
interface Opinion {
  readonly parts: readonly string[];
  readonly messageId: string | null;
  readonly inReplyTo: string | null;
  readonly from: readonly string[];
}

async function withImapflow(): Promise<FetchMessageObject[]> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: port(),
    secure: false,
    doSTARTTLS: false,
    auth: { user: USER, pass: 'x' },
    logger: false,
  });
  await client.connect();
  await client.mailboxOpen('INBOX', { readOnly: true });
  const messages = await client.fetchAll('1:*', { envelope: true, bodyStructure: true });
  await client.logout();
  return messages.sort((a, b) => a.seq - b.seq);
}

function withNodeImap(): Promise<NodeMessage[]> {
  const client = new NodeImap({ host: '127.0.0.1', port: port(), user: USER, password: 'x' });
  return new Promise((resolve, reject) => {
    client.once('error', reject);
    client.once('ready', () =>
      client.openBox('INBOX', true, (failed) => {
        if (failed) return reject(failed);
        const all: NodeMessage[] = [];
        const fetching = client.seq.fetch('1:*', { struct: true, envelope: true });
        fetching.on('message', (message, number) =>
          message.once('attributes', (attributes: NodeMessage) => void (all[number - 1] = attributes)),
        );
        fetching.once('error', reject);
        fetching.once('end', () => {
          client.end();
          resolve(all);
        });
      }),
    );
    client.connect();
  });
}

const trimmed = (text: string | null | undefined): string | null => text?.trim() || null;

function partsOfFlow(node: MessageStructureObject | undefined): string[] {
  if (!node) return [];
  const own = node.type.startsWith('multipart/') ? [] : [`${node.type} ${node.size}`];
  return [...own, ...(node.childNodes ?? []).flatMap(partsOfFlow)];
}

function ofFlow({ envelope, bodyStructure }: FetchMessageObject): Opinion {
  return {
    parts: partsOfFlow(bodyStructure),
    messageId: trimmed(envelope?.messageId),
    inReplyTo: trimmed(envelope?.inReplyTo),
    from: (envelope?.from ?? []).map(({ address }) => address ?? ''),
  };
}

/** A part is `[itself, …its children]`; an embedded message stands in its part. */
interface NodePart {
  readonly type: string;
  readonly subtype?: string;
  readonly size?: number;
  readonly body?: NodeTree;
}
type NodeTree = readonly (NodePart | NodeTree)[];

const isTree = (part: NodePart | NodeTree): part is NodeTree => Array.isArray(part);

function partsOfNode(tree: NodeTree): string[] {
  return tree.flatMap((part) => {
    if (isTree(part)) return partsOfNode(part);
    return part.subtype === undefined ? [] : [`${part.type}/${part.subtype} ${part.size}`, ...(part.body ? partsOfNode(part.body) : [])];
  });
}

interface NodeEnvelope {
  readonly messageId: string | null;
  readonly inReplyTo: string | null;
  readonly from: readonly { readonly mailbox: string; readonly host: string }[] | null;
}

/** The types of node-imap leave the envelope out. */
type NodeMessage = ImapMessageAttributes & { readonly envelope: NodeEnvelope };

function ofNode({ struct, envelope }: NodeMessage): Opinion {
  const { messageId, inReplyTo, from } = envelope;
  return {
    parts: partsOfNode(struct as NodeTree),
    messageId: trimmed(messageId),
    inReplyTo: trimmed(inReplyTo),
    // A name without a host is no address to imapflow.
    from: (from ?? []).map(({ mailbox, host }) => (host === '' ? '' : `${mailbox}@${host}`)),
  };
}

describe('two clients agree about each message', () => {
  let flow: FetchMessageObject[];
  let node: NodeMessage[];

  beforeAll(async () => {
    [flow, node] = await Promise.all([withImapflow(), withNodeImap()]);
    expect([flow.length, node.length]).toEqual([names.length, names.length]);
  });

  it.each(names.map((name, i) => [name, i] as const))('%s', (_, i) => {
    const [one, other] = [flow[i], node[i]];
    if (!one || !other) throw new Error('not fetched');
    expect(ofFlow(one)).toEqual(ofNode(other));
  });
});

const IMAPLIB = `
import imaplib, sys
client = imaplib.IMAP4('127.0.0.1', int(sys.argv[1]))
client.login(sys.argv[2], 'x')
client.select('INBOX', readonly=True)
for item in client.fetch('1:*', '(ENVELOPE BODYSTRUCTURE)')[1]:
    # A literal comes as (what was before it, its octets); what follows it is an item of its own.
    text = item[0] + b'\\r\\n' + item[1] if isinstance(item, tuple) else item + b'\\r\\n'
    sys.stdout.buffer.write(text)
client.logout()
`;

it.each(runnable([{ name: "Python's imaplib", command: 'python3' }]).map(({ name }) => name))('%s gets every reply whole', async () => {
  const said = (await python(IMAPLIB, port(), USER))
    .toString('latin1')
    .replace(/^(?=\d+ \()/gm, '* ')
    .replace(/^(\* \d+) \(/gm, '$1 FETCH (');
  const replies = readFetches(said);
  const client = await Client.connect(port());
  await client.line();
  await ask(client, `LOGIN ${USER} x`);
  await ask(client, 'EXAMINE INBOX');
  expect(replies).toEqual(readFetches(await ask(client, 'FETCH 1:* (ENVELOPE BODYSTRUCTURE)')));
  expect(replies.size).toBe(names.length);
  client.destroy();
});
