// The sentences of the page in one typed table: plain texts, and functions where a number or a name takes part. Screens that are
// fetched later have theirs with them, in text/, beside these.

import { frameText } from './text/frame.ts';
import { inboxText } from './text/inbox.ts';
import { numbers } from './text/numbers.ts';

export const number = (n: number): string => numbers.format(n);

export const text = { ...frameText, ...inboxText };
