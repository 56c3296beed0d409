// Lists of mailboxes and groups as people and programs write them, right or wrong (RFC 5322 §3.4, §4.4). Pure.

import type { MailAddress } from './message.ts';

export interface AddressGroup {
  readonly group: string;
  readonly members: readonly MailAddress[];
}

interface Word {
  readonly text: string;
  /** As it stands, with its quotes. */
  readonly raw: string;
  /** White space or a comment stands before it. */
  readonly apart: boolean;
}

/** What has been read of one mailbox. */
interface Item {
  words: Word[];
  comment: string;
  angle: string | null;
}

const QUOTED = /"((?:[^"\\]|\\[^])*)"/y;
const ANGLE = /<((?:[^<>"]|"(?:[^"\\]|\\[^])*")*)>/y;
/** An angle that is never closed ends with its mailbox. */
const OPEN_ANGLE = /<([^<>,;"]*)/y;
const LITERAL = /\[[^[\]\s]*\]/y;
const ATOM = /[^\s"(),:;<>@[\]]+|[[\])>]/y;
const SPACE = /\s+/y;

const unescape = (text: string): string => text.replace(/\\([^])/g, '$1');

/** The end of the comment that begins at `at`: comments stand in comments; one that is never closed takes the rest. */
function commentEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return i + 1;
  }
  return text.length;
}

const joined = (words: readonly Word[]): string => words.map(({ text, apart }, i) => (apart && i > 0 ? ` ${text}` : text)).join('');

/** `@a,@b:jo@x`: the way that it was to go is passed over (RFC 5322 §4.4). */
const withoutRoute = (address: string): string => address.replace(/^@[^:"]*:/, '').trim();

/** Takes `jo @ shop.test` out of the words; what stands before it is a name. */
function addressAmong(words: readonly Word[]): MailAddress {
  const at = words.findLastIndex(({ raw }) => raw === '@');
  if (at < 0) return { name: joined(words), address: '' };
  let [first, last] = [Math.max(0, at - 1), Math.min(words.length - 1, at + 1)];
  while (first > 0 && !words[first]?.apart && words[first - 1]?.raw !== '@') first--;
  while (last < words.length - 1 && !words[last + 1]?.apart) last++;
  const address = words.slice(first, last + 1);
  return { name: joined([...words.slice(0, first), ...words.slice(last + 1)]), address: address.map(({ raw }) => raw).join('') };
}

function mailboxOf({ words, comment, angle }: Item): MailAddress {
  const { name, address } = angle === null ? addressAmong(words) : { name: joined(words), address: withoutRoute(angle) };
  // `jo@shop.test (Jo)`: how names were written before there were phrases.
  return { name: name === '' && address !== '' ? comment : name, address };
}

/** All that an unfolded value lists, in order; names not decoded. Takes one pass over any text. */
export function readAddresses(text: string): (MailAddress | AddressGroup)[] {
  const found: (MailAddress | AddressGroup)[] = [];
  let group: { group: string; members: MailAddress[] } | null = null;
  let item: Item = { words: [], comment: '', angle: null };
  let at = 0;
  let apart = false;
  let quotes = true;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    at += match?.[0].length ?? 0;
    return match;
  };
  const word = (said: string, raw = said): void => {
    item.words.push({ text: said, raw, apart });
    apart = false;
  };
  const finish = (): void => {
    const mailbox = mailboxOf(item);
    if (mailbox.name !== '' || mailbox.address !== '') (group?.members ?? found).push(mailbox);
    item = { words: [], comment: '', angle: null };
  };

  while (at < text.length) {
    if (take(SPACE)) {
      apart = true;
      continue;
    }
    const character = text[at];
    if (character === '(') {
      const end = commentEnd(text, at);
      item.comment = unescape(text.slice(at + 1, text[end - 1] === ')' ? end - 1 : end)).trim();
      [at, apart] = [end, true];
    } else if (character === '"') {
      const quoted = quotes ? take(QUOTED) : null;
      if (quoted) word(unescape(quoted[1] ?? ''), quoted[0]);
      else {
        // One that is never closed is no quote, nor is what follows.
        [quotes, at] = [false, at + 1];
      }
    } else if (character === '<') {
      item.angle = (take(ANGLE) ?? take(OPEN_ANGLE))?.[1]?.trim() ?? '';
    } else if (character === ',' || character === ';') {
      // `Doe, Jo <jo@shop.test>` is one mailbox whose name wants quotes.
      const named = character === ',' && item.angle === null && item.words.length > 0 && !item.words.some(({ raw }) => raw === '@');
      if (named && /^,\s*[^\s"(),:;<>@][^"(),:;<>@]*</.test(text.slice(at, at + 200))) word(',');
      else finish();
      at++;
      if (character === ';' && group) group = null;
    } else if (character === ':') {
      at++;
      // A route, or the name of a group in a group: neither is allowed here.
      if (item.words[0]?.raw === '@' || group !== null) item.words = [];
      else if (item.angle === null) {
        group = { group: joined(item.words), members: [] };
        found.push(group);
        item = { words: [], comment: '', angle: null };
      }
    } else if (character === '@') {
      word('@');
      at++;
    } else word((take(LITERAL) ?? take(ATOM))?.[0] ?? '');
  }
  finish();
  return found;
}
