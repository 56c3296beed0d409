// RETR and TOP: a message, or its header and some lines of its body (RFC 1939 §5, §7).

import { command } from '../dialogue.ts';
import { messageOf, parseNumber } from '../numbers.ts';
import { counted, LOGIN_FIRST, syntax } from '../replies.ts';
import { LONG_PIECE, sendMessage, SHORT_PIECE } from '../sending.ts';
import { TopLines } from '../top-lines.ts';
import { wireSize } from '../wire-size.ts';

export const retr = command<'open'>({
  otherwise: { greeted: LOGIN_FIRST },
  async run(dialogue, argument, { maildrop }) {
    const { store, settings } = dialogue.deps;
    const message = messageOf(maildrop, argument);
    if ('line' in message) return message;
    const { entry } = message;
    const size = await wireSize(store, entry, settings.traceHeaders);
    const answer = await sendMessage(dialogue, entry, LONG_PIECE, counted(size, 'octet'));
    if (!entry.flags.includes('\\Seen')) maildrop.read.push(entry.uid);
    return answer;
  },
});

export const top = command<'open'>({
  otherwise: { greeted: LOGIN_FIRST },
  async run(dialogue, argument, { maildrop }) {
    const [number = '', lines, more] = argument.split(/ +/);
    if (lines === undefined || more !== undefined) return syntax('TOP message lines');
    const wanted = new TopLines(parseNumber(lines));
    const message = messageOf(maildrop, number);
    if ('line' in message) return message;
    return sendMessage(dialogue, message.entry, SHORT_PIECE, 'Top of message follows', (chunk) => wanted.feed(chunk));
  },
});
