// Which tone of controls.css the state of a host has.

import type { HostState } from '../../../server/http/contract/types.ts';

export const TONES: Readonly<Record<HostState, string>> = {
  up: 'up',
  busy: 'busy',
  down: 'down',
  slow: 'slow',
  greylisting: 'held',
  full: 'busy',
  reject: 'reject',
};
