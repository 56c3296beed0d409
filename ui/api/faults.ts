// The part of the API for faults, the hosts that they stand at, and the clock.

import type {
  AppliedPreset,
  ClockState,
  Fault,
  FaultHit,
  FaultOptions,
  FaultPreset,
  FaultRule,
  Host,
  HostState,
  ListOf,
} from '../../server/http/contract/types.ts';
import { API, ask, read, write } from './client.ts';

export const FAULTS_URL = new URL('faults', API).href;

const one = (id: string): string => `faults/${encodeURIComponent(id)}`;
/** Before the rule of that id, or at the end of the list. */
const at = (before: string | null | undefined): string => (before === undefined ? '' : `?before=${encodeURIComponent(before ?? '')}`);

export const listFaults = async (): Promise<readonly Fault[]> => (await read<ListOf<Fault>>('faults')).items;
export const addFault = (rule: FaultRule, before?: string): Promise<Fault> => write('POST', `faults${at(before)}`, rule);
/** Null takes a field away. */
export const changeFault = (id: string, change: Readonly<Record<string, unknown>>, before?: string | null): Promise<Fault> =>
  write('PATCH', `${one(id)}${at(before)}`, change);
export const removeFault = (id: string): Promise<unknown> => ask(one(id), { method: 'DELETE' });
export const replaceFaults = (rules: readonly FaultRule[]): Promise<unknown> => write('PUT', 'faults', rules);
/** Every host is up again, and who is held goes on. */
export const stopFaults = (): Promise<unknown> => ask('faults', { method: 'DELETE' });
export const resetFault = (id: string): Promise<unknown> => ask(`${one(id)}/reset`, { method: 'POST' });
export const listHits = async (id: string): Promise<readonly FaultHit[]> => (await read<ListOf<FaultHit>>(`${one(id)}/hits`)).items;
export const getOptions = (): Promise<FaultOptions> => read('faults/options');
export const listPresets = async (): Promise<readonly FaultPreset[]> => (await read<ListOf<FaultPreset>>('faults/presets')).items;
export const applyPreset = (name: string, options: { readonly host?: string } = {}): Promise<AppliedPreset> =>
  write('POST', `faults/presets/${encodeURIComponent(name)}`, options);
export const listHosts = async (): Promise<readonly Host[]> => (await read<ListOf<Host>>('hosts')).items;
/** For `rest` ms on the clock, else until it is changed. */
export const setHost = (name: string, state: HostState, rest?: number): Promise<Host> =>
  write('PATCH', `hosts/${encodeURIComponent(name)}`, { state, ...(rest !== undefined && { for: `${Math.ceil(rest)}ms` }) });
export const getClock = (): Promise<ClockState> => read('clock');
export const resetClock = (): Promise<unknown> => write('POST', 'clock/reset', {});
