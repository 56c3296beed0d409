// RETR and TOP: a message, or its header and some lines of its body (RFC 1939 §5, §7).

import { servedSize } from '../../store/served.ts';
import { command } from '../dialogue.ts';
import { checkMessage, messageOf, parseNumber } from '../numbers.ts';
import { counted, LOGIN_FIRST, syntax } from '../replies.ts';
import { PIECE, sendMessage } from '../sending.ts';
import { TopLines } from '../top-lines.ts';
import { knownWireSize, wireSize, wireSizeOf } from '../wire-size.ts';

/** Most headers are shorter. */
const TOP_PIECE = 16 * 1024;

export const retr = command<'open'>({
  otherwise: { greeted: LOGIN_FIRST },
  check: (_, argument, { maildrop }) => checkMessage(maildrop, argument),
  async run(dialogue, argument, { maildrop }) {
    const { store, settings } = dialogue.deps;
    const message = messageOf(maildrop, argument);
    if ('line' in message) return message;
    const { entry, place } = message;
    const first = await maildrop.ahead.begin(place, PIECE);
    const whole = first.length === servedSize(entry, settings.traceHeaders);
    const known = knownWireSize(entry, settings.traceHeaders) ?? (whole ? wireSizeOf(entry, first) : undefined);
    const size = known ?? (await wireSize(store, entry, settings.traceHeaders));
    const answer = await sendMessage(dialogue, entry, first, counted(size, 'octet'));
    if (!entry.flags.includes('\\Seen')) maildrop.read.push(entry.uid);
    return answer;
  },
});

export const top = command<'open'>({
  otherwise: { greeted: LOGIN_FIRST },
  check(_, argument, { maildrop }) {
    const [number = '', lines, more] = argument.split(/ +/);
    if (lines === undefined || more !== undefined) return syntax('TOP message lines');
    parseNumber(lines);
    return checkMessage(maildrop, number);
  },
  async run(dialogue, argument, { maildrop }) {
    const [number = '', lines = ''] = argument.split(/ +/);
    const wanted = new TopLines(parseNumber(lines));
    const message = messageOf(maildrop, number);
    if ('line' in message) return message;
    const first = await maildrop.ahead.begin(message.place, TOP_PIECE);
    return sendMessage(dialogue, message.entry, first, 'Top of message follows', (chunk) => wanted.feed(chunk));
  },
});
