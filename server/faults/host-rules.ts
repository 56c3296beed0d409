// The states that a host can be in, by protocol, and the rules that each stands for.

import { Refusal } from '../base/errors.ts';
import type { Rule } from './fault.ts';
import type { HostState } from './presets.ts';
import { PRESET_OF_STATE, presetOf, SLOW } from './presets.ts';
import type { FaultProtocol } from './stages.ts';

const READER: readonly HostState[] = ['up', 'busy', 'down', 'slow'];

export const HOST_STATES: Readonly<Record<FaultProtocol, readonly HostState[]>> = {
  smtp: [...READER, 'greylisting', 'full', 'reject'],
  imap: READER,
  pop3: READER,
};

type Words = Omit<Rule, 'on'> & { readonly stage: Rule['on']['stage'] };

const slow: readonly Words[] = [
  { name: 'slow to greet', stage: 'greeting', do: SLOW },
  { name: 'slow', stage: 'any', do: SLOW },
];

const busy = (reply: string): readonly Words[] => [{ name: 'busy', stage: 'greeting', do: [{ reply }] }];

/** The presets speak SMTP. */
const READERS: Readonly<Record<'imap' | 'pop3', Partial<Record<HostState, readonly Words[]>>>> = {
  imap: { busy: busy('BYE [UNAVAILABLE] Server busy, try again later'), slow },
  pop3: { busy: busy('-ERR [SYS/TEMP] Server busy, try again later'), slow },
};

/** Throws Refusal `unprocessable` for a state that a server of this protocol does not know. */
export function checkState(state: string, protocol: FaultProtocol): HostState {
  const known = HOST_STATES[protocol].find((one) => one === state);
  if (known !== undefined) return known;
  const reason = `a server of ${protocol.toUpperCase()} is ${HOST_STATES[protocol].join(', ')}`;
  throw new Refusal('unprocessable', `state: ${reason}`, { path: 'state', reason });
}

export function rulesOf(state: HostState, protocol: FaultProtocol, host: string): readonly Rule[] {
  if (protocol === 'smtp') {
    const name = PRESET_OF_STATE[state];
    return name === null
      ? []
      : presetOf(name)
          .make({ host })
          .faults.map((rule) => ({ ...rule, name: `${host}: ${rule.name ?? state}` }));
  }
  return (READERS[protocol][state] ?? []).map(({ stage, name, ...rest }) => ({
    ...rest,
    name: `${host}: ${name ?? state}`,
    on: { protocol, host, stage },
  }));
}
