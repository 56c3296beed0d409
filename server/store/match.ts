// Whether a message answers a query: what the state tells first, its bytes only when that does not decide.

import { textTest } from '../base/glob.ts';
import { parseSize } from '../base/size.ts';
import { splitAddress } from '../mail/address.ts';
import type { Content } from '../mail/content.ts';
import { foldText } from '../mail/content.ts';
import { statesOf } from './deliveries.ts';
import { parseMoment } from './fields.ts';
import { foldedAddresses, foldedOf, foldedPart, foldedTexts, partIncludes } from './folded.ts';
import type { FoldedField } from './folded.ts';
import { trigramsOf } from './index/signature.ts';
import type { Signatures } from './index/signatures.ts';
import type { Query, Term } from './query.ts';
import type { Kept, Mailbox } from './state.ts';
import { entryIn, marksOf } from './state.ts';

/** `undefined`: only the message's bytes can tell. */
type Verdict = boolean | undefined;

/** What a query is judged in: the time, and whose marks count. */
export interface Scope {
  readonly now: number;
  /** The account whose read and starred marks count; `*` unless a mailbox is searched. */
  readonly mailbox?: Mailbox;
  /** By which texts are rejected without being read. */
  readonly signatures?: Signatures;
}

/** A query made ready to be asked of many messages. */
export interface Matcher {
  /** True where the state alone always decides. */
  readonly factsOnly: boolean;
  facts(kept: Kept): Verdict;
  content(kept: Kept, content: Content): boolean;
}

type Test = Omit<Matcher, 'factsOnly'> & { readonly factsOnly?: boolean };

const isGlob = (value: string): boolean => value.includes('*');

function addressTest(field: FoldedField, value: string): Test {
  const wanted = value.toLowerCase();
  const test = textTest(wanted);
  if (isGlob(wanted)) return facts((kept) => foldedAddresses(kept, field).some(test));
  const exact = /^[^@\s]+@[^@\s]+$/.test(wanted);
  return facts((kept) => partIncludes(kept, field, wanted) && (!exact || foldedAddresses(kept, field).includes(wanted)));
}

/** One field of the header as text. */
function fieldTest(field: FoldedField, value: string): Test {
  const wanted = value.toLowerCase();
  if (!isGlob(wanted)) return facts((kept) => partIncludes(kept, field, wanted));
  const test = textTest(wanted);
  return facts((kept) => test(foldedPart(kept, field)));
}

function domainTest(value: string): Test {
  const wanted = value.toLowerCase();
  const exact = wanted.includes('.') && !isGlob(wanted);
  const test = exact ? (domain: string): boolean => domain === wanted : textTest(wanted);
  const some = (kept: Kept): boolean => foldedAddresses(kept, 'rcpt').some((address) => test(splitAddress(address).domain));
  return facts(isGlob(wanted) ? some : (kept) => foldedOf(kept).includes(wanted) && some(kept));
}

function headerTest(value: string): Test {
  const [name = '', ...rest] = value.split('=');
  const test = textTest(rest.join('='));
  const wanted = name.trim().toLowerCase();
  return bytes(({ fields }) => fields.some((field) => field.name.toLowerCase() === wanted && test(field.value.toLowerCase())));
}

/** Looks into the text, and first at `header`, which can say yes too. */
function wordsTest(value: string, { signatures }: Scope, header: (kept: Kept) => boolean = () => false): Test {
  const phrase = foldText(value);
  const test = textTest(phrase);
  // White space is evened out only where it matters: that takes ten times as long as looking for a word.
  const form = /[ *]/.test(phrase) ? 'words' : 'lowered';
  const trigrams = [...new Set(phrase.split('*').flatMap(trigramsOf))];
  const mayContain = (kept: Kept): boolean => !signatures || trigrams.length === 0 || signatures.mayContain(kept.message.id, trigrams);
  return {
    factsOnly: false,
    facts: (kept) => header(kept) || (mayContain(kept) ? undefined : false),
    content: (kept, content) => test(content[form]) || header(kept),
  };
}

/** A test that the state decides. */
function facts(test: (kept: Kept) => boolean): Test {
  return { facts: test, content: test };
}

/** A test that only the bytes decide. */
function bytes(test: (content: Content) => boolean): Test {
  return { factsOnly: false, facts: () => undefined, content: (_kept, content) => test(content) };
}

function flagTest({ mailbox }: Scope, flag: string, wanted: boolean): Test {
  return facts((kept) => {
    const entry = mailbox ? entryIn(kept, mailbox) : marksOf(kept);
    return (entry?.flags.includes(flag) ?? false) === wanted;
  });
}

function optional(text: string | null, test: (lowered: string) => boolean): boolean {
  return text !== null && test(text.toLowerCase());
}

const IS: Readonly<Record<string, (scope: Scope) => Test>> = {
  read: (scope) => flagTest(scope, '\\Seen', true),
  unread: (scope) => flagTest(scope, '\\Seen', false),
  starred: (scope) => flagTest(scope, '\\Flagged', true),
  pinned: () => facts((kept) => kept.pinned),
};

