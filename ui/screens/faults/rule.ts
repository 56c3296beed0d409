// A rule in the words that it was given in, without what the server adds; as JSON, and as a call.

import type { Fault, FaultRule } from '../../../server/http/contract/types.ts';
import { curl } from '../../parts/curl.ts';
import { text } from '../../text/faults.ts';
import { sees } from './sees.ts';
import { sentence } from './sentence.ts';

/** In the order in which they are read. */
const WORDS = ['name', 'enabled', 'ttl', 'on', 'match', 'when', 'do', 'script'] as const;

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);

/** What is as if it were not there is left out. */
export function wordsOf(rule: FaultRule): FaultRule {
  const { on } = rule;
  const entries = WORDS.filter((name) => name !== 'on' && !isEmpty(rule[name]) && !(name === 'enabled' && rule.enabled === true)).map(
    (name) => [name, rule[name]] as const,
  );
  const place = Object.fromEntries(
    Object.entries(on).filter(([, value]) => value !== null && value !== undefined),
  ) as unknown as FaultRule['on'];
  const head = entries.filter(([name]) => name === 'name' || name === 'enabled' || name === 'ttl');
  return { ...Object.fromEntries(head), on: place, ...Object.fromEntries(entries.slice(head.length)) };
}

export const asJson = (rule: FaultRule): string => JSON.stringify(wordsOf(rule), null, 2);

export const asCall = (rule: FaultRule, url: string): string => curl(url, wordsOf(rule));

/** All of a rule, so that what is not in it goes: null takes a field away. */
export const wholeOf = (rule: FaultRule): Readonly<Record<string, unknown>> => {
  const words: Partial<Record<string, unknown>> = { ...wordsOf(rule) };
  return Object.fromEntries(WORDS.filter((name) => name !== 'enabled').map((name) => [name, words[name] ?? null]));
};

/** What the server was not told by anybody. */
export const withId = (fault: Fault): FaultRule => ({ id: fault.id, ...wordsOf(fault) });

/** What is wrong with it as JSON, or the rule; its fields are the server's to check. */
export function readRule(json: string): FaultRule | string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return text.noJson(error instanceof Error ? error.message : String(error));
  }
  try {
    const rule = value as FaultRule;
    // Whoever reads it must not stumble over it.
    if (typeof rule.on.stage === 'string' && sentence(rule) !== '' && sees(rule) !== undefined && asJson(rule) !== '') return rule;
  } catch {
    // Falls through: it is of another shape.
  }
  return text.noRule;
}
