// The board of receivers as data: which stand first, what each host is there, what a scenario does, how their last minutes are drawn.

import type { Host, HostState, Receiver, ReceiverHost, ReceiverRule } from '../../../server/http/contract/types.ts';
import { curl } from '../../parts/curl.ts';
import { text as faultText } from '../../text/faults.ts';
import { text } from '../../text/receivers.ts';
import type { Row } from '../faults/fields.ts';
import { lengthOf } from '../faults/length.ts';

/** A receiver with its hosts as they are now, the preferred ones first. */
export interface Standing {
  readonly receiver: Receiver;
  readonly hosts: readonly Host[];
}

const inOrder = (hosts: readonly ReceiverHost[]): ReceiverHost[] => [...hosts].sort((a, b) => a.preference - b.preference);

export const isFaulty = ({ receiver, hosts }: Standing): boolean => receiver.dns !== 'ok' || hosts.some(({ state }) => state !== 'up');

/** `*` is for those whom no other pattern fits. */
const byDomain = (a: Receiver, b: Receiver): number =>
  Number(a.domain === '*') - Number(b.domain === '*') || a.domain.localeCompare(b.domain);

/** Faulty ones first; the others in the order of their names. */
export function standingsOf(receivers: readonly Receiver[], hosts: readonly Host[]): Standing[] {
  const byName = new Map(hosts.map((host) => [host.name, host]));
  const all = [...receivers].sort(byDomain).map((receiver) => ({
    receiver,
    hosts: inOrder(receiver.hosts).flatMap(({ name }) => byName.get(name) ?? []),
  }));
  return [...all.filter(isFaulty), ...all.filter((standing) => !isFaulty(standing))];
}

const least = ({ hosts }: Receiver): number => Math.min(...hosts.map(({ preference }) => preference));

/** The most preferred is the primary; several may be. */
export const isPrimary = (receiver: Receiver, name: string): boolean =>
  receiver.hosts.some((host) => host.name === name && host.preference === least(receiver));

export type Scenario =
  | 'primary-down'
  | 'primary-pauses'
  | 'primary-busy'
  | 'all-down'
  | 'all-busy'
  | 'greylist'
  | 'full'
  | 'reject'
  | 'slow'
  | 'rate-limited'
  | 'all-up';

export interface Put {
  readonly name: string;
  readonly state: HostState;
  /** Only for so long, on the sandbox's clock, ms. */
  readonly rest?: number;
}

const SCENARIOS: Readonly<Record<Scenario, { readonly primary: HostState; readonly backup: HostState; readonly rest?: number }>> = {
  'primary-down': { primary: 'down', backup: 'up' },
  'primary-pauses': { primary: 'down', backup: 'up', rest: 30_000 },
  'primary-busy': { primary: 'busy', backup: 'up' },
  'all-down': { primary: 'down', backup: 'down' },
  'all-busy': { primary: 'busy', backup: 'busy' },
  greylist: { primary: 'greylisting', backup: 'greylisting' },
  full: { primary: 'full', backup: 'full' },
  reject: { primary: 'reject', backup: 'reject' },
  slow: { primary: 'slow', backup: 'slow' },
  'rate-limited': { primary: 'up', backup: 'up' },
  'all-up': { primary: 'up', backup: 'up' },
};
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as Scenario[];

/** What is to be said to which host; nothing to those that are so already. */
export const scenarioPuts = (scenario: Scenario, standings: readonly Standing[]): Put[] =>
  standings.flatMap(({ receiver, hosts }) =>
    hosts.flatMap(({ name, state }) => {
      const { rest, ...wanted } = SCENARIOS[scenario];
      const to = wanted[isPrimary(receiver, name) ? 'primary' : 'backup'];
      if (to !== 'up' && rest !== undefined) return [{ name, state: to, rest }];
      return to === state ? [] : [{ name, state: to }];
    }),
  );

