// UTF8 and LANG: whether addresses and headers may hold more than ASCII, and the language of the replies (RFC 6856).

import { command, without } from '../dialogue.ts';
import { sayLines } from '../listing.ts';
import { ALREADY_LOGGED_IN, mistake, ok, syntax } from '../replies.ts';

/** Messages are never changed, so they are served the same before and after it. */
export const utf8 = command<'greeted'>({
  otherwise: { open: ALREADY_LOGGED_IN },
  check: without('UTF8'),
  run(dialogue, _, state) {
    dialogue.state = { ...state, utf8: true };
    return ok('UTF8 enabled');
  },
});

const LANGUAGES = ['en English', 'i-default English'] as const;
const TAG = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;

/** A range matches a longer tag as well (RFC 4647 §3.4); `*` asks for the server's own. */
const isSpoken = (range: string): boolean => range === '*' || /^(?:en(?:-.*)?|i-default)$/i.test(range);

export const lang = command<'greeted' | 'open'>({
  otherwise: {},
  check: (_, argument) => (argument === '' || argument === '*' || TAG.test(argument) ? null : syntax('LANG [language]')),
  run({ connection }, argument) {
    if (argument === '') return sayLines(connection, 'Languages follow', LANGUAGES);
    return isSpoken(argument) ? ok('en Replies are in English') : mistake('Only English is spoken here');
  },
});
