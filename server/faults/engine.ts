// All faults in their order: asks them at every point, counts what they do, lets go of whom they hold.

import type { SandboxClock } from '../base/clock.ts';
import { Refusal } from '../base/errors.ts';
import { createEvents } from '../base/events.ts';
import { compile, wordsOf } from './compile.ts';
import type { Decision, FaultPoint } from './decide.ts';
import type { Fault, FaultSource } from './fault.ts';
import type { FaultEvent, Faults } from './faults.ts';
import { Gate } from './gate.ts';
import { magicRule, mayBeMagic } from './magic.ts';
import type { Role } from './magic.ts';
import { recipientsOf } from './matching.ts';
import { places } from './places.ts';
import type { Places } from './places.ts';
import { readRule } from './read-rule.ts';
import type { ReadRule } from './read-rule.ts';
import { durationOf } from './shape.ts';
import { decisionOf, isOver, recordHit } from './standing.ts';
import type { Standing } from './standing.ts';
import { protocolOf } from './stages.ts';
import type { Stage } from './stages.ts';

export interface FaultLimits {
  /** Rules at one time; as many again that are made of addresses. */
  readonly rules: number;
  /** Keys that a rule counts by. */
  readonly keys: number;
  /** Hits kept of each fault. */
  readonly hits: number;
}

export const FAULT_LIMITS: FaultLimits = { rules: 10_000, keys: 100_000, hits: 200 };

export interface FaultsParts {
  readonly clock: SandboxClock;
  readonly seed: number;
  readonly ids: () => string;
  readonly report: (error: unknown) => void;
  /** Tags of addresses count in every domain; in those of fault.test always. */
  readonly magicAddresses?: boolean;
  readonly limits?: FaultLimits;
}

/** Where an address may be a rule, and whose. */
const MAGIC: Readonly<Partial<Record<Stage, Role>>> = {
  mail: 'sender',
  rcpt: 'recipient',
  data: 'recipient',
  bdat: 'recipient',
  'end-of-data': 'recipient',
};

/** Who sends to `+data-…` need not know whether the client says DATA or BDAT. */
const isMeantAt = (wanted: Stage, stage: Stage): boolean => wanted === stage || (wanted === 'data' && stage === 'bdat');

const isMagic = ({ fault }: Standing): boolean => fault.source === 'magic';

