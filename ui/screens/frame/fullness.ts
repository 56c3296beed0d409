// How full the store is, in words.

import type { Info } from '../../../server/http/contract/types.ts';
import { size } from '../../parts/show.ts';
import { text } from '../../text.ts';

/** The settings that limit what is kept. */
export const LIMITS = ['maxMessages', 'maxSize'] as const;
type Limit = (typeof LIMITS)[number];

const USED: Readonly<Record<Limit, (storage: Info['storage']) => string>> = {
  maxMessages: ({ messages }) => text.messages(messages),
  maxSize: ({ octets }) => size(octets),
};
const OF: Readonly<Record<Limit, (storage: Info['storage'], most: number) => string>> = {
  maxMessages: ({ messages }, most) => text.messagesOf(messages, most),
  maxSize: ({ octets }, most) => text.sizeOf(size(octets), size(most)),
};

const isLimit = (name: string): name is Limit => name in USED;

/** How much of one limit is used; of any other limit its name. */
export function used({ storage, settings }: Info, name: string): string {
  const value = settings[name]?.value;
  if (!isLimit(name)) return name === 'data' && typeof value === 'string' ? text.diskOf(value) : name;
  if (value === 0) return text.unlimited(USED[name](storage));
  // The server has a default of its own where nothing is set.
  return typeof value === 'number' ? OF[name](storage, value) : USED[name](storage);
}
