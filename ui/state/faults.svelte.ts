// The faults, the hosts that they stand at and the clock, as the server has them, and what a person does to them; fetched when there is something to tell.

import type { ClockState, Fault, FaultRule, Host, HostState, LiveEvent } from '../../server/http/contract/types.ts';
import {
  addFault,
  applyPreset,
  changeFault,
  getClock,
  listFaults,
  listHosts,
  removeFault,
  replaceFaults,
  resetClock,
  resetFault,
  setHost,
  stopFaults,
} from '../api/faults.ts';
import { Failure } from '../api/client.ts';
import { thisSecond } from '../parts/minute.svelte.ts';
import { withId, wordsOf } from '../screens/faults/rule.ts';
import { sentence } from '../screens/faults/sentence.ts';
import { text } from '../text/faults.ts';
import type { Notices } from './notices.svelte.ts';

/** How long it is offered to take something back, ms. */
const OFFERED = 10_000;
const OFFERED_OF_ALL = 60_000;

const isOn = ({ enabled, source }: Fault): boolean => enabled && source !== 'magic';

type Listener = (events: readonly LiveEvent[] | 'gap') => void;

interface Parts {
  readonly notices: Notices;
  readonly listen: (listener: Listener) => unknown;
}

interface Offer {
  readonly toast: number;
  readonly back: () => Promise<unknown>;
}

export class Faults {
  list: readonly Fault[] = $state.raw([]);
  hosts: readonly Host[] = $state.raw([]);
  clock: ClockState | undefined = $state.raw();
  status: 'loading' | 'ready' | 'failed' = $state('loading');
  failure: Failure | undefined = $state.raw();
  readonly #notices: Notices;
  /** To take back what was done last. */
  #offered: Offer | undefined;
  /** Told since an asking began, so that its answer is older. */
  #told = { list: 0, hosts: 0, clock: 0 };
  /** States of hosts are put one after the other, however quickly somebody goes through them. */
  #put: Promise<unknown> = Promise.resolve();

  constructor({ notices, listen }: Parts) {
    this.#notices = notices;
    listen((events) => (events === 'gap' ? void this.load() : this.#receive(events)));
    void this.load();
  }

  /** Rules that are on, and hosts that are down. What an address asks for is no news to who wrote it. */
  get active(): number {
    return this.list.filter(isOn).length + this.hosts.filter(({ state }) => state === 'down').length;
  }

  /** True while the clock is not that of the wall. */
  get elsewhen(): boolean {
    return this.clock !== undefined && (this.clock.mode === 'frozen' || this.clock.offsetMs !== 0);
  }

  /** The clock that lives and spans go by, ms; read reactively it goes on by the second. */
  get now(): number {
    const { clock } = this;
    return clock?.mode === 'frozen' ? Date.parse(clock.now) : thisSecond() + (clock?.offsetMs ?? 0);
  }

  of(id: string | null): Fault | undefined {
    return this.list.find((fault) => fault.id === id);
  }

  /** Its name, else what it does; undefined for one that is gone. */
  nameOf(id: string | null): string | undefined {
    const fault = this.of(id);
    return fault && (fault.name ?? sentence(fault));
  }

  /** Throws nothing. */
  async load(): Promise<void> {
    const before = { ...this.#told };
    try {
      const [list, hosts, clock] = await Promise.all([listFaults(), listHosts(), getClock()]);
      if (before.list === this.#told.list) this.list = list;
      if (before.clock === this.#told.clock) this.clock = clock;
      const told = before.hosts !== this.#told.hosts;
      // Hosts are told of one by one: what is there is whole only when none was told of meanwhile.
      if (!told || this.hosts.length === 0) this.hosts = hosts;
      Object.assign(this, { status: 'ready', failure: undefined });
      if (told) await this.load();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (this.status !== 'ready' || error.status !== 0) Object.assign(this, { status: 'failed', failure: error });
    }
  }

  #receive(events: readonly LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'fault.changed') this.#take('list', event.faults);
      else if (event.type === 'clock.changed') this.#take('clock', event.clock);
      else if (event.type === 'reset' || event.type.startsWith('receiver.')) void this.load();
      else if (event.type === 'host.changed') {
        const { host } = event;
        const known = this.hosts.some(({ name }) => name === host.name);
        this.#take('hosts', known ? this.hosts.map((other) => (other.name === host.name ? host : other)) : [...this.hosts, host]);
      } else if (event.type === 'fault.hit') {
        const { hit, hits } = event;
        this.list = this.list.map((fault) => (fault.id === hit.faultId ? { ...fault, hits, lastHitAt: hit.at } : fault));
      }
    }
  }

  #take<Name extends 'list' | 'hosts' | 'clock'>(name: Name, value: Faults[Name]): void {
    this.#told[name]++;
    Object.assign(this, { [name]: value });
  }

  /** Resolves to undefined where it did not work, which is told. */
  async #do<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const done = await work();
      await this.load();
      return done;
    } catch (error) {
      this.#notices.alert(text.failed(error instanceof Failure ? error.message : String(error)));
      await this.load();
      return undefined;
    }
  }

  /** @throws Failure, with the path of the field that is wrong */
  async add(rule: FaultRule, before?: string): Promise<Fault> {
    const added = await addFault(rule, before);
    await this.load();
    return added;
  }

  /** @throws Failure, with the path of the field that is wrong */
  async change(id: string, change: Readonly<Record<string, unknown>>): Promise<Fault> {
    const changed = await changeFault(id, change);
    await this.load();
    return changed;
  }

