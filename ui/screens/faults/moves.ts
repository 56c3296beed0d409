// Which rules must be put before which others, so that one of them stands at another place of the list.

export interface Move {
  readonly id: string;
  readonly before: string;
}

/** `to` counts without the rule itself. There is only "before", so that to the end it goes in two steps. */
export function moves(ids: readonly string[], id: string, to: number): readonly Move[] {
  const rest = ids.filter((other) => other !== id);
  const place = Math.max(0, Math.min(rest.length, to));
  if (ids.indexOf(id) === place) return [];
  const before = rest[place];
  if (before !== undefined) return [{ id, before }];
  const last = rest.at(-1);
  if (last === undefined) return [];
  // Next to it already: the other one changes places.
  if (ids.at(-2) === id) return [{ id: last, before: id }];
  return [
    { id, before: last },
    { id: last, before: id },
  ];
}
