// One wait for one client at a time: what ends it, well or badly, comes from elsewhere.

export class Pending {
  #resolve: (() => void) | null = null;
  #reject: ((error: Error) => void) | null = null;

  get waits(): boolean {
    return this.#resolve !== null;
  }

  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  #take(): [resolve: (() => void) | null, reject: ((error: Error) => void) | null] {
    const taken = [this.#resolve, this.#reject] as [(() => void) | null, ((error: Error) => void) | null];
    this.#resolve = null;
    this.#reject = null;
    return taken;
  }

  resume(): void {
    this.#take()[0]?.();
  }

  fail(error: Error): void {
    this.#take()[1]?.(error);
  }
}
