// MAIL and RCPT as they are written for a host, and what it cannot be given because it lacks an extension for it.

import { isAscii as octetsAreAscii } from 'node:buffer';
import type { EnvelopeRecipient } from '../../mail/message.ts';
import { isAscii } from '../../smtp/path.ts';
import { encodeXtext } from '../../smtp/xtext.ts';
import type { Offers } from './offers.ts';
import type { Batch, Outcome } from './outcome.ts';
import { unsaid } from './verdict.ts';

/** What a batch asks of a host. */
interface Needs {
  readonly eightBit: boolean;
  readonly binary: boolean;
  readonly utf8: boolean;
}

/** By what is there, not by what the sender has said: many send 8-bit text without a word. */
function needsOf({ sender, recipients, raw, body, smtputf8 }: Batch): Needs {
  const ascii = octetsAreAscii(raw);
  return {
    eightBit: !ascii,
    binary: body === 'BINARYMIME',
    utf8: (smtputf8 && !ascii) || !isAscii(sender) || recipients.some(({ address }) => !isAscii(address)),
  };
}

/** Nothing that an address may hold, quoted or not; it would end the command. */
const BREAKS_OUT = /[\x00-\x1f\x7f]/;

/** Octets as SIZE counts them: a line that lacks its end gets one (RFC 1870 §3). */
const sizeOf = (raw: Buffer): number => raw.length + (raw.length === 0 || raw.toString('latin1', raw.length - 2) === '\r\n' ? 0 : 2);

/** Why the host cannot take it; null where it can. */
type Obstacle = (offers: Offers, needs: Needs, batch: Batch) => readonly [enhanced: string, text: string] | null;

/** Bodies are never converted. */
const OBSTACLES: readonly Obstacle[] = [
  (_offers, _needs, { sender }) => (BREAKS_OUT.test(sender) ? ['5.1.7', 'Bad sender address'] : null),
  ({ utf8 }, needs) => (needs.utf8 && !utf8 ? ['5.6.7', 'SMTPUTF8 is needed, and not offered by the host'] : null),
  ({ binary }, needs) => (needs.binary && !binary ? ['5.6.3', 'BINARYMIME is needed, and not offered by the host'] : null),
  ({ eightBit }, needs) =>
    needs.eightBit && !needs.binary && !eightBit ? ['5.6.3', '8BITMIME is needed, and not offered by the host'] : null,
  ({ size }, _needs, { raw }) =>
    size !== null && sizeOf(raw) > size ? ['5.3.4', `Message size ${sizeOf(raw)} exceeds size limit ${size} of the host`] : null,
];

export interface Commands {
  readonly mail: string;
  rcpt(recipient: EnvelopeRecipient): string;
  /** Sent with BDAT, whose octets may be any (RFC 3030). */
  readonly binary: boolean;
}

const given = (...parameters: readonly (string | false | null)[]): string =>
  parameters.filter((parameter) => typeof parameter === 'string').join('');

/** RFC 6533 §3: with `\x{HEX}` an address in UTF-8 can go to any host. */
const encodeUtf8 = (address: string): string =>
  address.replace(/[^!-~]|[\\+=]/gu, (letter) => `\\x{${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}}`);

function originalRecipient(orcpt: string): string {
  const type = orcpt.slice(0, orcpt.indexOf(';'));
  const address = orcpt.slice(type.length + 1);
  return `${type};${type.toLowerCase() === 'utf-8' ? encodeUtf8(address) : encodeXtext(address)}`;
}

/** The outcome for all recipients where the host cannot take it. */
export function commandsFor(batch: Batch, offers: Offers): Commands | Outcome {
  const needs = needsOf(batch);
  const { sender, raw, ret, envid } = batch;
  for (const obstacle of OBSTACLES) {
    const [enhanced, text] = obstacle(offers, needs, batch) ?? [];
    if (enhanced !== undefined && text !== undefined) return unsaid('permanent', 'mail', enhanced, text);
  }
  const eightBit = needs.eightBit || (batch.body === '8BITMIME' && offers.eightBit);
  const parameters = given(
    offers.size !== null && ` SIZE=${sizeOf(raw)}`,
    needs.binary ? ' BODY=BINARYMIME' : eightBit && ' BODY=8BITMIME',
    // Said also where only the sender says so: what follows may rely on it.
    (needs.utf8 || (batch.smtputf8 && offers.utf8)) && ' SMTPUTF8',
    offers.dsn && ret !== null && ` RET=${ret}`,
    offers.dsn && envid !== null && ` ENVID=${encodeXtext(envid)}`,
  );
  return {
    mail: `MAIL FROM:<${sender}>${parameters}\r\n`,
    rcpt: ({ address, notify, orcpt }) => {
      const dsn = given(notify !== undefined && ` NOTIFY=${notify.join(',')}`, orcpt !== undefined && ` ORCPT=${originalRecipient(orcpt)}`);
      return `RCPT TO:<${address}>${offers.dsn ? dsn : ''}\r\n`;
    },
    binary: needs.binary,
  };
}

/** A recipient that no host is asked for. */
export const badRecipient = ({ address }: EnvelopeRecipient): Outcome | null =>
  BREAKS_OUT.test(address) ? unsaid('permanent', 'rcpt', '5.1.3', 'Bad recipient address') : null;
