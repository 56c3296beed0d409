// Joins the routes of the queue with what they do.

import { Refusal } from '../../base/errors.ts';
import type { Delivery } from '../contract/types.ts';
import * as routes from '../contract/routes/deliveries.ts';
import { countsOf, deliveryOf, deliveryPage } from '../deliveries/list.ts';
import { matchingDeliveries } from '../deliveries/query.ts';
import type { HttpDeps } from '../deps.ts';
import type { Serve } from '../endpoint.ts';

export function serveDeliveries(serve: Serve, { queue }: Pick<HttpDeps, 'queue'>): void {
  function named(id: string): Delivery {
    const delivery = queue.deliveries.get(id);
    if (delivery === undefined) throw new Refusal('not-found', `no delivery ${id}`);
    return deliveryOf(delivery);
  }

  serve(routes.listDeliveries, ({ query: { q, ...paging } }) => ({
    ...deliveryPage(matchingDeliveries(queue.deliveries, q), paging),
    counts: countsOf(queue.deliveries.values()),
  }));
  serve(routes.readDelivery, ({ params: { id } }) => named(id));
  for (const [route, order] of [
    [routes.retryDelivery, 'retry'],
    [routes.holdDelivery, 'hold'],
    [routes.releaseDelivery, 'release'],
    [routes.bounceDelivery, 'bounce'],
    [routes.dropDelivery, 'drop'],
  ] as const) {
    serve(route, async ({ params: { id } }) => {
      await queue.order(order, id);
      return named(id);
    });
  }
  serve(routes.flushDeliveries, async ({ body: { ids, q } }) => {
    const meant = ids ? ids.flatMap((id) => queue.deliveries.get(id) ?? []) : matchingDeliveries(queue.deliveries, q);
    const waiting = meant.filter(({ state }) => state === 'queued' || state === 'deferred');
    return {
      changed: (
        await queue.orderAll(
          'retry',
          waiting.map(({ id }) => id),
        )
      ).length,
    };
  });
}
