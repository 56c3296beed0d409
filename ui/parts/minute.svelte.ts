// The time, told once a minute to whatever shows how long ago something was.

import { createSubscriber } from 'svelte/reactivity';

const MINUTE = 60_000;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, MINUTE);
  return () => clearInterval(timer);
});

/** Now, ms; where it is read reactively, it is read again each minute. */
export function thisMinute(): number {
  subscribe();
  return Date.now();
}
