// STAT, LIST and UIDL: how many messages there are, how large, and under which names (RFC 1939 §5, §7).

import { command, without } from '../dialogue.ts';
import type { Command, Dialogue } from '../dialogue.ts';
import { streamLines } from '../listing.ts';
import { sizesOf, totalOf, uniqueId } from '../maildrop.ts';
import type { Maildrop } from '../maildrop.ts';
import { checkMessage, messageOf } from '../numbers.ts';
import type { Numbered } from '../numbers.ts';
import { counted, LOGIN_FIRST, ok } from '../replies.ts';
import { wireSize } from '../wire-size.ts';

export const stat = command<'open'>({
  otherwise: { greeted: LOGIN_FIRST },
  check: without('STAT'),
  async run({ deps }, _, { maildrop }) {
    const { messages, octets } = await totalOf(deps, maildrop);
    return ok(`${messages} ${octets}`);
  },
});

function* eachLine({ entries, deleted }: Maildrop, lineOf: (place: number) => string): Generator<string> {
  for (let place = 0; place < entries.length; place++) if (!deleted.has(place)) yield `${place + 1} ${lineOf(place)}`;
}

interface Listing {
  /** What stands after the number of one message. */
  one(dialogue: Dialogue, message: Numbered): Promise<string>;
  all(dialogue: Dialogue, maildrop: Maildrop): Promise<(place: number) => string>;
  title(dialogue: Dialogue, maildrop: Maildrop): Promise<string>;
}

const listing = ({ one, all, title }: Listing): Command =>
  command<'open'>({
    otherwise: { greeted: LOGIN_FIRST },
    check: (_, argument, { maildrop }) => (argument === '' ? null : checkMessage(maildrop, argument)),
    async run(dialogue, argument, { maildrop }) {
      if (argument === '') {
        const lineOf = await all(dialogue, maildrop);
        return streamLines(dialogue.connection, await title(dialogue, maildrop), eachLine(maildrop, lineOf));
      }
      const message = messageOf(maildrop, argument);
      return 'line' in message ? message : ok(`${message.number} ${await one(dialogue, message)}`);
    },
  });

export const list = listing({
  one: async ({ deps }, { entry }) => String(await wireSize(deps.store, entry, deps.settings.traceHeaders)),
  async all({ deps }, maildrop) {
    const sizes = await sizesOf(deps, maildrop);
    return (place) => String(sizes[place]);
  },
  async title({ deps }, maildrop) {
    const { messages, octets } = await totalOf(deps, maildrop);
    return `${counted(messages, 'message')} (${counted(octets, 'octet')})`;
  },
});

const idAt =
  ({ entries }: Maildrop) =>
  (place: number): string => {
    const entry = entries[place];
    return entry === undefined ? '' : uniqueId(entry);
  };

export const uidl = listing({
  one: (_, { entry }) => Promise.resolve(uniqueId(entry)),
  all: (_, maildrop) => Promise.resolve(idAt(maildrop)),
  title: (_, { entries, deleted }) => Promise.resolve(counted(entries.length - deleted.size, 'message')),
});