const RARE: readonly string[] = [faultText.throttle, faultText.certificate];

/** Of the fields of a rule those that say what its host does; each is taken when it is left, since it holds from then on. */
export const hostRows = (rows: readonly Row[]): readonly Row[] =>
  rows
    .filter(({ path, label, fields }) => /^(?:when$|do|script)/.test(path) && fields[0]?.value !== '' && !RARE.includes(label))
    .map((row) => ({ ...row, fields: row.fields.map((field) => ({ ...field, late: true })) }));

/** In the words that the server reads back. */
export function ruleOf({ hosts, policy, dns }: Receiver): ReceiverRule {
  return {
    hosts: inOrder(hosts).map(({ name, preference, backup }) => ({ name, preference, ...(backup && { backup }) })),
    ...(Object.keys(policy).length > 0 && { policy }),
    ...(dns !== 'ok' && { dns }),
  };
}

/** What makes the board as it is: `address` turns a path of the API into a whole address. */
export const asCalls = (standings: readonly Standing[], address: (path: string) => string): string =>
  standings
    .flatMap(({ receiver, hosts }) => [
      curl(address(`receivers/${encodeURIComponent(receiver.domain)}`), ruleOf(receiver), 'PUT'),
      ...hosts
        .filter(({ state }) => state !== 'up')
        .map(({ name, state }) => curl(address(`hosts/${encodeURIComponent(name)}`), { state }, 'PATCH')),
    ])
    .join('\n');

/** The waits that are said; those after them are more of the like. */
const SAID = 5;

/** `5m,10m*2,1h` → `5 min, 2 × 10 min, 1 h`. */
export function scheduleOf(schedule: string): string {
  const waits = schedule.split(',').map((wait) => wait.trim().split('*'));
  const said = waits.slice(0, SAID).map(([length = '', times]) => (times === undefined ? '' : `${times} × `) + lengthOf(length));
  return said.join(', ') + (waits.length > SAID ? '…' : '');
}

/** How often what it does not take is tried again, and for how long. */
export const policyOf = ({ schedule, giveUpAfter }: Receiver): string =>
  schedule === '' ? text.none : `${scheduleOf(schedule)}, ${text.giveUp(lengthOf(giveUpAfter))}`;

/** Bars of 60 spans of 5 s: for accepted, deferred and rejected the path of all their bars, in a box `width` × `height`. */
export interface Bars {
  readonly most: number;
  readonly paths: readonly [string, string, string];
}

const STEP = 10;
const BAR = 7;

export function barsOf(history: Host['history'], height: number): Bars {
  const most = Math.max(1, ...history.map(([a, d, r]) => a + d + r));
  const paths: [string, string, string] = ['', '', ''];
  for (const [i, counts] of history.entries()) {
    let from = height;
    for (const [kind, count] of counts.entries()) {
      if (count === 0) continue;
      const tall = Math.max(1, Math.round((count / most) * height * 10) / 10);
      from = Math.round((from - tall) * 10) / 10;
      paths[kind as 0 | 1 | 2] += `M${i * STEP} ${from}h${BAR}v${tall}h-${BAR}z`;
    }
  }
  return { most, paths };
}

/** px that the bars of a history take side by side */
export const widthOf = (history: Host['history']): number => Math.max(1, history.length) * STEP;

const SPAN = 5;
/** Of the last half minute, per second. */
export const rateOf = (history: Host['history']): number => {
  const last = history.slice(-6);
  return last.reduce((sum, [a, d, r]) => sum + a + d + r, 0) / Math.max(1, last.length * SPAN);
};

/** The spans in which something came, the newest first, with how many seconds ago each began. */
export const filledSpans = (history: Host['history']): { readonly ago: number; readonly counts: readonly [number, number, number] }[] =>
  history
    .map((counts, i) => ({ ago: (history.length - i) * SPAN, counts }))
    .filter(({ counts }) => counts.some((n) => n > 0))
    .reverse();
