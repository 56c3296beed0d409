// Moves of the sandbox's clock: one at a time, each with what it ran; a long one goes from event to event, and can be stopped.

import type { ClockAdvance } from '../../../server/http/contract/types.ts';
import { advanceClock, type Advance } from '../../api/deliveries.ts';
import { getClock } from '../../api/faults.ts';
import type { Faults } from '../../state/faults.svelte.ts';
import type { Notices } from '../../state/notices.svelte.ts';
import { nextEvent, ranSentence } from './told.ts';

/** So many are remembered. */
const LOG = 20;

export class Moves {
  /** How many events a long move ran so far; undefined while none is under way. */
  running: number | undefined = $state();
  busy = $state(false);
  /** The newest first. */
  log: readonly string[] = $state.raw([]);
  #stopped = false;
  readonly #notices: Notices;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  async move(faults: Faults, how: Advance): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const moved = await faults.act(() => advanceClock(how));
    this.busy = false;
    this.#tell(moved ? [moved] : []);
  }

  /** Until nothing waits, but no further than `most` ms. */
  async run(faults: Faults, most: number): Promise<void> {
    if (this.busy) return;
    Object.assign(this, { busy: true, running: 0 });
    this.#stopped = false;
    const moves: ClockAdvance[] = [];
    await faults.act(async () => {
      let end: number | undefined;
      while (!this.#stopped) {
        const clock = await getClock();
        end ??= Date.parse(clock.now) + most;
        const next = nextEvent(clock);
        if (!next || next.at > end) break;
        const moved = await advanceClock({ to: 'next' });
        moves.push(moved);
        this.running = (this.running ?? 0) + moved.ranCount;
      }
      return true;
    });
    Object.assign(this, { busy: false, running: undefined });
    this.#tell(moves);
  }

  /** After the event that is run now. */
  stop(): void {
    this.#stopped = true;
  }

  #tell(moves: readonly ClockAdvance[]): void {
    const sentence = ranSentence(moves);
    if (sentence === '') return;
    this.log = [sentence, ...this.log].slice(0, LOG);
    this.#notices.say(() => sentence);
  }
}