const HAS: Readonly<Record<string, Test>> = {
  attachment: {
    factsOnly: false,
    facts: ({ indexed }) => (indexed ? indexed.attachments > 0 : undefined),
    content: (_kept, { attachments }) => attachments > 0,
  },
  html: bytes(({ html }) => html),
  link: bytes(({ link }) => link),
  code: bytes(({ code }) => code),
};

const TESTS: Readonly<Record<string, (value: string, scope: Scope) => Test>> = {
  text(value, scope) {
    const test = textTest(value);
    // A glob is over one field or the whole text, never across fields.
    return wordsTest(value, scope, isGlob(value) ? (kept) => foldedTexts(kept).some(test) : (kept) => test(foldedOf(kept)));
  },
  from: (value) => addressTest('from', value),
  to: (value) => addressTest('to', value),
  cc: (value) => addressTest('cc', value),
  bcc: (value) => addressTest('bcc', value),
  rcpt: (value) => addressTest('rcpt', value),
  sender: (value) => addressTest('sender', value),
  subject: (value) => fieldTest('subject', value),
  'message-id': (value) => fieldTest('message-id', value.replace(/^<|>$/g, '')),
  domain: domainTest,
  header: headerTest,
  body: (value, scope) => wordsTest(value, scope),
  filename(value) {
    const test = textTest(value);
    return {
      factsOnly: false,
      facts: ({ indexed }) => (indexed?.attachments === 0 ? false : undefined),
      content: (_kept, { filenames }) => filenames.some((name) => test(name.toLowerCase())),
    };
  },
  user(value) {
    const test = textTest(value);
    return facts((kept) => optional(kept.message.origin.user, test));
  },
  client(value) {
    const test = textTest(value);
    return facts((kept) => optional(kept.message.origin.client, test));
  },
  host(value) {
    const test = textTest(value);
    return facts((kept) => test(kept.message.origin.host.toLowerCase()));
  },
  session(value) {
    const test = textTest(value);
    return facts((kept) => optional(kept.message.origin.sessionId, test));
  },
  tag(value) {
    const test = textTest(value);
    return facts((kept) => kept.tags.some((tag) => test(tag.toLowerCase())));
  },
  state(value) {
    const wanted = value.toLowerCase();
    return facts((kept) => {
      const states: ReadonlySet<string> = statesOf(kept);
      return states.has(wanted);
    });
  },
  // A host that took it and whose answer was lost has it too.
  via(value) {
    const test = textTest(value);
    return facts(
      ({ deliveries, entries }) =>
        deliveries.some(({ via }) => optional(via, test)) || entries.some(({ hops = [] }) => hops.some(({ origin }) => test(origin.host))),
    );
  },
  fault(value) {
    const test = textTest(value);
    const some = (met: readonly { readonly faultId: string | null }[]): boolean => met.some(({ faultId }) => optional(faultId, test));
    return facts(({ message, deliveries }) => some(message.refused) || deliveries.some(({ attempts }) => some(attempts)));
  },
  is: (value, scope) => (IS[value.toLowerCase()] ?? (() => facts(() => false)))(scope),
  has: (value) => HAS[value.toLowerCase()] ?? facts(() => false),
  before(value, { now }) {
    const time = parseMoment(value, now) ?? 0;
    return facts((kept) => kept.message.receivedAt < time);
  },
  after(value, { now }) {
    const time = parseMoment(value, now) ?? 0;
    return facts((kept) => kept.message.receivedAt >= time);
  },
  larger(value) {
    const size = parseSize(value) ?? 0;
    return facts((kept) => kept.message.size > size);
  },
  smaller(value) {
    const size = parseSize(value) ?? 0;
    return facts((kept) => kept.message.size < size);
  },
};

function compileTerm({ field, value }: Term, scope: Scope): Matcher {
  const test = (TESTS[field] ?? (() => facts(() => false)))(value, scope);
  return { factsOnly: true, ...test };
}

/** `decisive` is the verdict that ends the walk: false for `and`, true for `or`. */
function compileList(matchers: readonly Matcher[], decisive: boolean): Matcher {
  return {
    factsOnly: matchers.every(({ factsOnly }) => factsOnly),
    facts(kept) {
      let open = false;
      for (const matcher of matchers) {
        const verdict = matcher.facts(kept);
        if (verdict === decisive) return decisive;
        if (verdict === undefined) open = true;
      }
      return open ? undefined : !decisive;
    },
    content: (kept, content) => matchers.some((matcher) => matcher.content(kept, content) === decisive) === decisive,
  };
}

export function compile(query: Query, scope: Scope): Matcher {
  switch (query.kind) {
    case 'term':
      return compileTerm(query, scope);
    case 'not': {
      const inner = compile(query.term, scope);
      return {
        factsOnly: inner.factsOnly,
        facts(kept) {
          const verdict = inner.facts(kept);
          return verdict === undefined ? undefined : !verdict;
        },
        content: (kept, content) => !inner.content(kept, content),
      };
    }
    default:
      return compileList(
        query.terms.map((term) => compile(term, scope)),
        query.kind === 'or',
      );
  }
}
