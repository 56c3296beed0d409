// What the page says by itself: a polite and an urgent voice for those who do not see it change, and toasts that can be acted on.

/** Between two polite sentences about the same thing, so that a burst of mail is one sentence. */
const PAUSE = 5_000;

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly choices: readonly { readonly word: string; readonly run: () => void }[];
  /** How long it stays, ms; null until it is closed. */
  readonly stays: number | null;
}

export class Notices {
  polite = $state('');
  urgent = $state('');
  toasts: readonly Toast[] = $state.raw([]);
  #spokeAt = -PAUSE;
  #waiting = false;
  #next: (() => string) | undefined;
  #toasts = 0;

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

  /** Shown above the page; takes the place of the one before. */
  toast(toast: Omit<Toast, 'id'>): number {
    const id = ++this.#toasts;
    this.toasts = [{ ...toast, id }];
    return id;
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  #speak(): void {
    this.#waiting = false;
    this.#spokeAt = performance.now();
    this.polite = this.#next?.() ?? '';
  }
}
