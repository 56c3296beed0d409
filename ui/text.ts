// Every sentence of the page in one table, written down by area: plain texts, and functions where a number or a name takes part.

import { composeText } from './text/compose.ts';
import { frameText } from './text/frame.ts';
import { inboxText } from './text/inbox.ts';
import { messageText } from './text/message.ts';
import { numbers } from './text/numbers.ts';
import { settingsText } from './text/settings.ts';

export const number = (n: number): string => numbers.format(n);

export const text = { ...frameText, ...inboxText, ...messageText, ...settingsText, ...composeText };
