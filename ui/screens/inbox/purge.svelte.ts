// Whether the question stands that comes before messages are deleted for ever.

/** How many would go; null while nothing is asked. */
export const purging: { count: number | null } = $state({ count: null });

export const askToPurge = (count: number): void => void (purging.count = count);
