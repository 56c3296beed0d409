// The parameters of MAIL and RCPT (RFC 5321 §4.1.2 esmtp-param): one table each says what a parameter means.

import type { Envelope, EnvelopeRecipient } from '../mail/message.ts';
import { badParameter, reply } from './replies.ts';
import type { Reply } from './replies.ts';
import { decodeXtext } from './xtext.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };
export type EnvelopeDraft = Omit<Draft<Envelope>, 'recipients'> & { recipients: EnvelopeRecipient[] };
export type RecipientDraft = Draft<EnvelopeRecipient>;

/** Writes the value into the draft; false where it is not a legal one. `null` is a parameter without a value. */
type Read<T> = (draft: T, value: string | null) => boolean;

/** RFC 3461 §4.4 and §4.2. */
const MAX_ENVID = 100;
const MAX_ORCPT = 500;

const oneOf = <V extends string>(value: string | null, ...values: readonly V[]): V | undefined =>
  values.find((known) => known === value?.toUpperCase());

const NOTIFY = ['NEVER', 'SUCCESS', 'FAILURE', 'DELAY'] as const;

const MAIL: ReadonlyMap<string, Read<EnvelopeDraft>> = new Map<string, Read<EnvelopeDraft>>([
  [
    'SIZE', // RFC 1870 §5
    (draft, value) => {
      if (value === null || !/^\d{1,20}$/.test(value)) return false;
      draft.size = Number(value);
      return true;
    },
  ],
  [
    'BODY', // RFC 6152 §2, RFC 3030 §3
    (draft, value) => {
      const body = oneOf(value, '7BIT', '8BITMIME', 'BINARYMIME');
      if (body !== undefined) draft.body = body;
      return body !== undefined;
    },
  ],
  [
    'SMTPUTF8', // RFC 6531 §3.4
    (draft, value) => (draft.smtputf8 = value === null),
  ],
  [
    'RET', // RFC 3461 §4.3
    (draft, value) => {
      const ret = oneOf(value, 'FULL', 'HDRS');
      if (ret !== undefined) draft.ret = ret;
      return ret !== undefined;
    },
  ],
  [
    'ENVID', // RFC 3461 §4.4
    (draft, value) => {
      const envid = value === null || value === '' || value.length > MAX_ENVID ? null : decodeXtext(value);
      if (envid !== null) draft.envid = envid;
      return envid !== null;
    },
  ],
  [
    'AUTH', // RFC 4954 §5
    (draft, value) => {
      const auth = value === null || value === '' ? null : decodeXtext(value);
      if (auth !== null) draft.auth = auth;
      return auth !== null;
    },
  ],
]);

const RCPT: ReadonlyMap<string, Read<RecipientDraft>> = new Map<string, Read<RecipientDraft>>([
  [
    'NOTIFY', // RFC 3461 §4.1: NEVER stands alone
    (draft, value) => {
      const words = (value ?? '').split(',').map((word) => oneOf(word, ...NOTIFY));
      const notify = words.filter((word) => word !== undefined);
      if (notify.length !== words.length || new Set(notify).size !== notify.length) return false;
      draft.notify = notify;
      return notify.length === 1 || !notify.includes('NEVER');
    },
  ],
  [
    'ORCPT', // RFC 3461 §4.2, and RFC 6533 §3 for `utf-8;`
    (draft, value) => {
      const [, type, encoded] = /^([A-Za-z0-9-]+);(.+)$/.exec(value ?? '') ?? [];
      if (type === undefined || encoded === undefined || encoded.length > MAX_ORCPT) return false;
      const address = decodeXtext(encoded);
      if (address !== null) draft.orcpt = `${type};${type.toLowerCase() === 'utf-8' ? unescapeUtf8(address) : address}`;
      return address !== null;
    },
  ],
]);

/** RFC 6533 §3: `\x{HEX}` is one character. */
const unescapeUtf8 = (text: string): string =>
  text.replace(/\\x\{([0-9A-F]{2,6})\}/gi, (escape, hex: string) => {
    const point = parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : escape;
  });

function readAll<T>(table: ReadonlyMap<string, Read<T>>, draft: T, text: string): Reply | null {
  const seen = new Set<string>();
  for (const word of text.split(/[ \t]+/)) {
    const [, keyword, value] = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([^\x00-\x20=\x7f]*))?$/.exec(word) ?? [];
    if (keyword === undefined) return badParameter('Parameters are KEYWORD or KEYWORD=VALUE');
    const name = keyword.toUpperCase();
    const read = table.get(name);
    if (read === undefined) return reply(555, '5.5.4', `Unsupported parameter ${name.slice(0, 40)}`);
    if (seen.has(name)) return badParameter(`Parameter ${name} is given twice`);
    if (!read(draft, value ?? null)) return badParameter(`Bad value of parameter ${name}`);
    seen.add(name);
  }
  return null;
}

/** Reads the text after the path into the draft; answers the reply that refuses it, null where all is well. */
export const readMailParameters = (draft: EnvelopeDraft, text: string): Reply | null => (text === '' ? null : readAll(MAIL, draft, text));
export const readRcptParameters = (draft: RecipientDraft, text: string): Reply | null => (text === '' ? null : readAll(RCPT, draft, text));
