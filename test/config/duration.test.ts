import fc from 'fast-check';
import { expect, test } from 'vitest';

import { formatDuration, parseDuration } from '../../src/config/duration.ts';

test.each([
  ['8d', 691_200_000],
  ['6h', 21_600_000],
  ['30m', 1_800_000],
  ['15s', 15_000],
  ['500ms', 500],
  ['0s', 0],
  [1234, 1234],
  ['36500d', 3_153_600_000_000],
])('reads %s', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '8', '8 d', ' 8d', '8d ', '8D', '-1d', '+1d', '1.5h', '1h30m', '1w', 'd', '١d', '36501d', '99999999999999999999ms', -1, 1.5, Number.NaN, Infinity, null, undefined, true, {}])(
  'refuses %j',
  (value) => {
    expect(parseDuration(value)).toBeNull();
  },
);

test('what is written is read again as the same length', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 3_153_600_000_000 }), (ms) => {
    expect(parseDuration(formatDuration(ms))).toBe(ms);
  }));
});

test.each([
  [0, '0ms'],
  [604_800_000, '7d'],
  [90_000, '90s'],
  [1_500, '1500ms'],
])('writes %i as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
