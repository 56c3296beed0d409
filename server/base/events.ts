// A typed event bus: whoever changes something tells, whoever cares listens, and neither knows the other.

export type Unsubscribe = () => void;

export interface Events<E> {
  /** True while anybody listens: lets a hot path skip making an event that nobody would see. */
  readonly observed: boolean;
  /** Calls every listener in the order of subscription; a listener that throws is reported and does not stop the others. */
  emit(event: E): void;
  on(listener: (event: E) => void): Unsubscribe;
}

export function createEvents<E>(report: (error: unknown) => void): Events<E> {
  const listeners = new Set<(event: E) => void>();
  return {
    get observed() {
      return listeners.size > 0;
    },
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          report(error);
        }
      }
    },
    on(listener) {
      // A wrapper, so that the same function given twice is two subscriptions.
      const own = (event: E): void => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
