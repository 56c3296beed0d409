// How full the store is, as the server's information tells it.

import type { Fullness } from '../store/fullness.ts';
import type { State } from '../store/state.ts';
import type { StorageInfo } from './contract/types.ts';
import { isoTime } from './messages/summary.ts';

export const storageOf = ({ arrivals, octets }: State, { full }: Fullness): StorageInfo => ({
  messages: arrivals.length,
  octets,
  full: full && { limit: full.limit, at: isoTime(full.at) },
});
