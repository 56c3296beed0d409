// All faults in their order: asks them at every point, counts what they do, lets go of whom they hold.

import type { SandboxClock } from '../base/clock.ts';
import { Refusal } from '../base/errors.ts';
import { createEvents } from '../base/events.ts';
import { compile, isAt } from './compile.ts';
import type { Compiled, Strike } from './compile.ts';
import type { Decision, FaultPoint } from './decide.ts';
import type { Fault, FaultSource, Hit, Rule } from './fault.ts';
import type { FaultEvent, Faults } from './faults.ts';
import { Gate } from './gate.ts';
import { magicRule, mayBeMagic } from './magic.ts';
import { readRule } from './read-rule.ts';
import { durationOf } from './shape.ts';
import type { FaultProtocol, Stage } from './stages.ts';

export interface FaultsParts {
  readonly clock: SandboxClock;
  readonly seed: number;
  readonly ids: () => string;
  readonly report: (error: unknown) => void;
  /** Tags of addresses count in every domain. */
  readonly magicAddresses?: boolean;
}

/** Rules made of addresses that are kept: each is made again when its address comes again. */
const MAGIC = 1000;

/** Hits kept of each fault. */
const HITS = 200;

/** The servers that a rule without a host is meant for. */
const BUILT_IN: ReadonlySet<string> = new Set(['submission', 'lmtp', 'imap', 'pop3']);

interface Standing {
  fault: Fault;
  compiled: Compiled;
  hits: Hit[];
  /** Whoever is held waits before it. */
  readonly gate: Gate;
  /** Takes back what is scheduled for the end of its life. */
  unschedule: () => void;
}

/** What was done, for people. */
function outcomeOf({ ending, modifiers }: Strike): string {
  switch (ending.kind) {
    case 'reply':
      return ending.reply.lines.at(-1) ?? '';
    case 'accept':
      return `accept, then ${typeof ending.then === 'string' ? ending.then : (ending.then.lines.at(-1) ?? '')}`;
    case 'truncate':
      return `truncate, then ${ending.then}`;
    case 'corrupt':
      return ending.how;
    case 'pass':
      return Object.keys(modifiers).join(', ') || 'pass';
    default:
      return ending.kind;
  }
}

const speaks = (protocol: FaultPoint['protocol']): FaultProtocol => (protocol === 'lmtp' ? 'smtp' : protocol);

