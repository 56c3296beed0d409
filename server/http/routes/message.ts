// Joins the routes of one message with what they answer.

import { Refusal } from '../../base/errors.ts';
import { deliveryOf } from '../deliveries/list.ts';
import { matchingDeliveries } from '../deliveries/query.ts';
import { wholeList } from '../sandbox/faults.ts';
import { decodeBody } from '../../mail/decode.ts';
import { headerEnd } from '../../mail/header.ts';
import { fileName, findPart } from '../../mail/mime.ts';
import type { OpenedMessage } from '../../mail/open.ts';
import type { Kept, Mailbox } from '../../store/state.ts';
import { entryIn } from '../../store/state.ts';
import * as one from '../contract/routes/message.ts';
import type { MessageDetail } from '../contract/types.ts';
import type { HttpContext, HttpDeps } from '../deps.ts';
import type { Serve } from '../endpoint.ts';
import { attachmentDisposition, inMemory, isKnown, serveBytes } from '../messages/bytes.ts';
import { linesOf } from '../messages/lines.ts';
import { mailboxNamed } from '../messages/list.ts';
import { sessionDetailOf } from '../messages/summary.ts';
import { previewPage } from '../preview/page.ts';

const TEXT = 'text/plain; charset=utf-8';

export interface OneMessageParts {
  readonly deps: HttpDeps;
  readonly find: (id: string, q?: string) => Promise<Kept>;
  readonly open: (id: string, raw: Buffer) => Promise<OpenedMessage>;
  readonly detail: (kept: Kept, mailbox?: Mailbox) => Promise<MessageDetail>;
}

interface AskedMessage {
  readonly params: { readonly id: string };
  readonly query: { readonly q?: string | undefined };
}

export function serveMessage(serve: Serve, { deps: { store, sessions, queue }, find, open, detail }: OneMessageParts): void {
  const keptOf = ({ params, query }: AskedMessage): Promise<Kept> => find(params.id, query.q);

  async function opened(asked: AskedMessage): Promise<{ id: string; raw: Buffer; message: OpenedMessage }> {
    const { id } = (await keptOf(asked)).message;
    const raw = await store.body(id);
    return { id, raw, message: await open(id, raw) };
  }

  /** The text or the HTML, as source. */
  async function source(context: HttpContext, asked: AskedMessage, kind: 'text' | 'html'): Promise<Response> {
    const { id, message } = await opened(asked);
    const text = message[kind];
    if (text === null) throw new Refusal('not-found', `message ${id} has no ${kind}`);
    return serveBytes(context, { type: TEXT, etag: `"${id}-${kind}"`, ...inMemory(Buffer.from(text)) });
  }

  serve(one.openMessage, async (asked) => {
    const { account, mailbox } = asked.query;
    const kept = await keptOf(asked);
    if (account === undefined) return detail(kept);
    const place = mailboxNamed(store.state, account, mailbox);
    if (!entryIn(kept, place)) throw new Refusal('not-found', `message ${kept.message.id} is not in ${place.name} of ${place.account}`);
    return detail(kept, place);
  });

  serve(one.rawMessage, async ({ context, ...asked }) => {
    const { id, size } = (await keptOf(asked)).message;
    return serveBytes(context, { type: TEXT, etag: `"${id}"`, size, read: (start, end) => store.bodyRange(id, start, end) });
  });

  serve(one.messageLines, async ({ context, ...asked }) => {
    const { id, size } = (await keptOf(asked)).message;
    const etag = `"${id}-lines"`;
    context.header('ETag', etag);
    context.header('Cache-Control', 'private, no-cache');
    if (isKnown(context, etag)) return context.body(null, 304);
    return linesOf(size, (start, end) => store.bodyRange(id, start, end));
  });

  serve(one.messageHeaders, async ({ context, ...asked }) => {
    const { id } = (await keptOf(asked)).message;
    const raw = await store.body(id);
    return serveBytes(context, { type: TEXT, etag: `"${id}-headers"`, ...inMemory(raw.subarray(0, headerEnd(raw))) });
  });

  serve(one.messageText, ({ context, ...asked }) => source(context, asked, 'text'));
  serve(one.messageHtml, ({ context, ...asked }) => source(context, asked, 'html'));

  serve(one.messagePart, async ({ context, ...asked }) => {
    const { id, raw, message } = await opened(asked);
    const { partId } = asked.params;
    const part = findPart(message.root, partId);
    if (!part) throw new Refusal('not-found', `message ${id} has no part ${partId}`);
    return serveBytes(context, {
      type: 'application/octet-stream',
      etag: `"${id}-${partId}"`,
      disposition: attachmentDisposition(fileName(part)),
      ...inMemory(decodeBody(raw, part)),
    });
  });

  serve(one.messagePreview, async (asked) => {
    const { raw, message } = await opened(asked);
    const { remote, images, style, scheme } = asked.query;
    return previewPage(raw, message, {
      remote: remote === '1',
      pictures: images !== '0',
      styles: style !== '0',
      forcedDark: scheme === 'forced',
    });
  });

  serve(one.messageTranscript, async (asked) => {
    const { id, origin } = (await keptOf(asked)).message;
    const session = origin.sessionId === null ? null : sessions.get(origin.sessionId);
    if (!session) throw new Refusal('not-found', `no conversation is kept that brought message ${id}`);
    return sessionDetailOf(session);
  });

  serve(one.messageDeliveries, async (asked) => {
    const { id } = (await keptOf(asked)).message;
    return wholeList(matchingDeliveries(queue.deliveries, `message:${id}`).map(deliveryOf).reverse());
  });
}
