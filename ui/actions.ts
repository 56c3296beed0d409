// Who does what a key asks for: each part of the page says what it can do while it is there.

import { onMount } from 'svelte';
import type { Action } from './keys.ts';

type Run = (event: KeyboardEvent) => void;

const known = new Map<Action, Run[]>();

/** While this component is in the page, these actions are its; a part that came later goes first. */
export function canDo(actions: Partial<Record<Action, Run>>): void {
  onMount(() => {
    const own = Object.entries(actions) as [Action, Run][];
    for (const [action, run] of own) known.set(action, [run, ...(known.get(action) ?? [])]);
    return () => {
      for (const [action, run] of own)
        known.set(
          action,
          (known.get(action) ?? []).filter((other) => other !== run),
        );
    };
  });
}

/** False when nothing in the page can. */
export function act(action: Action, event: KeyboardEvent): boolean {
  const run = known.get(action)?.[0];
  run?.(event);
  return run !== undefined;
}
