// Joins the routes of hosts and of the clock with what they do.

import * as routes from '../contract/routes/sandbox.ts';
import type { ClockState, Host } from '../contract/types.ts';
import { refuseWhileOpen } from '../deliveries/list.ts';
import type { HttpDeps, HttpLimits } from '../deps.ts';
import type { Serve } from '../endpoint.ts';
import type { Board } from '../sandbox/board.ts';
import { advanceOf, clockOf, goalOf } from '../sandbox/clock.ts';
import { wholeList } from '../sandbox/faults.ts';

interface SandboxRoutes {
  readonly deps: Pick<HttpDeps, 'hosts' | 'clock' | 'queue'>;
  readonly limits: Pick<HttpLimits, 'pending'>;
  readonly board: Board;
}

export function serveSandbox(serve: Serve, { deps: { hosts, clock, queue }, limits, board }: SandboxRoutes): void {
  serve(routes.listHosts, () => wholeList(board.list()));
  serve(routes.changeHost, async ({ params: { name }, body }): Promise<Host> => {
    await hosts.set(name, body.state, body.for ?? null);
    return board.named(name);
  });

  function resetClock(): void {
    refuseWhileOpen(queue);
    clock.reset();
  }

  const stand = (): ClockState => clockOf(clock, limits.pending);
  serve(routes.readClock, stand);
  serve(routes.advanceClock, async ({ body }) => advanceOf(await clock.advance(goalOf(body))));
  for (const [route, move] of [
    [routes.freezeClock, () => clock.freeze()],
    [routes.resumeClock, () => clock.resume()],
    [routes.resetClock, resetClock],
  ] as const) {
    serve(route, () => {
      move();
      return stand();
    });
  }
}
