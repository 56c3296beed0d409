import { expect, test } from 'vitest';
import { distance, nearest } from '../../../server/base/nearest.ts';

test.each([
  ['', 'abc', 3],
  ['smtp', 'smpt', 1],
  ['port', 'ports', 1],
  ['kitten', 'sitting', 3],
])('from %j to %j it is %d steps', (a, b, steps) => {
  expect(distance(a, b)).toBe(steps);
});

const names = ['smtpPort', 'smtpsPort', 'httpPort', 'maxAge', 'host'];
test.each([
  ['smptPort', 'smtpPort'],
  ['smtp-port', 'smtpPort'],
  ['SMTPSPORT', 'smtpsPort'],
  ['hots', 'host'],
  ['colour', null],
  ['x'.repeat(100_000), null],
])('%.20s was meant to be %s', (wrong, name) => {
  expect(nearest(wrong, names)).toBe(name);
});
