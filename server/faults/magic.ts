// Magic addresses: a tag such as jo+rcpt-450-4.2.1@…, or a domain such as busy.fault.test, is a rule of its own.

import type { Match, Rule } from './fault.ts';
import { presetOf } from './presets.ts';
import { durationOf } from './shape.ts';

const DOMAIN = '.fault.test';

/** What an address is made into: the same id for the same words. */
export interface MagicRule extends Rule {
  readonly id: string;
}

/** Whose address it is. */
export type Role = 'sender' | 'recipient';

/** A tag at the end of a local part: `+rcpt-450-4.2.1.first2`. */
const TAG = /\+((mail|rcpt|data|dot)-([245]\d\d)(?:-([245]\.\d{1,3}\.\d{1,3}))?(?:\.first(\d{1,6}))?)$/;
const DOT = /\+(dot-(lost|drop)(?:\.first(\d{1,6}))?)$/;
const DELAY = /\+(delay-(\d{1,6}(?:ms|s|m)))$/;

const STAGES = { mail: 'mail', rcpt: 'rcpt', data: 'data', dot: 'end-of-data' } as const;

const firstOf = (count: string | undefined): Pick<Rule, 'when'> =>
  count === undefined || count === '0' ? {} : { when: { attempts: { first: Number(count) } } };

const named = (tag: string): Pick<MagicRule, 'id' | 'name'> => ({ id: `magic:${tag}`, name: `address with +${tag}` });

/** `domains` is a glob of those in which the tag counts. */
function ofTag(local: string, role: Role, domains: string): MagicRule | null {
  const [, tag = '', verb = '', code = '', enhanced, first] = TAG.exec(local) ?? [];
  // The sender's tag is known at MAIL, the recipients' from RCPT on.
  if (tag !== '' && (verb === 'mail') === (role === 'sender')) {
    if (enhanced !== undefined && !enhanced.startsWith(code.slice(0, 1))) return null;
    const reply = `${code} ${enhanced ?? `${code.slice(0, 1)}.0.0`} Asked for by the address`;
    const stage = STAGES[verb as keyof typeof STAGES];
    return { ...named(tag), on: { stage }, match: { [role]: `*+${tag}@${domains}` }, ...firstOf(first), do: [{ reply }] };
  }
  if (role === 'sender') return null;
  const match = (of: string): Match => ({ recipient: `*+${of}@${domains}` });
  const [, dot, how, times] = DOT.exec(local) ?? [];
  if (dot !== undefined) {
    return {
      ...named(dot),
      on: { stage: 'end-of-data' },
      match: match(dot),
      ...firstOf(times),
      do: [how === 'lost' ? { acceptThen: 'reset' } : { reset: true }],
    };
  }
  const [, delay, time = ''] = DELAY.exec(local) ?? [];
  if (delay !== undefined && durationOf(time) !== null)
    return { ...named(delay), on: { stage: 'rcpt' }, match: match(delay), do: [{ delay: time }] };
  return null;
}

type Deed = Pick<Rule, 'when' | 'do'>;

/** What a preset does at RCPT. */
function presetAtRcpt(name: string): Deed {
  const { faults } = presetOf(name).make({});
  const { when, do: acts } = faults.find(({ on: { stage } }) => stage === 'rcpt' || stage === 'any') ?? {};
  return { ...(when && { when }), ...(acts && { do: acts }) };
}

/** What the domains do that need no queue. */
const DOMAINS: Readonly<Record<string, Deed>> = {
  // A recipient can be busy, but not be turned away before it is named.
  busy: { do: [{ reply: '451 4.3.2 System is busy, try again later' }] },
  greylist: presetAtRcpt('greylisting'),
  full: presetAtRcpt('mailbox-full'),
  flaky: presetAtRcpt('flaky'),
  slow: presetAtRcpt('slow'),
};

/**
 * The rule that an address stands for, null for other addresses. Tags count in every domain with `tags`, in those of fault.test always.
 * The tag of a sender counts at MAIL, that of a recipient from RCPT on.
 */
export function magicRule(address: string, role: Role, tags: boolean): MagicRule | null {
  const lowered = address.toLowerCase();
  const at = lowered.lastIndexOf('@');
  const domain = lowered.slice(at + 1);
  const ours = domain.endsWith(DOMAIN);
  if (lowered.includes('+') && (tags || ours)) {
    const rule = ofTag(lowered.slice(0, at), role, tags ? '*' : `*${DOMAIN}`);
    if (rule !== null) return rule;
  }
  const name = ours && role === 'recipient' ? domain.slice(0, -DOMAIN.length) : '';
  const known = Object.hasOwn(DOMAINS, name) ? DOMAINS[name] : undefined;
  return known ? { id: `magic:${name}`, name: `domain ${domain}`, on: { stage: 'rcpt' }, match: { domain }, ...known } : null;
}

/** A look that spares most addresses the rest. */
export const mayBeMagic = (address: string): boolean => address.includes('+') || /\.fault\.test$/i.test(address);
