// What a rule does to whom it meets, as the end of a sentence.

import type { FaultEnding, FaultModifier, FaultReply, FaultRule, WrittenDuration } from '../../../server/http/contract/types.ts';
import { plain, size } from '../../parts/show.ts';
import { lengthOf } from './length.ts';

const list = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** A reply without its words: `450 4.2.0`, `NO [LIMIT]`, `-ERR [IN-USE]`. */
export function shortOf(reply: FaultReply): string {
  if (typeof reply !== 'string') return reply.enhanced === undefined ? String(reply.code) : `${reply.code} ${reply.enhanced}`;
  return plain(
    /^(?:\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?|(?:NO|BAD|BYE|OK|\+OK|-ERR)(?: \[[^\]]*\])?)/.exec(reply)?.[0].replace('-4', ' 4') ?? reply,
  );
}

const closes = (reply: FaultReply): string => {
  const then = typeof reply === 'string' ? undefined : reply.then;
  if (then === 'reset') return ' and a reset';
  const code = typeof reply === 'string' ? reply : String(reply.code);
  return then === 'close' || (then === undefined && /^(?:421|BYE)/.test(code)) ? ' and a closed connection' : '';
};

type Verb = readonly [one: string, many: string, rest: string];
const GETS = (rest: string): Verb => ['gets', 'get', rest];
const IS = (rest: string): Verb => ['is', 'are', rest];

const CORRUPT = {
  malformed: 'a reply that is none',
  'bad-code': 'a reply with a code that there is not',
  'missing-crlf': 'a reply without its line end',
  'class-mismatch': 'a reply whose two codes disagree',
} as const;

const LOST = { close: 'lost to a closed connection', reset: 'lost to a reset', stall: 'never sent' } as const;

function ending(act: FaultEnding): Verb {
  if ('reply' in act) return GETS(shortOf(act.reply) + closes(act.reply));
  if ('close' in act) return IS('closed without a word');
  if ('reset' in act) return IS('reset');
  if ('stall' in act) return GETS('no answer');
  if ('truncate' in act) return IS(`${act.truncate.then === 'reset' ? 'reset' : 'closed'} after ${size(act.truncate.bytes)}`);
  if ('discard' in act) return IS('taken and thrown away');
  if ('hold' in act) return IS('held in the queue');
  if ('corrupt' in act) return GETS(CORRUPT[act.corrupt]);
  if ('bounce' in act)
    return IS(
      `taken, then bounced with ${plain(act.bounce.status)}${act.bounce.after === undefined ? '' : ` after ${lengthOf(act.bounce.after)}`}`,
    );
  if ('acceptThen' in act) {
    const then = act.acceptThen;
    return IS(typeof then === 'string' ? `kept, the reply ${LOST[then]}` : `kept, but told ${shortOf(then.reply)}`);
  }
  return ['passes', 'pass', ''];
}

function range(delay: WrittenDuration | { min: WrittenDuration; max: WrittenDuration }): string {
  if (typeof delay !== 'object') return lengthOf(delay);
  const [least, most] = [lengthOf(delay.min), lengthOf(delay.max)];
  const [count, unit] = least.split(' ');
  return `${least.split(' ').length === 2 && most.endsWith(` ${unit}`) ? count : least} to ${most}`;
}
const DIRECTIONS = { in: ' as it sends', out: ' as it reads', both: '' } as const;

function modifier(act: Exclude<FaultModifier, { delay: unknown }>): Verb {
  if ('throttle' in act) return IS(`slowed to ${size(act.throttle.bytesPerSecond)} a second${DIRECTIONS[act.throttle.direction]}`);
  if ('trickle' in act) return IS(`answered ${act.trickle.bytes} B every ${lengthOf(act.trickle.every)}`);
  if ('capabilities' in act) {
    const { remove = [], add = [], heloOnly } = act.capabilities;
    if (heloOnly === true) return IS('offered HELO only');
    const parts = [remove.length > 0 ? `no ${plain(remove.join(', '))}` : '', add.length > 0 ? `also ${plain(add.join(', '))}` : ''];
    return IS(`offered ${parts.filter(Boolean).join(', ')}`);
  }
  if ('certificate' in act)
    return [
      'meets',
      'meet',
      `a certificate that is ${{ expired: 'expired', 'wrong-host': "another host's", 'self-signed': 'self-signed' }[act.certificate]}`,
    ];
  if ('tls' in act) return GETS(act.tls === 'garbage' ? 'garbage in place of TLS' : 'a TLS alert');
  if ('silence' in act) return IS(`not told of ${list.format(act.silence.map((one) => one.toUpperCase()))}`);
  return ['finds', 'find', 'another UIDVALIDITY'];
}

/** What is given is an act with one field. */
const isEnding = (act: FaultModifier | FaultEnding): act is FaultEnding =>
  !['delay', 'throttle', 'trickle', 'capabilities', 'certificate', 'tls', 'silence', 'uidValidity'].some((name) => name in act);

const STEPS: Readonly<Record<string, string>> = {
  close: 'a closed connection',
  reset: 'a reset',
  stall: 'no answer',
  discard: 'a 250, and nothing kept',
  hold: 'a place in the queue',
  pass: 'what is true',
};

function step(one: string | FaultEnding): string {
  if (typeof one === 'string') return STEPS[one] ?? shortOf(one);
  if ('reply' in one) return shortOf(one.reply);
  const [name = ''] = Object.keys(one);
  return STEPS[name] ?? ending(one)[2];
}

/** What becomes of them: each clause with its verb. */
export function doing({ do: acts = [], script }: Pick<FaultRule, 'do' | 'script'>, many: boolean): string {
  const spoken = ([one, more, rest]: Verb): string => `${many ? more : one}${rest && ` ${rest}`}`;
  if (script) return spoken(GETS(script.map(step).join(', then ')));
  const delay = acts.find((act) => 'delay' in act)?.delay;
  const clauses = acts.flatMap((act) => (isEnding(act) ? [spoken(ending(act))] : 'delay' in act ? [] : [spoken(modifier(act))]));
  if (delay === undefined) return clauses.join(' and ') || spoken(['passes', 'pass', '']);
  return clauses.length === 0 ? spoken(['waits', 'wait', range(delay)]) : `${clauses.join(' and ')} after ${range(delay)}`;
}
