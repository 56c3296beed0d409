// A receiver while it is written: its fields as texts, and the rule that they make.

import type { DnsState, Receiver, ReceiverPolicy, ReceiverRule } from '../../../server/http/contract/types.ts';

export interface DraftHost {
  name: string;
  preference: string;
  keeps: '' | 'stores' | 'relays';
}

export interface Draft {
  domain: string;
  dns: DnsState;
  hosts: DraftHost[];
  profile: NonNullable<ReceiverPolicy['profile']>;
  schedule: string;
  giveUpAfter: string;
  failover: NonNullable<ReceiverPolicy['failover']>;
  tls: NonNullable<ReceiverPolicy['tls']>;
}

const STEP = 10;

/** The name of a next host: mx1, mx2 and so on of the domain; of a glob of what stands after its star. */
export function nextHost(domain: string, hosts: readonly Pick<DraftHost, 'name' | 'preference'>[]): DraftHost {
  const base = domain.replace(/^\*\.?/, '') || 'everyone.test';
  const taken = hosts.map(({ name }) => name);
  let n = hosts.length + 1;
  while (taken.includes(`mx${n}.${base}`)) n++;
  const last = Math.max(0, ...hosts.map(({ preference }) => Number(preference) || 0));
  return { name: `mx${n}.${base}`, preference: String(last + STEP), keeps: hosts.length === 0 ? '' : 'stores' };
}

/** Hosts that still have the name that they were given for the domain before follow it. */
export function renamed(hosts: readonly DraftHost[], before: string, after: string): DraftHost[] {
  const [from, to] = [before, after].map((domain) => nextHost(domain, []).name.replace(/^mx1/, ''));
  return hosts.map((host) =>
    host.name.endsWith(from ?? '') && /^mx\d+$/.test(host.name.slice(0, -(from ?? '').length))
      ? { ...host, name: host.name.slice(0, -(from ?? '').length) + (to ?? '') }
      : host,
  );
}

export function draftOf(receiver?: Receiver): Draft {
  const { profile = 'sandbox', schedule = '', giveUpAfter = '', failover = 'transient', tls = 'opportunistic' } = receiver?.policy ?? {};
  const first = nextHost('', []);
  return {
    domain: receiver?.domain ?? '',
    dns: receiver?.dns ?? 'ok',
    hosts: receiver
      ? receiver.hosts.map(({ name, preference, backup }) => ({ name, preference: String(preference), keeps: backup ?? '' }))
      : [first, nextHost('', [first])],
    profile,
    schedule,
    giveUpAfter: String(giveUpAfter),
    failover,
    tls,
  };
}

/** What is as it is anyway is left out; `before` is what was declared, whose words that have no field here stay. */
export function ruleFrom(draft: Draft, before?: Receiver): ReceiverRule {
  const { profile, schedule, giveUpAfter, failover, tls, dns } = draft;
  const { warnAfter, dialect } = before?.policy ?? {};
  const policy: ReceiverPolicy = {
    ...(profile !== 'sandbox' && { profile }),
    ...(schedule.trim() !== '' && { schedule: schedule.trim() }),
    ...(giveUpAfter.trim() !== '' && { giveUpAfter: giveUpAfter.trim() }),
    ...(failover !== 'transient' && { failover }),
    ...(tls !== 'opportunistic' && { tls }),
    ...(warnAfter !== undefined && { warnAfter }),
    ...(dialect !== undefined && { dialect }),
  };
  return {
    hosts: draft.hosts.map(({ name, preference, keeps }) => {
      const kept = before?.hosts.find((host) => host.name === name.trim());
      return {
        name: name.trim(),
        preference: Number(preference),
        ...(keeps !== '' && { backup: keeps }),
        ...(kept && { address: kept.address, port: kept.port }),
      };
    }),
    ...(Object.keys(policy).length > 0 && { policy }),
    ...(dns !== 'ok' && { dns }),
  };
}
