// How full the store is, in words.

import type { Info } from '../../../server/http/contract/types.ts';
import { size } from '../../parts/show.ts';
import { text } from '../../text.ts';

/** Names of settings that limit what is kept. */
export type Limit = 'maxMessages' | 'maxSize';

export const LIMITS: readonly Limit[] = ['maxMessages', 'maxSize'];

const IN_WORDS: Readonly<Record<Limit, (storage: Info['storage'], most: number) => string>> = {
  maxMessages: ({ messages }, most) => (most === 0 ? text.unlimited(text.messages(messages)) : text.messagesOf(messages, most)),
  maxSize: ({ octets }, most) => (most === 0 ? text.unlimited(size(octets)) : text.sizeOf(size(octets), size(most))),
};

const isLimit = (name: string): name is Limit => name in IN_WORDS;

/** How much of one limit is used; of any other limit its name. */
export function used({ storage, settings }: Info, name: string): string {
  const value = settings[name]?.value;
  if (isLimit(name)) return IN_WORDS[name](storage, typeof value === 'number' ? value : 0);
  return name === 'data' && typeof value === 'string' ? text.diskOf(value) : name;
}
