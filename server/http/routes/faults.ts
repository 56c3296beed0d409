// Joins the routes of faults and presets with the engine.

import { Refusal } from '../../base/errors.ts';
import { primariesOf } from '../../delivery/route.ts';
import type { Fault } from '../../faults/fault.ts';
import * as routes from '../contract/routes/faults.ts';
import type { HttpDeps } from '../deps.ts';
import type { Serve } from '../endpoint.ts';
import { applyPreset, faultList, faultOf, hitOf, options, presets, sourceOf, wholeList } from '../sandbox/faults.ts';
import { stopAll } from '../reset.ts';

export function serveFaults(serve: Serve, deps: HttpDeps): void {
  const { faults, seed } = deps;

  function faultNamed(id: string): Fault {
    const fault = faults.get(id);
    if (!fault) throw new Refusal('not-found', `there is no fault ${id}`);
    return fault;
  }

  serve(routes.listFaultOptions, () => options(seed));
  serve(routes.listPresets, () => wholeList(presets(primariesOf(deps.receivers.list()))));
  serve(routes.makePreset, ({ params, body }) => applyPreset(deps, params.name, body));
  serve(routes.resetFaults, () => {
    faults.reset();
    return faultList(faults.list());
  });
  serve(routes.listFaults, () => faultList(faults.list()));
  serve(routes.createFault, ({ query: { before }, body, context }) =>
    faultOf(faults.add(body, sourceOf(context), before === '' ? undefined : before)),
  );
  serve(routes.replaceFaults, ({ body, context }) => faultList(faults.replace(body, sourceOf(context))));
  serve(routes.stopFaults, async () => ({ deleted: await stopAll(deps) }));
  serve(routes.openFault, ({ params }) => faultOf(faultNamed(params.id)));
  serve(routes.changeFault, ({ params, query: { before }, body }) => faultOf(faults.patch(params.id, body, before === '' ? null : before)));
  serve(routes.deleteFault, ({ params }) => {
    faults.remove(faultNamed(params.id).id);
    return { deleted: 1 };
  });
  serve(routes.resetFault, ({ params }) => {
    faults.reset(params.id);
    return faultOf(faultNamed(params.id));
  });
  serve(routes.listHits, ({ params }) => wholeList(faults.hits(params.id).map(hitOf)));
}
