// How many octets of messages are in memory at one time because they are being carried: a thousand due messages of 50 MB wait for each other.

export interface Carrying {
  /** Resolves when there is room for them, in the order of asking; one message alone always has room. */
  take(octets: number): Promise<void>;
  give(octets: number): void;
}

/** `limit` in octets; 0 = unlimited. */
export function createCarrying(limit: number): Carrying {
  const waiting: { readonly octets: number; readonly resolve: () => void }[] = [];
  let carried = 0;
  const fits = (octets: number): boolean => limit === 0 || carried === 0 || carried + octets <= limit;

  return {
    take(octets) {
      if (waiting.length === 0 && fits(octets)) {
        carried += octets;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push({ octets, resolve }));
    },
    give(octets) {
      carried -= octets;
      for (let first = waiting[0]; first && fits(first.octets); first = waiting[0]) {
        waiting.shift();
        carried += first.octets;
        first.resolve();
      }
    },
  };
}