export function createFaults({ clock, seed, ids, report, magicAddresses = true }: FaultsParts): Faults {
  const events = createEvents<FaultEvent>(report);
  let standings: Standing[] = [];
  /** The enabled ones by protocol and stage, in order; made anew when the list changes. */
  let asked = new Map<string, Standing[]>();

  function changed(): void {
    asked = new Map();
    for (const standing of standings) {
      if (!standing.fault.enabled) continue;
      const place = `${standing.compiled.protocol} ${standing.fault.on.stage}`;
      asked.set(place, [...(asked.get(place) ?? []), standing]);
    }
    events.emit({ type: 'fault.changed' });
  }

  function leave(standing: Standing): void {
    standing.unschedule();
    standing.gate.open();
  }

  /** `until` where its life has begun before. */
  function stand(rule: Rule, protocol: FaultProtocol, source: FaultSource, until?: number | null): Standing {
    const now = clock.now();
    const ttl = rule.ttl === undefined || rule.ttl === null ? null : durationOf(rule.ttl);
    const fault: Fault = {
      ...rule,
      id: rule.id ?? ids(),
      name: rule.name ?? null,
      enabled: rule.enabled ?? true,
      ttl: rule.ttl ?? null,
      hits: 0,
      lastHitAt: null,
      createdAt: now,
      expiresAt: until === undefined ? (ttl === null ? null : now + ttl) : until,
      source,
    };
    const standing: Standing = {
      fault,
      compiled: compile(rule, protocol, { clock, seed }),
      hits: [],
      gate: new Gate(),
      unschedule: () => undefined,
    };
    if (fault.expiresAt !== null) {
      standing.unschedule = clock.schedule({ at: fault.expiresAt, kind: 'fault', id: fault.id }, () => {
        remove(fault.id);
        return 'expired';
      });
    }
    return standing;
  }

  const find = (id: string): Standing | undefined => standings.find(({ fault }) => fault.id === id);

  function sure(id: string): Standing {
    const standing = find(id);
    if (!standing) throw new Refusal('not-found', `there is no fault ${id}`);
    return standing;
  }

  function insert(standing: Standing, before: string | undefined): void {
    const at = before === undefined ? -1 : standings.findIndex(({ fault }) => fault.id === before);
    if (before !== undefined && at < 0) throw new Refusal('not-found', `there is no fault ${before} to stand before`);
    standings.splice(at < 0 ? standings.length : at, 0, standing);
  }

  function remove(id: string): boolean {
    const standing = find(id);
    if (!standing) return false;
    standings = standings.filter((one) => one !== standing);
    leave(standing);
    changed();
    return true;
  }

  function hit(standing: Standing, point: FaultPoint, strike: Strike): Decision {
    const at = clock.now();
    const { id } = standing.fault;
    standing.fault = { ...standing.fault, hits: standing.fault.hits + 1, lastHitAt: at };
    const { sessionId, stage, sender } = point;
    const recipient = point.recipient ?? point.recipients[0] ?? null;
    const one: Hit = { at, faultId: id, sessionId, stage, sender, recipient, outcome: outcomeOf(strike) };
    standing.hits.push(one);
    if (standing.hits.length > HITS) standing.hits.shift();
    if (events.observed) events.emit({ type: 'fault.hit', hit: one, fault: standing.fault });
    return { faultId: id, modifiers: strike.modifiers, ending: strike.ending, released: standing.gate.opened };
  }

  function among(list: readonly Standing[] | undefined, point: FaultPoint): Decision | null {
    if (list === undefined) return null;
    for (const standing of list) {
      if (!isAt(standing.compiled, point, BUILT_IN)) continue;
      const strike = standing.compiled.strike(point);
      if (strike !== null) return hit(standing, point, strike);
    }
    return null;
  }

  /** Rules for this stage and for any stand in one list in their own order only where both are there. */
  function listAt(protocol: FaultProtocol, stage: Stage): readonly Standing[] | undefined {
    const own = asked.get(`${protocol} ${stage}`);
    const any = stage === 'any' || stage === 'connect' ? undefined : asked.get(`${protocol} any`);
    if (own === undefined || any === undefined) return own ?? any;
    const both = new Set([...own, ...any]);
    return standings.filter((standing) => both.has(standing));
  }

  /** An address that is a rule becomes one when it is first seen at the built-in server. */
  function learn({ stage, host, sender, recipient }: FaultPoint): void {
    const role = stage === 'rcpt' ? 'recipient' : 'sender';
    const address = role === 'recipient' ? recipient : sender;
    if (address === null || !mayBeMagic(address) || !BUILT_IN.has(host)) return;
    const rule = magicRule(address, role, magicAddresses);
    if (rule === null || (rule.id !== undefined && find(rule.id))) return;
    const magic = standings.filter(({ fault }) => fault.source === 'magic');
    if (magic.length >= MAGIC && magic[0]) remove(magic[0].fault.id);
    standings.push(stand(rule, 'smtp', 'magic'));
    changed();
  }

  return {
    events,
    decide(point) {
      const { stage } = point;
      if (stage === 'rcpt' || stage === 'mail') learn(point);
      return asked.size === 0 ? null : among(listAt(speaks(point.protocol), stage), point);
    },
    list: () => standings.map(({ fault }) => fault),
    get: (id) => find(id)?.fault,
    add(value, source, before) {
      const { rule, protocol } = readRule(value);
      if (rule.id !== undefined && find(rule.id)) throw new Refusal('conflict', `there is a fault ${rule.id} already`);
      const standing = stand(rule, protocol, source);
      insert(standing, before);
      changed();
      return standing.fault;
    },
    replace(values, source) {
      const ids = new Set<string>();
      const next = values.map((value, i) => {
        try {
          const { rule, protocol } = readRule(value);
          if (rule.id !== undefined && ids.size === ids.add(rule.id).size)
            throw new Refusal('unprocessable', 'id: it stands here twice', { path: 'id' });
          const known = rule.id === undefined ? undefined : find(rule.id);
          const standing = stand(rule, protocol, source);
          if (known?.compiled.words !== standing.compiled.words) return standing;
          standing.compiled = known.compiled;
          standing.hits = known.hits;
          standing.fault = {
            ...standing.fault,
            hits: known.fault.hits,
            lastHitAt: known.fault.lastHitAt,
            createdAt: known.fault.createdAt,
          };
          return standing;
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          const { path = '' } = (error.details ?? {}) as { readonly path?: string };
          throw new Refusal(error.code, `[${i}].${error.message}`, { ...error.details, path: `[${i}].${path}` });
        }
      });
      for (const standing of standings) leave(standing);
      standings = next;
      changed();
      return standings.map(({ fault }) => fault);
    },
    patch(id, change, before) {
      const standing = sure(id);
      const { hits, lastHitAt, createdAt, expiresAt, source, ...words } = standing.fault;
      const { rule, protocol } = readRule({ ...words, ...change, id });
      const next = stand(rule, protocol, source, change.ttl === undefined ? expiresAt : undefined);
      if (next.compiled.words === standing.compiled.words) {
        next.compiled = standing.compiled;
        next.hits = standing.hits;
        next.fault = { ...next.fault, hits, lastHitAt, createdAt };
      }
      leave(standing);
      const at = standings.indexOf(standing);
      standings.splice(at, 1);
      if (before === undefined) standings.splice(at, 0, next);
      else insert(next, before);
      changed();
      return next.fault;
    },
    remove,
    clear() {
      for (const standing of standings) leave(standing);
      standings = [];
      changed();
    },
    reset(id) {
      for (const standing of id === undefined ? standings : [sure(id)]) {
        standing.compiled = compile(standing.fault, standing.compiled.protocol, { clock, seed });
        standing.hits = [];
        standing.fault = { ...standing.fault, hits: 0, lastHitAt: null };
        standing.gate.pulse();
      }
      changed();
    },
    hits: (id) => [...sure(id).hits].reverse(),
    ended(sessionId) {
      for (const { compiled } of standings) compiled.ended(sessionId);
    },
  };
}
