// What stands in the way of sending, in words, by field.

import type { Address } from '../../../server/http/contract/types.ts';
import type { Written } from '../../state/written.ts';
import { text } from '../../text/compose.ts';
import { isAddress, readAddresses } from './addresses.ts';

export type Field = 'from' | 'to' | 'cc' | 'bcc' | 'headers';
export type Problems = Partial<Record<Field, string>>;

const NAME = /^[!-9;-~]+$/;

function sender(from: string): string | undefined {
  if (from.trim() === '') return text.noFrom;
  const read = readAddresses(from);
  return read.length === 1 && read.every(({ address }) => isAddress(address)) ? undefined : text.notAnAddress(from.trim());
}

function recipients(list: readonly Address[]): string | undefined {
  const bad = list.find(({ address }) => !isAddress(address));
  return bad && text.notAnAddress(bad.address);
}

function headers(rows: Written['headers']): string | undefined {
  const names = rows.filter(({ name, value }) => `${name}${value}`.trim() !== '').map(({ name }) => name.trim());
  const bad = names.find((name) => !NAME.test(name));
  if (bad !== undefined) return bad === '' ? text.noHeaderName : text.badHeaderName(bad);
  const twice = names.find((name, i) => names.some((other, j) => j < i && other.toLowerCase() === name.toLowerCase()));
  return twice && text.headerTwice(twice);
}

export function problemsOf(written: Written): Problems {
  const { from, to, cc, bcc } = written;
  const found: Record<Field, string | undefined> = {
    from: sender(from),
    to: recipients(to) ?? (to.length + cc.length + bcc.length === 0 ? text.noRecipientYet : undefined),
    cc: recipients(cc),
    bcc: recipients(bcc),
    headers: headers(written.headers),
  };
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem !== undefined));
}

/** Of the element that says it. */
export const problemId = (problems: Problems, field: Field): string | undefined =>
  problems[field] === undefined ? undefined : `problem-${field}`;
