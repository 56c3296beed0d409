// Whose mail a receiver takes: one domain, those that fit a glob, or all; the nearest one counts.

import { fail } from '../../faults/read-rule.ts';
import { globTest } from '../../base/glob.ts';
import { memo } from '../../base/memo.ts';
import { foldedDomain, PATH_LIMITS, splitAddress } from '../../mail/address.ts';

/** Labels as domains have them, and stars in them. */
const PATTERN =
  /^[\p{L}\p{M}\p{N}_*](?:[\p{L}\p{M}\p{N}_*-]*[\p{L}\p{M}\p{N}_*])?(?:\.[\p{L}\p{M}\p{N}_*](?:[\p{L}\p{M}\p{N}_*-]*[\p{L}\p{M}\p{N}_*])?)*$/u;

/** As it is compared, in lower case and Unicode. Throws Refusal `unprocessable`. */
export function readDomain(written: string): string {
  const domain = foldedDomain(written.trim());
  if (!PATTERN.test(domain) || Buffer.byteLength(domain) > PATH_LIMITS.domain)
    fail('domain', 'a domain expected, or a glob such as *.corp.test, or *');
  return domain;
}

/** The receiver of an address; undefined for what is here. */
export type ReceiverOf<T> = (address: string) => T | undefined;

/** The one that names the domain, else the longest glob. */
export function fileByDomain<T extends { readonly domain: string }>(receivers: readonly T[]): ReceiverOf<T> {
  if (receivers.length === 0) return () => undefined;
  const exact = new Map(receivers.map((receiver) => [receiver.domain, receiver]));
  const globs = receivers
    .filter(({ domain }) => domain.includes('*'))
    .sort((a, b) => b.domain.length - a.domain.length || (a.domain < b.domain ? -1 : 1))
    .map((receiver) => ({ receiver, fits: globTest(receiver.domain) }));
  // Most mail is not theirs: a domain goes past all the globs once.
  const nearest = memo((domain: string): T | null => {
    const folded = foldedDomain(domain);
    return exact.get(folded) ?? globs.find(({ fits }) => fits(folded))?.receiver ?? null;
  });
  return (address) => {
    const { domain } = splitAddress(address);
    return domain === '' ? undefined : (nearest(domain) ?? undefined);
  };
}
