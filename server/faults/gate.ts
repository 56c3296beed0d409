// A promise that somebody else resolves, and a new one after it.

export class Gate {
  #open: () => void = () => undefined;
  opened: Promise<void> = this.#next();

  #next(): Promise<void> {
    return new Promise((resolve) => (this.#open = resolve));
  }

  /** Lets everybody through who waits. */
  open(): void {
    this.#open();
  }

  /** Lets everybody through, and closes behind them. */
  pulse(): void {
    this.#open();
    this.opened = this.#next();
  }
}
