import { expect, it } from 'vitest';
import type { SessionLine } from '../../../../server/http/contract/types.ts';
import { turns } from '../../../../ui/screens/message/turns.ts';

const START = Date.parse('2026-01-31T14:02:11.401Z');

/** `ms C text`, `S` the server, `R` Mailrig; `!` at the end is an injected reply. */
function conversation(...lines: string[]): SessionLine[] {
  const sides = { C: 'client', S: 'server', R: 'rig' } as const;
  return lines.map((line) => {
    const [, ms = '', side = '', text = '', injected] = /^(\d+) ([CSR]) (.*?)(!?)$/.exec(line) ?? [];
    return { at: new Date(START + Number(ms)).toISOString(), side: sides[side as 'C'], text, bytes: null, faultId: injected ? 'f1' : null };
  });
}
const shown = (lines: SessionLine[]): string[] => turns(lines).map((turn) => `${turn.time} ${turn.side} ${turn.lines.join(' | ')}`);

it('counts the time from turn to turn and folds a reply of many lines', () => {
  const [first, ...rest] = shown(
    conversation('0 S 220 ready', '3 C EHLO web', '5 S 250-mailrig.test', '5 S 250-SIZE 1', '5 S 250 STARTTLS', '1505 C QUIT'),
  );
  expect(first).toMatch(/^\d\d:\d\d:11\.401 server 220 ready$/);
  expect(rest).toEqual(['+3 ms client EHLO web', '+2 ms server 250-mailrig.test | 250-SIZE 1 | 250 STARTTLS', '+1.5 s client QUIT']);
});

it('ends a reply that breaks off where the client speaks again', () => {
  expect(turns(conversation('0 S 250-a', '1 C NOOP')).map(({ lines }) => lines)).toEqual([['250-a'], ['NOOP']]);
});

it('marks what was injected and what is about TLS', () => {
  const [injected, secure, plain] = turns(conversation('0 S 451 4.3.2 busy!', '1 R TLS 1.3, X25519', '2 C TLS'));
  expect([injected?.injected, secure?.secure, plain?.injected, plain?.secure]).toEqual([true, true, false, false]);
});
