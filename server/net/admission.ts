// How many connections may be open at the same time, over all listeners and for one client address.

export interface Admission {
  /** False where the limit is reached; otherwise the connection counts until `leave`. */
  enter(address: string): boolean;
  leave(address: string): void;
}

export interface AdmissionLimits {
  /** 0 = unlimited, as for the other. */
  readonly maxConnections: number;
  readonly maxConnectionsPerClient: number;
}

export function createAdmission({ maxConnections, maxConnectionsPerClient }: AdmissionLimits): Admission {
  const open = new Map<string, number>();
  let total = 0;
  return {
    enter(address) {
      const own = open.get(address) ?? 0;
      if (maxConnections > 0 && total >= maxConnections) return false;
      if (maxConnectionsPerClient > 0 && own >= maxConnectionsPerClient) return false;
      open.set(address, own + 1);
      total++;
      return true;
    },
    leave(address) {
      const own = open.get(address) ?? 0;
      if (own === 0) return;
      if (own === 1) open.delete(address);
      else open.set(address, own - 1);
      total--;
    },
  };
}
