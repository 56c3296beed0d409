// Whether the store is full: since a message was refused for want of room, until something makes room.

import { isOpen } from '../mail/delivery.ts';
import type { StoreEvent } from './events.ts';
import type { Store } from './store.ts';

/** The newest message that was refused: by which setting, and when. */
export interface Full {
  readonly limit: string;
  readonly at: number;
}

export interface Fullness {
  /** Null while there is room, as far as is known. */
  readonly full: Full | null;
}

/** A message was taken, or something went that had been in the way, or may go now. */
function makesRoom(event: StoreEvent): boolean {
  switch (event.type) {
    case 'message.added':
    case 'message.appended':
    case 'messages.deleted':
    case 'messages.forgotten':
    case 'deliveries.forgotten':
      return true;
    case 'delivery.changed':
      return !isOpen(event.delivery);
    case 'message.changed':
      return !event.kept.pinned;
    default:
      return false;
  }
}

/** Tells `storage.room` when there is room again. */
export function watchFullness({ events, clock }: Pick<Store, 'events' | 'clock'>): Fullness {
  let full: Full | null = null;
  events.on((event) => {
    if (event.type === 'storage.full') full = { limit: event.limit, at: clock.now() };
    else if (full !== null && makesRoom(event)) {
      full = null;
      events.emit({ type: 'storage.room' });
    }
  });
  return {
    get full() {
      return full;
    },
  };
}
