// The time, told again and again to whatever shows how long ago something was, or how long it takes.

import { createSubscriber } from 'svelte/reactivity';

/** Now, ms; where it is read reactively, it is read again after each `every` ms. */
function ticking(every: number): () => number {
  const subscribe = createSubscriber((update) => {
    const timer = setInterval(update, every);
    return () => clearInterval(timer);
  });
  return () => {
    subscribe();
    return Date.now();
  };
}

export const thisMinute = ticking(60_000);
export const thisSecond = ticking(1_000);
