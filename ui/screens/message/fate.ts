// What the header of a message says of its way: of the recipient that most needs a look, in a sentence.

import type { Recipient } from '../../../server/http/contract/types.ts';
import { plain } from '../../parts/show.ts';
import { text } from '../../text/message.ts';

/** Empty where there is nothing to tell: it was at home at once. Which one it is of is said where the others fared otherwise. */
export function fateOf({ state, via, backup, attempts, attemptsPlanned, recipient }: Recipient, all: readonly Recipient[]): string {
  const tries = attempts > 1 || state !== 'delivered' ? text.fateTries(attempts) : '';
  const words =
    state === 'delivered'
      ? via === null
        ? ''
        : `${text.fateVia(plain(via), backup === true)}${tries && `, ${tries}`}`
      : [text.fates[state], attemptsPlanned === null || attempts === 0 ? '' : tries].filter(Boolean).join(', ');
  return words && all.some((other) => other.state !== state || other.via !== via) ? `${plain(recipient)}: ${words}` : words;
}
