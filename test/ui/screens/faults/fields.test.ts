import { describe, expect, it } from 'vitest';
import { allCells } from '../../../../server/faults/cells.ts';
import { readRule } from '../../../../server/faults/read-rule.ts';
import type { Fault, FaultOptions, FaultRule } from '../../../../server/http/contract/types.ts';
import { problemAt, problems, shadow } from '../../../../ui/screens/faults/check.ts';
import { rowsOf, type Field } from '../../../../ui/screens/faults/fields.ts';

const options: FaultOptions = {
  seed: 1,
  cells: Array.from(allCells(), (cell) => ({
    ...cell,
    modifiers: [...cell.modifiers],
    endings: [...cell.endings],
    matches: [...cell.matches],
  })),
};
const rule: FaultRule = { on: { protocol: 'smtp', stage: 'rcpt' }, do: [{ reply: '450 4.2.0 Later' }] };
const field = (of: FaultRule, label: string, name = label): Field => {
  const found = rowsOf(of, options, ['mx1.shop.test'], true)
    .find((row) => row.label === label)
    ?.fields.find((one) => one.name === name);
  if (!found) throw new Error(`no field ${label} ${name}`);
  return found;
};
const labels = (of: FaultRule, all = false): string[] => rowsOf(of, options, [], all).map(({ label }) => label);

describe('fields', () => {
  it.each<[string, string, string, Partial<FaultRule>]>([
    ['Name', 'Name', 'busy', { name: 'busy' }],
    ['Where', 'Stage', 'mail', { on: { protocol: 'smtp', stage: 'mail' } }],
    ['Where', 'Protocol', 'imap', { on: { protocol: 'imap', stage: 'login' } }],
    ['Where', 'Host', '*', { on: { protocol: 'smtp', stage: 'rcpt', host: '*' } }],
    ['To', 'To', '*@shop.test', { match: { recipient: '*@shop.test' } }],
    ['Times', 'Times', '3', { when: { times: 3 } }],
    ['Ends', 'Ends', '15m', { ttl: '15m' }],
    ['When', 'When', 'chance', { when: { probability: 0.5, seed: 1 } }],
    ['Answer', 'Answer', 'reset', { do: [{ reset: true }] }],
    ['Answer', 'Reply', '550 no', { do: [{ reply: '550 no' }] }],
    ['Delay', 'Delay', '2s to 8s', { do: [{ delay: { min: '2s', max: '8s' } }, { reply: '450 4.2.0 Later' }] }],
  ])('%s, %s: %s', (label, name, typed, change) => expect(field(rule, label, name).set(typed)).toEqual({ ...rule, ...change }));

  it('show what the rule has, and belong to how it fires', () => {
    const chance: FaultRule = { ...rule, when: { probability: 0.25, seed: 7 } };
    expect([field(chance, 'When', 'percent').value, field(chance, 'When', 'seed').value]).toEqual([25, 7]);
    expect(field(chance, 'When', 'percent').set('50')?.when).toEqual({ probability: 0.5, seed: 7 });
    expect(field(chance, 'When', 'percent').set('0')).toBeNull();
    const first: FaultRule = { ...rule, when: { attempts: { first: 2 } } };
    expect(field(first, 'When', 'of each').set('user')?.when).toEqual({ attempts: { first: 2 }, attemptKey: 'user' });
  });

  it('are those that are known where the rule stands', () => {
    expect(labels({ ...rule, on: { stage: 'connect' } })).not.toContain('To');
    expect(labels({ ...rule, on: { stage: 'end-of-data' } }, true)).toEqual(expect.arrayContaining(['Subject', 'Header', 'Size over']));
    expect(labels({ on: { protocol: 'smtp', stage: 'tls' }, do: [{ certificate: 'expired' }] })).toContain('Certificate');
    expect(labels({ on: { protocol: 'imap', stage: 'select' }, do: [{ reset: true }] })).toContain('Mailbox');
  });

  it('offer only what the server takes', () => {
    for (const { protocol, stage } of options.cells) {
      const here: FaultRule = { on: { protocol, stage }, do: [{ delay: '1s' }] };
      const choices = field(here, 'Answer').choices ?? [];
      for (const [kind] of choices.filter(([name]) => name !== '')) {
        const made = field(here, 'Answer').set(kind);
        expect(() => readRule(made), `${protocol} ${stage} ${kind}`).not.toThrow();
      }
    }
  });
});

describe('what is wrong', () => {
  it.each<[FaultRule, string, string]>([
    [{ ...rule, on: { stage: 'nowhere' } }, 'on', 'SMTP has no stage nowhere'],
    [{ ...rule, match: { subject: 'x' } }, 'match.subject', 'subject is not known yet at rcpt'],
    [{ ...rule, do: [{ acceptThen: 'reset' }] }, 'do[0]', 'acceptThen is not possible at rcpt'],
    [{ ...rule, do: [] }, 'do', 'Nothing to do: give an answer or a delay'],
    [{ ...rule, when: { attempts: { from: 5, to: 3 } } }, 'when', 'It would never fire'],
    [{ ...rule, when: { probability: 0 } }, 'when', 'It would never fire'],
  ])('%j', (wrong, path, reason) => {
    expect(problemAt(problems(wrong, options), path)).toBe(reason);
    expect(() => readRule(wrong)).toThrow();
  });

  it('is nothing where the server says so', () => expect(problems(rule, options)).toEqual([]));
});

describe('rules that are never reached', () => {
  const fault = (id: string, more: Partial<Fault>): Fault => ({ ...rule, id, enabled: true, ...more }) as Fault;
  it.each<[string, Fault[], number]>([
    ['after one for everybody', [fault('a', {}), fault('x', {})], 1],
    ['after one for any stage', [fault('a', { on: { stage: 'any' } }), fault('x', {})], 1],
    ['after one on every host', [fault('a', { on: { stage: 'rcpt', host: '*' } }), fault('x', {})], 1],
    ['before it', [fault('x', {}), fault('a', {})], 0],
    ['after one that is off', [fault('a', { enabled: false }), fault('x', {})], 0],
    ['after one for some', [fault('a', { match: { recipient: 'a@b' } }), fault('x', {})], 0],
    ['after one that fires at times', [fault('a', { when: { attempts: { first: 1 } } }), fault('x', {})], 0],
    ['after one at another stage', [fault('a', { on: { stage: 'mail' } }), fault('x', {})], 0],
    ['when it is new', [fault('a', { match: { sender: 'a@b' } }), fault('b', {})], 2],
  ])('%s', (_name, list, place) => expect(shadow(rule, 'x', list)).toBe(place));
});
