// The store as the queue sees it.

import type { Store } from '../../store/store.ts';
import type { QueueStore } from './queue.ts';

export const queueStore = ({ state, events, body, commit }: Store): QueueStore => ({
  deliveries: state.deliveries,
  open: state.openDeliveries,
  messageOf: (id) => state.messages.get(id)?.message,
  body,
  commit,
  watch: (listener) =>
    events.on((event) => {
      if (event.type === 'delivery.changed') listener([event.delivery.id]);
      else if (event.type === 'deliveries.forgotten') listener(event.deliveries.map(({ id }) => id));
    }),
});
