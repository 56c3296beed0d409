// Long work in slices: all of it together holds the loop for one slice in each turn, however many searches run.

export const SLICE_MS = 8;

let ends = 0; // when this turn's slice is over; 0: none has begun
const waiting: (() => void)[] = [];

function begin(): void {
  ends = performance.now() + SLICE_MS;
  setImmediate(nextTurn);
}

/** One that waited gets a whole slice; what is left of it goes to whoever comes in the same turn. */
function nextTurn(): void {
  ends = 0;
  const next = waiting.shift();
  if (!next) return;
  begin();
  next();
}

/** True when it is time to `pause`. Costs 50 ns. */
export function sliceOver(): boolean {
  if (ends === 0) begin();
  return performance.now() > ends;
}

/** Resolves when it is the caller's turn to go on. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (ends === 0) begin();
  });
}
