// The mark of a row: what became of it, in a word, and which sign and tone go with it.

import type { DeliveryState, ListItem, Recipient } from '../../../server/http/contract/types.ts';
import type { Glyph } from '../../parts/icons.ts';
import { text } from '../../text.ts';

export interface Mark {
  readonly glyph: Glyph;
  /** Of the tones in controls.css; what needs a look has the paper of its tone, too: `full`. */
  readonly look: string;
  readonly word: string;
}

type Fate = Pick<Recipient, 'state' | 'via' | 'attempts' | 'attemptsPlanned'> & {
  /** Taken by a host that is not the preferred one. */
  readonly backup?: boolean | undefined;
};

const tries = ({ attempts, attemptsPlanned }: Fate): string => (attemptsPlanned === null ? '' : ` ${attempts}/${attemptsPlanned}`);
/** `mx2.shop.test` → `mx2` */
export const shortName = (host: string): string => host.split('.')[0] || host;

const word = (state: DeliveryState): string => text.states[state].toLowerCase();
const waits = (fate: Fate): Mark => ({ glyph: 'waits', look: 'busy full', word: word('deferred') + tries(fate) });

const marks: Readonly<Record<DeliveryState, (fate: Fate) => Mark>> = {
  bounced: () => ({ glyph: 'cross', look: 'down full', word: word('bounced') }),
  expired: () => ({ glyph: 'waits', look: 'down full', word: word('expired') }),
  held: () => ({ glyph: 'held', look: 'held full', word: word('held') }),
  deferred: waits,
  queued: waits,
  active: () => ({ glyph: 'again', look: 'on', word: word('active') }),
  dropped: () => ({ glyph: 'none', look: 'held', word: word('dropped') }),
  delivered: ({ via, backup }) =>
    via !== null && backup
      ? { glyph: 'backup', look: 'slow', word: shortName(via) }
      : { glyph: 'check', look: 'up', word: via === null ? text.local : shortName(via) },
};

export const markOfFate = (fate: Fate): Mark => marks[fate.state](fate);

/** From what needs a look to what is well. */
const ORDER = Object.keys(marks) as DeliveryState[];

/** The recipient that most needs a look; nothing when there is none. */
export function foremost(recipients: readonly Recipient[]): Recipient | undefined {
  const state = ORDER.find((candidate) => recipients.some((recipient) => recipient.state === candidate));
  const alike = recipients.filter((recipient) => recipient.state === state);
  return alike.find(({ backup }) => backup) ?? alike[0];
}

export function markOf(item: ListItem): Mark | undefined {
  if (item.kind === 'refusal') return { glyph: 'none', look: 'reject full', word: text.refused };
  const recipient = foremost(item.deliveries);
  return recipient && markOfFate(recipient);
}
