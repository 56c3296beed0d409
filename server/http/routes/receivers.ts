// Joins the routes of receivers with what they do.

import * as routes from '../contract/routes/receivers.ts';
import type { Serve } from '../endpoint.ts';
import { wholeList } from '../sandbox/faults.ts';
import { receiverNamed, receiverOf, removeReceiver } from '../sandbox/receivers.ts';
import type { ReceiverParts } from '../sandbox/receivers.ts';

export function serveReceivers(serve: Serve, deps: ReceiverParts): void {
  const { receivers } = deps;
  serve(routes.listReceivers, () => wholeList(receivers.list().map((receiver) => receiverOf(receiver, deps))));
  serve(routes.openReceiver, ({ params }) => receiverOf(receiverNamed(params.domain, deps), deps));
  serve(routes.putReceiver, async ({ params, body }) => receiverOf(await receivers.put(params.domain, body), deps));
  serve(routes.deleteReceiver, async ({ params, query }) => {
    await removeReceiver(params.domain, query.force ?? false, deps);
    return { deleted: 1 };
  });
}
