import { expect, it } from 'vitest';
import type { FaultRule } from '../../../../server/http/contract/types.ts';
import { sees } from '../../../../ui/screens/faults/sees.ts';

it.each<[Pick<FaultRule, 'do' | 'script'>, string]>([
  [{ do: [{ reply: '450 4.2.0 Later' }] }, '450 4.2.0 Later'],
  [{ do: [{ reply: { code: 550, enhanced: '5.1.1', lines: ['No', 'such user'] } }] }, '550-5.1.1 No ⏎ 550 5.1.1 such user'],
  [{ do: [{ delay: '2s' }, { close: true }] }, 'end of file'],
  [{ do: [{ reset: true }] }, 'ECONNRESET'],
  [{ do: [{ stall: true }] }, 'no answer until it gives up'],
  [{ do: [{ truncate: { bytes: 100, then: 'reset' } }] }, '100 B, then ECONNRESET'],
  [{ do: [{ corrupt: 'bad-code' }] }, 'a reply with code 999'],
  [{ do: [{ acceptThen: 'reset' }] }, 'ECONNRESET'],
  [{ do: [{ acceptThen: { reply: '451 no' } }] }, '451 no'],
  [{ do: [{ discard: true }] }, 'the true reply'],
  [{ do: [{ bounce: { status: '5.1.1', diagnostic: '550 no' } }] }, 'the true reply, later a bounce: 550 no'],
  [{ do: [{ certificate: 'wrong-host' }] }, 'a certificate that is made out to another host'],
  [{ do: [{ uidValidity: 'bump' }] }, 'a UIDVALIDITY that it does not know: it has to fetch everything again'],
  [{ do: [{ delay: '2s' }] }, ''],
  [{ script: ['451 4.7.1 later', 'reset', { close: true }, 'pass'] }, '451 4.7.1 later → ECONNRESET → end of file → the true reply'],
])('%j', (rule, expected) => expect(sees(rule)).toBe(expected));
