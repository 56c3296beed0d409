// What a reply, or its absence, means for a recipient: the table of choices of this client (RFC 5321 §4.2.1, §4.5.4.1).

import type { AttemptStage } from '../../mail/delivery.ts';
import type { Outcome } from './outcome.ts';
import type { Reply } from './reply.ts';

/** Why nothing was answered. */
export type Loss =
  | { readonly why: 'closed' | 'timeout' | 'endless' | 'stopped' }
  /** In words of the system or of OpenSSL. */
  | { readonly why: 'refused' | 'error' | 'tls'; readonly text: string };

/** Thrown where a conversation cannot go on: the outcome of every recipient that has none yet. */
export class Failed extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.text);
    this.name = 'Failed';
    this.outcome = outcome;
  }
}

const digitOf = (code: number): number => Math.floor(code / 100);

export const isFinal = ({ code }: Reply): boolean => digitOf(code) === 2;

/** The server goes away, whatever was asked (RFC 5321 §3.8). */
export const CLOSING = 421;

const OUTCOMES: Readonly<Record<number, Outcome['outcome']>> = { 2: 'delivered', 4: 'transient' };

/**
 * The enhanced code as it belongs to what is done: one whose class is another than the reply's says nothing (Postfix: x.0.0), and where a
 * refusal for good is read as one for now its class is the outcome's.
 */
function enhancedFor({ code, enhanced }: Reply, outcome: Outcome['outcome']): string | null {
  const said = digitOf(code);
  const meant = outcome === 'delivered' ? 2 : outcome === 'transient' ? 4 : 5;
  if (said !== 2 && said !== 4 && said !== 5) return `${meant}.5.0`;
  if (outcome === 'permanent' && said !== 5) return '5.5.0';
  if (enhanced === null) return null;
  return enhanced.startsWith(String(said)) ? `${meant}${enhanced.slice(1)}` : `${meant}.0.0`;
}

/** `as` where it is not what the reply's first digit says. */
export function heard(stage: AttemptStage, reply: Reply, as?: 'transient'): Outcome {
  // 354 in place of 250, or 999: the server does not speak SMTP, and will not next time (so does Postfix).
  const said = OUTCOMES[digitOf(reply.code)] ?? 'permanent';
  const outcome = as ?? (said === 'delivered' && stage !== 'end-of-data' ? 'permanent' : said);
  // Whoever refuses before MAIL refuses everybody.
  const served = stage !== 'banner' && stage !== 'starttls' && !(stage === 'ehlo' && outcome === 'transient');
  return {
    stage,
    code: reply.code,
    enhanced: enhancedFor(reply, outcome),
    text: reply.text.replaceAll('\n', ' '),
    outcome,
    lost: reply.code === CLOSING || !served,
    unsure: false,
  };
}

const DOING: Readonly<Record<AttemptStage, string>> = {
  route: 'looking for a host',
  connect: 'waiting for the greeting',
  banner: 'reading the greeting',
  ehlo: 'saying EHLO',
  starttls: 'saying STARTTLS',
  tls: 'beginning TLS',
  mail: 'sending MAIL',
  rcpt: 'sending RCPT',
  data: 'sending DATA',
  body: 'sending the message',
  'end-of-data': 'waiting for the answer to the message',
};

/** Beginnings of the text, and the last two digits of the enhanced code (RFC 3463 §3.5, §3.6). */
const LOSSES: Readonly<Record<Loss['why'], readonly [enhanced: string, text: string]>> = {
  refused: ['4.4.1', ''],
  closed: ['4.4.2', 'Connection closed'],
  error: ['4.4.2', ''],
  timeout: ['4.4.2', 'Timed out'],
  endless: ['4.5.0', 'Reply without end'],
  stopped: ['4.3.2', 'Stopped'],
  tls: ['4.7.5', ''],
};

export function unheard(stage: AttemptStage, loss: Loss): Outcome {
  const [enhanced, beginning] = LOSSES[loss.why];
  const said = 'text' in loss ? loss.text : beginning;
  const text = loss.why === 'refused' || loss.why === 'tls' ? said : `${said} while ${DOING[stage]}`;
  return { stage, code: null, enhanced, text, outcome: 'transient', lost: true, unsure: stage === 'end-of-data' };
}

/** Of what is not even asked. */
export const unsaid = (outcome: 'transient' | 'permanent', stage: AttemptStage, enhanced: string, text: string): Outcome => ({
  stage,
  code: null,
  enhanced,
  text,
  outcome,
  lost: outcome === 'transient',
  unsure: false,
});

/** After a reply that belongs to no question, none can be told from another any more. */
export const OUT_OF_STEP = 'The replies do not fit the commands';

/** Neither what was wanted nor a refusal. */
export const isOutOfStep = ({ code }: Reply, wanted: 2 | 3): boolean => {
  const digit = digitOf(code);
  return digit !== wanted && digit !== 4 && digit !== 5;
};

/** The words of RFC 5321 §4.5.3.1.10, where 552 is read as 452; other words of 552 mean the mailbox or the message. */
export const isTooMany = ({ code, enhanced }: Reply): boolean =>
  (code === 452 || code === 552) && (enhanced === null || enhanced.slice(1) === '.5.3');
