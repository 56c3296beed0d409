// What Dovecot says of the messages in fixtures/mail, beside what Mailrig says: ENVELOPE, BODYSTRUCTURE, the octets of each section.

import { startDovecot } from '../../bench/dovecot.ts';
import { Client } from '../../conversations/client.ts';
import { ask, readFetches } from '../../conversations/imap-reply.ts';
import type { Value } from '../../conversations/imap-reply.ts';
import { sectionsOf } from '../../server/imap/fetch/golden.ts';
import { fixture, fixtureNames } from '../../server/mail/projection.ts';
import { createOpinions } from '../opinions.ts';
import type { Reason } from '../opinions.ts';

const REASONS: readonly Reason[] = [
  { message: /./, place: /^\[99\]$/, why: 'a part that is not there is NIL with us; an empty string would be a part without octets' },
  { message: /bare-lf|cr-only/, place: /size|octets|lines|^\[|subject/, why: 'Dovecot changes line ends; we give what was sent' },
  {
    message: /^8bit-unlabelled|^header-8bit-latin1/,
    place: /subject|from|sender|reply-to|parameters/,
    why: 'octets of no declared charset come as UTF-8, which every client reads',
  },
  {
    message: /^address-/,
    place: /from|sender|reply-to|to|cc/,
    why: 'SYNTAX_ERROR and MISSING_… are no part of the message: what can be read is told, a name alone has an empty host',
  },
  {
    message: /^boundary-missing|^multipart-empty|^multipart-no-boundary/,
    place: /./,
    why: 'a multipart that cannot be cut is shown as the text that it is; Dovecot shows an empty part and hides the text',
  },
  {
    message: /^boundary-odd|^boundary-prefix/,
    place: /./,
    why: 'Dovecot takes a longer line that begins as a boundary for one (RFC 2046 §5.1.1 allows it); then a multipart whose boundary begins as its parent’s is torn apart. Python reads as we do',
  },
  { message: 'boundary-same', place: /./, why: 'an inner boundary that is the outer one ends the inner part (RFC 2046 §5.1.2)' },
  {
    message: /^(?:duplicate-headers|from-twice)$/,
    place: /subject/,
    why: 'of a field that stands twice we tell the first, as the page does; Dovecot tells the last',
  },
  {
    message: /^(?:deep-nesting|forwarded|nested|pgp-signed|report-whole-message)$/,
    place: /^\[[\d.]+(?:TEXT)?\]$|^[23] (?:octets|lines)$/,
    why: 'the line end before a boundary line is part of that boundary (RFC 2046 §5.1.1); Dovecot leaves it to a part that itself ends with a boundary',
  },
  { message: /^header-controls$|^nul-octets$/, place: /^kept$/, why: 'no literal of APPEND may hold a NUL (RFC 9051 §9, CHAR8)' },
  { message: /^(?:header-only|no-empty-line)$/, place: /FIELDS/, why: 'the empty line is always there (RFC 9051 §6.4.5.1)' },
  {
    message: 'message-encoded',
    place: /^(?:root|\.1|\[1)| envelope/,
    why: 'a message in base64 cannot be opened (RFC 2046 §5.2.1): it is told as what can be read of it',
  },
  { message: 'message-global', place: /^\[?1/, why: 'message/global has an ENVELOPE (RFC 9051 §7.5.2), which this Dovecot does not know' },
  { message: 'names-encoded', place: /cc/, why: 'a comma that wants quotes is read as part of the name' },
  {
    message: 'parameters-odd',
    place: /^[13] /,
    why: 'names with spaces and without quotes are common, and a Content-Type that is none means text/plain (RFC 2045 §5.2); Dovecot tells an empty type',
  },
  {
    message: /^rfc2231-/,
    place: /parameters|disposition/,
    why: 'a plain piece within an extended value is encoded as that value is (RFC 2231 §4.1)',
  },
];

const FIELDS = ['date', 'subject', 'from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'in-reply-to', 'message-id'];

/** Words that may be in any case, and parameters in any order. */
function plain(value: Value): unknown {
  if (value === null) return null;
  return typeof value === 'string' ? Buffer.from(value, 'latin1').toString() : value.map(plain);
}

const lower = (value: Value | undefined): unknown => (typeof value === 'string' ? value.toLowerCase() : (value ?? null));

function parameters(value: Value | undefined): unknown {
  if (!Array.isArray(value)) return value ?? null;
  const pairs = value.flatMap((each: Value, i) => (i % 2 === 0 ? [[String(each).toLowerCase(), plain(value[i + 1] as Value)]] : []));
  return Object.fromEntries(pairs.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)) as [string, unknown][]);
}

const disposition = (value: Value | undefined): unknown =>
  Array.isArray(value) ? [lower(value[0] as Value), parameters(value[1] as Value)] : null;

type Facts = Map<string, unknown>;

function envelopeFacts(facts: Facts, place: string, envelope: Value): void {
  FIELDS.forEach((field, i) => facts.set(`${place}.${field}`, Array.isArray(envelope) ? plain(envelope[i] as Value) : envelope));
}

/** Each fact of a body structure by its place: `2.1 size`. */
function structureFacts(facts: Facts, id: string, body: Value): void {
  if (!Array.isArray(body)) return;
  const list = body as readonly Value[];
  const at = (name: string, value: unknown): void => void facts.set(`${id || 'root'} ${name}`, value ?? null);
  if (Array.isArray(list[0])) {
    const end = list.findIndex((each) => !Array.isArray(each));
    list.slice(0, end).forEach((child, i) => structureFacts(facts, id === '' ? `${i + 1}` : `${id}.${i + 1}`, child));
    at('type', `multipart/${String(lower(list[end]))}`);
    at('parameters', parameters(list[end + 1]));
    at('disposition', disposition(list[end + 2]));
    at('language', list[end + 3]);
    at('location', list[end + 4]);
    return;
  }
  const type = `${String(lower(list[0]))}/${String(lower(list[1]))}`;
  at('type', type);
  at('parameters', parameters(list[2]));
  for (const [i, name] of ['id', 'description'].entries()) at(name, plain(list[3 + i] ?? null));
  at('encoding', lower(list[5]));
  at('octets', list[6]);
  let rest = 7;
  if (type === 'message/rfc822' || type === 'message/global') {
    envelopeFacts(facts, `${id} envelope`, list[7] ?? null);
    structureFacts(facts, Array.isArray(list[8]) && Array.isArray(list[8][0]) ? id : `${id}.1`, list[8] ?? null);
    rest = 9;
  }
  if (rest === 9 || type.startsWith('text/')) at('lines', list[rest++]);
  for (const [i, name] of ['md5', 'disposition', 'language', 'location'].entries())
    at(name, name === 'disposition' ? disposition(list[rest + i]) : list[rest + i]);
}

/** All that a server says of the messages. */
async function saidBy(port: number): Promise<Map<string, Facts>> {
  const client = await Client.connect(port);
  await client.line();
  await ask(client, 'LOGIN jo@shop.test x');
  const said = new Map<string, Facts>();
  await ask(client, 'CREATE fixtures');
  for (const name of fixtureNames) {
    const raw = fixture(name);
    if (!(await ask(client, `APPEND fixtures {${raw.length}+}\r\n${raw.toString('latin1')}`)).includes(' OK ')) continue;
    said.set(name, new Map());
  }
  await ask(client, 'SELECT fixtures');
  for (const [i, [name, facts]] of [...said].entries()) {
    const sections = sectionsOf(fixture(name));
    const items = ['ENVELOPE', 'BODYSTRUCTURE', 'RFC822.SIZE', ...sections.map((section) => `BODY.PEEK[${section}]`)];
    const reply = readFetches(await ask(client, `FETCH ${i + 1} (${items.join(' ')})`)).get(i + 1);
    envelopeFacts(facts, 'envelope', reply?.get('ENVELOPE') ?? null);
    structureFacts(facts, '', reply?.get('BODYSTRUCTURE') ?? null);
    facts.set('size', reply?.get('RFC822.SIZE'));
    for (const section of sections) facts.set(`[${section}]`, reply?.get(`BODY[${section}]`.toUpperCase()) ?? null);
  }
  await ask(client, 'LOGOUT');
  return said;
}

const dovecot = await startDovecot();
if (!dovecot) throw new Error('Dovecot cannot be started: this is not root');
try {
  const [theirs, ours] = [await saidBy(dovecot.imap), await saidBy(Number(process.env['IMAP_PORT']))];
  const opinions = createOpinions(REASONS);
  for (const name of fixtureNames) {
    const [mine, other] = [ours.get(name), theirs.get(name)];
    if (!mine || !other) {
      opinions.compare(name, 'kept', mine !== undefined, other !== undefined);
      continue;
    }
    for (const place of new Set([...mine.keys(), ...other.keys()])) opinions.compare(name, place, mine.get(place), other.get(place));
  }
  opinions.report('dovecot');
} finally {
  await dovecot.stop();
}
