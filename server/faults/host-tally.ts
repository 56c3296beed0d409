// What a host has done: counted since the start, and for the last five minutes in steps of five seconds.

/** `refused`: turned away before anything could be said. */
export type HostOutcome = 'accepted' | 'deferred' | 'rejected' | 'refused';
export type HostCounts = Readonly<Record<HostOutcome, number>>;
export type HostStep = readonly [accepted: number, deferred: number, rejected: number];

export const STEPS = 60;
export const STEP = 5000;

const PLACES: readonly HostOutcome[] = ['accepted', 'deferred', 'rejected'];

export class HostTally {
  connections = 0;
  readonly #counts: Record<HostOutcome, number> = { accepted: 0, deferred: 0, rejected: 0, refused: 0 };
  /** By number of the step since 1970; only those in which something happened. */
  readonly #steps = new Map<number, number[]>();

  get counts(): HostCounts {
    return { ...this.#counts };
  }

  /** `now`: real time, ms. */
  add(outcome: HostOutcome, now: number): void {
    this.#counts[outcome]++;
    const place = PLACES.indexOf(outcome);
    if (place < 0) return;
    const number = Math.floor(now / STEP);
    const step = this.#steps.get(number) ?? [0, 0, 0];
    step[place] = (step[place] ?? 0) + 1;
    this.#steps.set(number, step);
    for (const old of this.#steps.keys()) if (old <= number - STEPS) this.#steps.delete(old);
  }

  /** The newest last; null where nothing happened in all that time. */
  history(now: number): HostStep[] | null {
    const newest = Math.floor(now / STEP);
    const steps = Array.from({ length: STEPS }, (_, i): HostStep => {
      const [accepted = 0, deferred = 0, rejected = 0] = this.#steps.get(newest - STEPS + 1 + i) ?? [];
      return [accepted, deferred, rejected];
    });
    return steps.some((step) => step.some((count) => count > 0)) ? steps : null;
  }
}

export const NO_STEPS: readonly HostStep[] = Array.from({ length: STEPS }, (): HostStep => [0, 0, 0]);