export function createFaults({ clock, seed, ids, report, magicAddresses = true, limits = FAULT_LIMITS }: FaultsParts): Faults {
  const events = createEvents<FaultEvent>(report);
  /** Those made of addresses come last. */
  let standings: readonly Standing[] = [];
  let byId: ReadonlyMap<string, Standing> = new Map();
  /** Null where nothing is to be asked. */
  let asked: Places | null = null;

  /** The list is another one: whoever is held by what is no longer there goes on. */
  function set(next: readonly Standing[]): void {
    const stay = new Set(next);
    const gates = new Set(next.map(({ gate }) => gate));
    for (const standing of standings) {
      if (stay.has(standing)) continue;
      standing.unschedule();
      if (!gates.has(standing.gate)) standing.gate.open();
    }
    for (const standing of next) if (byId.get(standing.fault.id) !== standing) schedule(standing);
    standings = [...next.filter((one) => !isMagic(one)), ...next.filter(isMagic)];
    byId = new Map(standings.map((standing) => [standing.fault.id, standing]));
    asked = places(standings);
    events.emit({ type: 'fault.changed' });
  }

  function schedule(standing: Standing): void {
    const { id, expiresAt } = standing.fault;
    if (expiresAt === null) return;
    standing.unschedule = clock.schedule({ at: expiresAt, kind: 'fault', id }, () => {
      set(standings.filter((one) => one !== standing));
      return 'expired';
    });
  }

  /** Where `known` says the same, its counters go on. `now` is when its life begins. */
  function stand({ rule, protocol }: ReadRule, source: FaultSource, known?: Standing, now = clock.now()): Standing {
    const ttl = rule.ttl === undefined || rule.ttl === null ? null : durationOf(rule.ttl);
    const compiled = compile(rule, protocol, { clock, seed, keys: limits.keys, since: now });
    const same = known?.compiled.words === compiled.words ? known : undefined;
    const { hits = 0, lastHitAt = null, createdAt = now } = same?.fault ?? {};
    const enabled = rule.enabled ?? true;
    const { id = known?.fault.id ?? ids(), name = null, ...words } = rule;
    const fault: Fault = {
      id,
      name,
      ...words,
      enabled,
      ttl: rule.ttl ?? null,
      hits,
      lastHitAt,
      createdAt,
      expiresAt: ttl === null ? null : now + ttl,
      source: same && isMagic(same) ? 'magic' : source,
    };
    return {
      fault,
      compiled: same?.compiled ?? compiled,
      hits: same?.hits ?? [],
      gate: same && enabled ? same.gate : new Gate(),
      unschedule: () => undefined,
    };
  }

  function checkCount(count: number): void {
    if (count > limits.rules) throw new Refusal('unprocessable', `more than ${limits.rules} faults; max-faults is the limit`);
  }

  function sure(id: string): Standing {
    const standing = byId.get(id);
    if (!standing) throw new Refusal('not-found', `there is no fault ${id}`);
    return standing;
  }

  function withOne(list: readonly Standing[], standing: Standing, before: string | null): Standing[] {
    if (before === null) return [...list, standing];
    const at = list.findIndex(({ fault }) => fault.id === before);
    if (at < 0) throw new Refusal('not-found', `there is no fault ${before} to stand before`);
    return [...list.slice(0, at), standing, ...list.slice(at)];
  }

  function ask(standing: Standing, point: FaultPoint): Decision | null {
    if (isOver(standing, clock)) return null;
    const strike = standing.compiled.strike(point);
    if (strike === null) return null;
    const hit = recordHit(standing, point, strike, clock.now(), limits.hits);
    if (events.observed) events.emit({ type: 'fault.hit', hit, fault: standing.fault });
    return decisionOf(standing, strike);
  }

  /** The rule that an address stands for, made when it is first seen. */
  function learn(address: string, role: Role): Standing | null {
    const rule = magicRule(address, role, magicAddresses);
    if (rule === null) return null;
    const known = byId.get(rule.id);
    if (known) return isMagic(known) ? known : null;
    const standing = stand({ rule, protocol: 'smtp' }, 'magic');
    const magic = standings.filter(isMagic);
    const oldest = magic.length >= limits.rules ? magic[0] : undefined;
    set([...standings.filter((one) => one !== oldest), standing]);
    return standing;
  }

  function askAddress(address: string | null, role: Role, point: FaultPoint): Decision | null {
    if (address === null || !mayBeMagic(address)) return null;
    const standing = learn(address, role);
    if (!standing?.fault.enabled || !isMeantAt(standing.fault.on.stage, point.stage)) return null;
    return ask(standing, point);
  }

  function askAddresses(point: FaultPoint): Decision | null {
    const role = MAGIC[point.stage];
    if (role === undefined || point.protocol === 'imap' || point.protocol === 'pop3' || protocolOf(point.host) === undefined) return null;
    if (role === 'sender') return askAddress(point.sender, role, point);
    if (point.recipient !== null) return askAddress(point.recipient, role, point);
    for (const address of recipientsOf(point)) {
      const decision = askAddress(address, role, point);
      if (decision !== null) return decision;
    }
    return null;
  }

  /** Which of the list each is: of that id, or without one the first with the same name and words. */
  function knownTo(read: readonly ReadRule[]): (one: ReadRule) => Standing | undefined {
    const named = new Set(read.map(({ rule }) => rule.id));
    const free = new Map<string, Standing[]>();
    const keyOf = (name: string | null | undefined, words: string): string => `${name ?? ''}\n${words}`;
    for (const standing of named.has(undefined) ? standings : []) {
      if (isMagic(standing) || named.has(standing.fault.id)) continue;
      const key = keyOf(standing.fault.name, standing.compiled.words);
      free.set(key, [...(free.get(key) ?? []), standing]);
    }
    return ({ rule }) => (rule.id === undefined ? free.get(keyOf(rule.name, wordsOf(rule)))?.shift() : byId.get(rule.id));
  }

  function readOne(value: unknown, i: number, seen: Set<string>): ReadRule {
    try {
      const read = readRule(value);
      const { id } = read.rule;
      if (id !== undefined && seen.has(id)) throw new Refusal('unprocessable', 'id: it stands here twice', { path: 'id' });
      if (id !== undefined) seen.add(id);
      return read;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { path = '' } = (error.details ?? {}) as { readonly path?: string };
      const at = path === '' ? `[${i}]` : `[${i}].${path}`;
      throw new Refusal(error.code, path === '' ? `${at}: ${error.message}` : `[${i}].${error.message}`, { ...error.details, path: at });
    }
  }

  return {
    events,
    decide(point) {
      if (asked !== null) {
        const list = asked(point);
        if (list !== undefined) {
          for (const standing of list) {
            const decision = ask(standing, point);
            if (decision !== null) return decision;
          }
        }
      }
      return askAddresses(point);
    },
    list: () => standings.map(({ fault }) => fault),
    get: (id) => byId.get(id)?.fault,
    add(value, source, before) {
      const read = readRule(value);
      const { id } = read.rule;
      if (id !== undefined && byId.has(id)) throw new Refusal('conflict', `there is a fault ${id} already`);
      checkCount(standings.filter((one) => !isMagic(one)).length + 1);
      const standing = stand(read, source);
      set(withOne(standings, standing, before ?? null));
      return standing.fault;
    },
    replace(values, source) {
      checkCount(values.length);
      const seen = new Set<string>();
      const read = values.map((value, i) => readOne(value, i, seen));
      const known = knownTo(read);
      set(read.map((one) => stand(one, source, known(one))));
      return standings.map(({ fault }) => fault);
    },
    patch(id, change, before) {
      const known = sure(id);
      if (change.id !== undefined && change.id !== id)
        throw new Refusal('unprocessable', 'id: it stays', { path: 'id', reason: 'it stays' });
      const read = readRule(patched(known.fault, change));
      let next = stand(read, known.fault.source, known);
      // Its life goes on where it is not given anew.
      if (change.ttl === undefined) next = { ...next, fault: { ...next.fault, expiresAt: known.fault.expiresAt } };
      const others = standings.filter((one) => one !== known);
      set(before === undefined || before === id ? standings.map((one) => (one === known ? next : one)) : withOne(others, next, before));
      return next.fault;
    },
    restore(kept) {
      const back = kept
        .filter(({ id }) => !byId.has(id))
        .map((fault) => {
          const standing = stand(readRule(fault), fault.source, undefined, fault.createdAt);
          return { ...standing, fault: { ...standing.fault, expiresAt: fault.expiresAt } };
        });
      set([...standings, ...back]);
    },
    remove(id) {
      const standing = byId.get(id);
      if (standing) set(standings.filter((one) => one !== standing));
      return standing !== undefined;
    },
    clear: () => set([]),
    reset(id) {
      for (const standing of id === undefined ? standings : [sure(id)]) {
        const { fault, compiled } = standing;
        standing.compiled = compile(fault, compiled.protocol, { clock, seed, keys: limits.keys, since: fault.createdAt });
        standing.hits = [];
        standing.fault = { ...fault, hits: 0, lastHitAt: null };
        standing.gate.pulse();
      }
      events.emit({ type: 'fault.changed' });
    },
    clockMoved() {
      const now = clock.now();
      if (standings.every(({ fault }) => fault.createdAt <= now)) return;
      set(
        standings.map((standing) => {
          const { fault, compiled } = standing;
          if (fault.createdAt <= now) return standing;
          const lasts = fault.expiresAt === null ? null : now + fault.expiresAt - fault.createdAt;
          const anew = compile(fault, compiled.protocol, { clock, seed, keys: limits.keys, since: now });
          return { ...standing, fault: { ...fault, createdAt: now, expiresAt: lasts }, compiled: anew };
        }),
      );
    },
    hits: (id) => [...sure(id).hits].reverse(),
    ended(sessionId) {
      for (const { compiled } of standings) compiled.ended(sessionId);
    },
  };
}

/** `do` takes the place of `script`, and the other way round. */
function patched({ id, ...known }: Fault, change: Readonly<Record<string, unknown>>): unknown {
  const { do: acts, script, ...rest } = known;
  const deeds = 'do' in change || 'script' in change ? {} : { do: acts, script };
  return Object.fromEntries(Object.entries({ ...rest, ...deeds, ...change, id }).filter(([, value]) => value !== undefined));
}
