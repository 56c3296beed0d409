// What is said to people who do not see the page change: one polite voice, one that interrupts.

/** Between two polite sentences about the same thing, so that a burst of mail is one sentence. */
const PAUSE = 5_000;

export class Notices {
  polite = $state('');
  urgent = $state('');
  #spokeAt = -PAUSE;
  #waiting = false;
  #next: (() => string) | undefined;

  /** Says it when the pause is over; what was waiting to be said is replaced. */
  say(sentence: () => string): void {
    this.#next = sentence;
    if (this.#waiting) return;
    this.#waiting = true;
    setTimeout(() => this.#speak(), Math.max(0, this.#spokeAt + PAUSE - performance.now()));
  }

  alert(sentence: string): void {
    this.urgent = sentence;
  }

  #speak(): void {
    this.#waiting = false;
    this.#spokeAt = performance.now();
    this.polite = this.#next?.() ?? '';
  }
}
