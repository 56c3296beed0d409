// Limits on connections.

import { expect, it } from 'vitest';
import { createAdmission } from '../../../server/net/admission.ts';

it('lets in no more than the limit, and again after one has left', () => {
  const admission = createAdmission({ maxConnections: 2, maxConnectionsPerClient: 0 });
  expect([admission.enter('a'), admission.enter('a'), admission.enter('b')]).toEqual([true, true, false]);
  admission.leave('a');
  expect(admission.enter('b')).toBe(true);
});

it('limits one client without limiting the others', () => {
  const admission = createAdmission({ maxConnections: 0, maxConnectionsPerClient: 1 });
  expect([admission.enter('a'), admission.enter('a'), admission.enter('b')]).toEqual([true, false, true]);
  admission.leave('a');
  expect(admission.enter('a')).toBe(true);
});

it('does not go below nothing', () => {
  const admission = createAdmission({ maxConnections: 1, maxConnectionsPerClient: 0 });
  admission.leave('a');
  expect([admission.enter('a'), admission.enter('a')]).toEqual([true, false]);
});
