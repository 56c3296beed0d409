// Puts a message in without SMTP: a whole one as it is, or one made from its parts.

import type { z } from '@hono/zod-openapi';
import { ParseError, Refusal } from '../../base/errors.ts';
import type { Sent } from '../../delivery/send.ts';
import { addressList } from '../../mail/address-list.ts';
import { parsePath } from '../../mail/address.ts';
import { composeMessage } from '../../mail/compose.ts';
import { readHeader } from '../../mail/header.ts';
import type { Origin } from '../../mail/message.ts';
import type { newMessage } from '../contract/messages.ts';
import type { HttpDeps } from '../deps.ts';
import { HttpRefusal } from '../errors.ts';

type NewMessage = z.output<typeof newMessage>;

interface Envelope {
  readonly sender: string;
  readonly recipients: readonly string[];
}

export interface Injection {
  readonly sender?: string | undefined;
  readonly rcpt?: readonly string[] | undefined;
  readonly via?: 'smtp' | undefined;
  /** `address:port` of the caller. */
  readonly client: string | null;
}

function malformed(field: string, message: string): HttpRefusal {
  return new HttpRefusal('malformed', `${field}: ${message}`, { details: { field } });
}

/** An address that may stand in an envelope, as a MAIL or RCPT command has it; the null path only where it is `allowed`. */
function envelopeAddress(field: string, text: string, allowed: 'null path' | null = null): string {
  try {
    const { address, rest } = parsePath(/^\s*</.test(text) ? text : `<${text}>`);
    if (rest === '' && (address !== '' || allowed !== null)) return address;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw malformed(field, `"${text}" is no address: ${error.message}`);
  }
  throw malformed(field, `"${text}" is no address`);
}

const list = (value: string | readonly string[] | undefined): string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : [...value];

/** What stands for an address, be it one or not. */
const addressesIn = (values: readonly string[]): string[] =>
  values.flatMap((value) => addressList(value, Infinity).addresses.map(({ name, address }) => address || name));

/** The addresses that a field of the request names, every one of them good. */
const addressesOf = (field: string, values: string | readonly string[] | undefined): string[] =>
  addressesIn(list(values)).map((address) => envelopeAddress(field, address));

/** Sender and recipients that a header names. */
export function headerEnvelope(raw: Buffer): { from: string; to: string[] } {
  const { fields } = readHeader(raw);
  const values = (...names: string[]): string[] =>
    fields.filter(({ name }) => names.includes(name.toLowerCase())).map(({ value }) => value);
  const [from] = values('from').flatMap((value) => addressList(value, Infinity).addresses);
  return { from: from?.address ?? '', to: addressesIn(values('to', 'cc', 'bcc')) };
}

function envelopeOf({ sender, rcpt }: Injection, from: string, to: readonly string[]): Envelope {
  const recipients = rcpt ?? to;
  if (recipients.length === 0) throw malformed('rcpt', 'names no recipient, and neither does the header');
  return {
    sender:
      sender === undefined ? (from === '' ? '' : envelopeAddress('from', from)) : envelopeAddress('sender', sender || '<>', 'null path'),
    recipients: [...new Set(recipients.map((address) => envelopeAddress('rcpt', address)))],
  };
}

async function compose(mail: NewMessage): Promise<Buffer> {
  return composeMessage({
    from: mail.from,
    to: list(mail.to),
    cc: list(mail.cc),
    ...(mail.subject !== undefined && { subject: mail.subject }),
    ...(mail.text !== undefined && { text: mail.text }),
    ...(mail.html !== undefined && { html: mail.html }),
    attachments: (mail.attachments ?? []).map(({ filename, contentType, content }) => ({
      filename,
      content,
      ...(contentType !== undefined && { contentType }),
    })),
    headers: mail.headers ?? {},
  });
}

/** @throws HttpRefusal malformed, Refusal of the store or of the submission server */
export async function inject(deps: HttpDeps, injection: Injection, given: Buffer | NewMessage): Promise<Sent> {
  let raw: Buffer;
  let envelope: Envelope;
  if (Buffer.isBuffer(given)) {
    raw = given;
    const { from, to } = headerEnvelope(raw);
    envelope = envelopeOf(injection, from, to);
  } else {
    const [from] = addressesOf('from', given.from);
    if (from === undefined) throw malformed('from', `"${given.from}" is no address`);
    const to = (['to', 'cc', 'bcc'] as const).flatMap((field) => addressesOf(field, given[field]));
    envelope = envelopeOf(injection, from, to);
    raw = await compose(given);
  }
  const { maxMessageSize } = deps.settings;
  if (maxMessageSize > 0 && raw.length > maxMessageSize) {
    throw new Refusal('too-large', `the message is larger than ${maxMessageSize} octets`, { limit: maxMessageSize });
  }
  if (injection.via === 'smtp') {
    if (!deps.sendViaSmtp) throw new Refusal('unprocessable', 'no submission server is running');
    return deps.sendViaSmtp({ ...envelope, raw });
  }
  const origin: Origin = {
    source: 'http',
    sessionId: null,
    client: injection.client,
    user: null,
    host: 'http',
    helo: null,
    protocol: 'HTTP',
    by: deps.settings.name,
  };
  const id = await deps.submit({
    envelope: { sender: envelope.sender, recipients: envelope.recipients.map((address) => ({ address })) },
    refused: [],
    raw,
    origin,
  });
  return { id, sessionId: null, refused: [] };
}
