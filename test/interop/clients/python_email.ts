// What Python's `email` reads in the messages of fixtures/mail, beside what Mailrig reads: types, decoded octets, names, addresses.

import { createHash } from 'node:crypto';
import { mailboxesAndGroups } from '../../../server/mail/address-list.ts';
import { decodeBody } from '../../../server/mail/decode.ts';
import { allParts, parseMime } from '../../../server/mail/mime.ts';
import { valuesIn } from '../../../server/mail/header.ts';
import { python } from '../../flows/programs.ts';
import { FIXTURES, fixture, fixtureNames } from '../../server/mail/projection.ts';
import { createOpinions } from '../opinions.ts';
import type { Reason } from '../opinions.ts';

const REASONS: readonly Reason[] = [
  {
    message: /^address-/,
    place: /from|to|cc/,
    why: 'what can be read of a broken list is told, and the way that an address was to go is no address (RFC 5322 §4.4)',
  },
  { message: 'groups', place: /to/, why: 'the comment after an address is its name; Python joins all comments' },
  { message: 'names-encoded', place: /cc/, why: 'a comma that wants quotes is read as part of the name' },
  {
    message: /report|bounce-multi|read-receipt|message-global|external-body|partial-message/,
    place: /types|octets/,
    why: 'Python opens every message/…, as if its text were a message; IMAP opens message/rfc822 and message/global alone (RFC 9051 §7.5.2)',
  },
  { message: 'message-encoded', place: /types|octets/, why: 'a message in base64 cannot be opened (RFC 2046 §5.2.1)' },
  {
    message: 'boundary-no-close',
    place: /octets/,
    why: 'the last line end of a part that nothing closes is its own; Python takes it away',
  },
  {
    message: /^header-(?:no-fields-between|obsolete)$|^duplicate-headers$/,
    place: /./,
    why: 'a line that is no field is passed over, and white space before the colon is obsolete syntax (RFC 5322 §4.5); Python ends the header there',
  },
  { message: 'parameters-odd', place: /types|octets/, why: 'a comment after a parameter is no part of its value (RFC 2045 §5.1)' },
  { message: 'odd-encodings', place: /octets/, why: 'a comment after an encoding is no part of its name (RFC 2045 §6.1)' },
];

const SCRIPT = `
import email, email.utils, hashlib, json, sys

def text(value):
    octets = value.encode('ascii', 'surrogateescape')
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode('cp1252')

said = {}
for name in sys.argv[2:]:
    with open(sys.argv[1] + name + '.eml', 'rb') as file:
        root = email.message_from_bytes(file.read())
    parts = list(root.walk())
    octets = ['-' if part.is_multipart() else hashlib.sha256(part.get_payload(decode=True) or b'').hexdigest()[:12] for part in parts]
    facts = {'types': ' '.join(part.get_content_type() for part in parts), 'octets': ' '.join(octets)}
    def values(field):
        return [text(''.join(value.splitlines())).strip() for key, value in root.raw_items() if key.lower() == field]
    for field in ('from', 'to', 'cc', 'reply-to'):
        facts[field] = [list(pair) for pair in email.utils.getaddresses(values(field)) if pair != ('', '')]
    for field in ('subject', 'message-id', 'in-reply-to', 'date'):
        facts[field] = (values(field) or [None])[0]
    said[name] = facts
json.dump(said, sys.stdout)
`;

interface Facts extends Record<string, unknown> {
  readonly types: string;
}

const digest = (octets: Buffer): string => createHash('sha256').update(octets).digest('hex').slice(0, 12);

function ours(raw: Buffer): Facts {
  const root = parseMime(raw);
  const parts = [...allParts(root)];
  const valuesOf = valuesIn(raw.subarray(0, root.headerEnd));
  const people = (field: string): string[][] =>
    mailboxesAndGroups(valuesOf(field).join(', '))
      .flatMap((item) => ('group' in item ? item.members : [item]))
      .map(({ name, address }) => [name, address]);
  return {
    types: parts.map(({ type, subtype }) => `${type}/${subtype}`).join(' '),
    octets: parts.map((part) => (part.children.length > 0 || part.message ? '-' : digest(decodeBody(raw, part)))).join(' '),
    ...Object.fromEntries(['from', 'to', 'cc', 'reply-to'].map((field) => [field, people(field)])),
    ...Object.fromEntries(['subject', 'message-id', 'in-reply-to', 'date'].map((field) => [field, valuesOf(field)[0] ?? null])),
  };
}

const said = JSON.parse((await python(SCRIPT, FIXTURES.pathname, ...fixtureNames)).toString()) as Record<string, Facts>;
const opinions = createOpinions(REASONS);
for (const name of fixtureNames) {
  const [mine, theirs] = [ours(fixture(name)), said[name]];
  for (const place of Object.keys(mine)) opinions.compare(name, place, mine[place], theirs?.[place]);
}
opinions.report('python_email');