  async preset(name: string): Promise<Fault | undefined> {
    const made = await this.#do(() => applyPreset(name));
    if (made) this.#notices.say(() => text.presetOn(name));
    return made?.faults[0];
  }

  async pause({ id, enabled }: Fault): Promise<void> {
    this.list = this.list.map((fault) => (fault.id === id ? { ...fault, enabled: !enabled } : fault));
    if (await this.#do(() => changeFault(id, { enabled: !enabled }))) this.#notices.say(() => (enabled ? text.paused : text.goesOn));
  }

  /** `to` counts without the rule itself. */
  async move(id: string, to: number): Promise<void> {
    const rest = this.list.filter((fault) => fault.id !== id);
    const moved = this.of(id);
    if (!moved || this.list[to] === moved || to < 0 || to > rest.length) return;
    this.list = [...rest.slice(0, to), moved, ...rest.slice(to)];
    if (!(await this.#do(() => changeFault(id, {}, rest[to]?.id ?? null)))) return;
    const place = this.list.findIndex((fault) => fault.id === id) + 1;
    this.#notices.say(() => text.movedTo(place, this.list.length));
  }

  async duplicate(fault: Fault): Promise<Fault | undefined> {
    const next = this.list[this.list.indexOf(fault) + 1]?.id;
    const name = fault.name === null ? {} : { name: text.copyOf(fault.name) };
    return this.#do(() => addFault({ ...wordsOf(fault), ...name, enabled: false }, next));
  }

  async reset(id: string): Promise<void> {
    await this.#do(() => resetFault(id));
  }

  async remove(fault: Fault): Promise<void> {
    const next = this.list[this.list.indexOf(fault) + 1]?.id;
    this.list = this.list.filter((other) => other !== fault);
    await this.#offer(
      text.ruleDeleted,
      OFFERED,
      this.#do(() => removeFault(fault.id)),
      () => addFault(withId(fault), next !== undefined && this.of(next) ? next : undefined),
    );
  }

  async stopAll(): Promise<void> {
    const ill = this.hosts.filter(({ state }) => state !== 'up');
    const theirs = ill.flatMap(({ faultIds }) => faultIds);
    const before = this.list.filter(({ id, source }) => source !== 'magic' && !theirs.includes(id));
    await this.#offer(text.stopped(this.active), OFFERED_OF_ALL, this.#do(stopFaults), async () => {
      await replaceFaults(before.map(withId));
      for (const { name, state, until } of ill) {
        const rest = until === null ? undefined : Date.parse(until) - this.now;
        if (rest === undefined || rest > 0) await setHost(name, state, rest);
      }
    });
  }

  async put(host: Host, state: HostState): Promise<void> {
    if (await this.#do(() => setHost(host.name, state))) this.#notices.say(() => text.hostIs(host.name, text.hostStates[state]));
  }

  /** Several at once, to be taken back at once; `rest`: for so long on the clock, ms; `added`: a preset for some of the hosts. */
  async putAll(
    puts: readonly { readonly name: string; readonly state: HostState; readonly rest?: number }[],
    sentence: string,
    added?: { readonly preset: string; readonly hosts: readonly string[] },
  ): Promise<void> {
    const made: string[] = [];
    const add = async (host: string): Promise<unknown> =>
      added && made.push(...(await applyPreset(added.preset, { host })).faults.map(({ id }) => id));
    const before = this.hosts.filter(({ name }) => puts.some((put) => put.name === name));
    const set = (all: typeof puts): Promise<unknown> =>
      (this.#put = this.#put
        .catch(() => undefined)
        .then(() => Promise.all(all.map(({ name, state, rest }) => setHost(name, state, rest)))));
    this.#notices.say(() => sentence);
    await this.#offer(
      sentence,
      OFFERED,
      this.#do(() => Promise.all([set(puts), ...(added?.hosts ?? []).map(add)])),
      () =>
        Promise.all([
          set(before.map(({ name, state, until }) => ({ name, state, ...(until !== null && { rest: Date.parse(until) - this.now }) }))),
          ...made.map(removeFault),
        ]),
    );
  }

  /** What waits for it changes with what is on its way, which is not told of the clock. Throws nothing. */
  async readClock(): Promise<void> {
    const before = this.#told.clock;
    try {
      const clock = await getClock();
      if (before === this.#told.clock) this.clock = clock;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }

  /** Something that is done to the clock or to what waits by it; resolves to undefined where it did not work, which is told. */
  act<T>(work: () => Promise<T>): Promise<T | undefined> {
    return this.#do(work);
  }

  async realTime(): Promise<void> {
    await this.#do(resetClock);
  }

  /** True when there was something to take back. */
  undo(): boolean {
    const offer = this.#offered;
    if (!offer) return false;
    this.#withdraw(offer);
    void this.#do(offer.back);
    return true;
  }

  #withdraw(offer: Offer): void {
    this.#notices.dismiss(offer.toast);
    if (this.#offered === offer) this.#offered = undefined;
  }

  /** At once, as what it takes back is shown at once; it waits for that, and goes if that did not work. */
  async #offer(sentence: string, stays: number, work: Promise<unknown>, back: () => Promise<unknown>): Promise<void> {
    const offer: Offer = {
      toast: this.#notices.toast({ text: sentence, choices: [{ word: text.undo, run: () => void this.undo() }], stays }),
      back: async () => (await work) !== undefined && back(),
    };
    this.#offered = offer;
    if ((await work) === undefined) this.#withdraw(offer);
  }
}
