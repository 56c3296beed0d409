// What a fixture is checked for: its facts, its tree with offsets, and what opening it gives, in short form.

import { readdirSync, readFileSync } from 'node:fs';
import { formatDate } from '../../../server/mail/date.ts';
import { headerFacts } from '../../../server/mail/facts.ts';
import type { MailAddress } from '../../../server/mail/message.ts';
import { fileName } from '../../../server/mail/mime.ts';
import type { MimePart } from '../../../server/mail/mime.ts';
import { openMessage } from '../../../server/mail/open.ts';
import { snippet } from '../../../server/mail/snippet.ts';

export const FIXTURES = new URL('../../../fixtures/mail/', import.meta.url);

export const fixtureNames = readdirSync(FIXTURES)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => name.slice(0, -'.eml'.length));

export const fixture = (name: string): Buffer => readFileSync(new URL(`${name}.eml`, FIXTURES));

function projectPart(part: MimePart): object {
  const name = fileName(part);
  return {
    partId: part.partId,
    type: `${part.type}/${part.subtype}`,
    header: `${part.headerStart}..${part.headerEnd}`,
    body: `${part.bodyStart}..${part.bodyEnd}`,
    ...(part.encoding === '7bit' ? {} : { encoding: part.encoding }),
    ...(name === null ? {} : { filename: name }),
    ...(part.defects.length > 0 ? { defects: part.defects } : {}),
    ...(part.children.length > 0 ? { children: part.children.map(projectPart) } : {}),
    ...(part.message ? { message: projectPart(part.message) } : {}),
  };
}

const written = ({ name, address }: MailAddress): string => (name === '' ? address : `${name} <${address}>`);

const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

export async function project(raw: Buffer): Promise<object> {
  const { header } = headerFacts(raw);
  const { text, html, root, attachments, links, codes, defects } = await openMessage(raw);
  const projection = {
    size: raw.length,
    subject: header.subject,
    from: header.from.map(written),
    to: header.to.map(written),
    cc: header.cc.map(written),
    toCount: header.toCount,
    messageId: header.messageId,
    date: header.date === null ? null : formatDate(header.date),
    tree: projectPart(root),
    text: text?.slice(0, 200) ?? null,
    html: html?.slice(0, 200) ?? null,
    snippet: snippet(text, html),
    attachments: attachments.map(({ sha256, ...rest }) => ({ ...rest, sha256: sha256.slice(0, 8) })),
    links: links.map(({ href, text: shown }) => `${href} ${shown}`),
    codes,
    defects,
  };
  return Object.fromEntries(Object.entries(projection).filter(([, value]) => !isEmpty(value)));
}
