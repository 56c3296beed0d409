// What a client meets that a rule steps in for: the reply as it reads it, or the error that its socket gives.

import type { FaultEnding, FaultModifier, FaultReply, FaultRule } from '../../../server/http/contract/types.ts';
import { plain, size } from '../../parts/show.ts';

const CUT = { close: 'end of file', reset: 'ECONNRESET', stall: 'no answer until it gives up' } as const;

const ODD = {
  malformed: 'a line that is no reply',
  'bad-code': 'a reply with code 999',
  'missing-crlf': 'a line that does not end',
  'class-mismatch': '450 5.x.x, two classes at once',
} as const;

const CERTIFICATES = { expired: 'expired', 'wrong-host': 'made out to another host', 'self-signed': 'self-signed' } as const;

function line(reply: FaultReply): string {
  if (typeof reply === 'string') return plain(reply);
  const { code, enhanced, lines } = reply;
  return lines
    .map((text, i) => plain(`${code}${i < lines.length - 1 ? '-' : ' '}${enhanced === undefined ? '' : `${enhanced} `}${text}`))
    .join(' ⏎ ');
}

function word(one: string | FaultEnding): string {
  if (typeof one === 'string') return one in CUT ? CUT[one as keyof typeof CUT] : one === 'pass' ? 'the true reply' : plain(one);
  if ('reply' in one) return line(one.reply);
  if ('truncate' in one) return `${size(one.truncate.bytes)}, then ${CUT[one.truncate.then]}`;
  if ('corrupt' in one) return ODD[one.corrupt];
  if ('acceptThen' in one) return typeof one.acceptThen === 'string' ? CUT[one.acceptThen] : line(one.acceptThen.reply);
  if ('bounce' in one) return `the true reply, later a bounce: ${plain(one.bounce.diagnostic)}`;
  const [name = ''] = Object.keys(one);
  return name in CUT ? CUT[name as keyof typeof CUT] : 'the true reply';
}

function more(act: FaultModifier): string {
  if ('certificate' in act) return `a certificate that is ${CERTIFICATES[act.certificate]}`;
  if ('tls' in act) return act.tls === 'garbage' ? 'wrong version number, or another error of TLS' : 'a TLS alert';
  if ('silence' in act) return 'nothing of what changes';
  if ('uidValidity' in act) return 'a UIDVALIDITY that it does not know: it has to fetch everything again';
  return '';
}

const isEnding = (act: FaultModifier | FaultEnding): act is FaultEnding =>
  ['reply', 'close', 'reset', 'stall', 'truncate', 'discard', 'hold', 'corrupt', 'acceptThen', 'bounce', 'pass'].some(
    (name) => name in act,
  );

/** Empty where the sentence says all. */
export function sees({ do: acts = [], script }: Pick<FaultRule, 'do' | 'script'>): string {
  if (script) return script.map(word).join(' → ');
  return acts
    .map((act) => (isEnding(act) ? word(act) : more(act)))
    .filter(Boolean)
    .join(', ');
}
