// Which rules are asked at which stage of which host, in their order: filed once for each change of the list.

import { cellAt } from './cells.ts';
import type { FaultPoint } from './decide.ts';
import { file } from './filing.ts';
import type { Standing } from './standing.ts';
import { protocolOf, STAGES } from './stages.ts';
import type { FaultProtocol, Stage } from './stages.ts';

export type Places = (point: FaultPoint) => readonly Standing[] | undefined;

type Filed = (point: FaultPoint) => readonly Standing[];

type Lists = Readonly<Record<FaultProtocol, ReadonlyMap<Stage, Filed>>>;

/** A client is greeted before it has asked for anything. */
const UNASKED: ReadonlySet<Stage> = new Set(['banner', 'greeting']);

/** A rule for `any` stands at every command: wherever something is answered. */
const isFor = (stage: Stage, at: Stage, protocol: FaultProtocol): boolean =>
  stage === at || (stage === 'any' && !UNASKED.has(at) && (cellAt(protocol, at)?.endings.includes('reply') ?? false));

const isAt = (wanted: string | null, host: string): boolean =>
  wanted === null ? protocolOf(host) !== undefined : wanted === '*' || wanted === host;

function listsOf(protocol: FaultProtocol, standings: readonly Standing[]): ReadonlyMap<Stage, Filed> {
  const own = standings.filter(({ compiled }) => compiled.protocol === protocol);
  const lists =
    own.length === 0 ? [] : STAGES[protocol].map((at) => [at, own.filter(({ fault }) => isFor(fault.on.stage, at, protocol))] as const);
  return new Map(lists.filter(([, list]) => list.length > 0).map(([at, list]) => [at, file(list, ({ fault }) => fault.match)]));
}

/** Rules that are paused, or made of an address, are not among them; null where none is to be asked. */
export function places(standings: readonly Standing[]): Places | null {
  const asked = standings.filter(({ fault }) => fault.enabled && fault.source !== 'magic');
  if (asked.length === 0) return null;
  /** Hosts are named by us: there are few. */
  const hosts = new Map<string, Lists>();

  function listsAt(host: string): Lists {
    const here = asked.filter(({ compiled }) => isAt(compiled.host, host));
    const lists = { smtp: listsOf('smtp', here), imap: listsOf('imap', here), pop3: listsOf('pop3', here) };
    hosts.set(host, lists);
    return lists;
  }

  return (point) => {
    const { protocol, host, stage } = point;
    return (hosts.get(host) ?? listsAt(host))[protocol === 'lmtp' ? 'smtp' : protocol].get(stage)?.(point);
  };
}
