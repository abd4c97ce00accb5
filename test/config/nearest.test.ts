import { expect, test } from 'vitest';

import { nearest } from '../../src/config/nearest.ts';

const known = ['publicUrl', 'operator', 'products', 'clocks'];

test.each([
  ['product', 'products'],
  ['clokcs', 'clocks'],
  ['public_url', 'publicUrl'],
  ['OPERATOR', 'operator'],
])('takes %s for %s', (typed, meant) => {
  expect(nearest(typed, known)).toBe(meant);
});

test('suggests nothing when nothing is close', () => {
  expect(nearest('telemetry', known)).toBeNull();
  expect(nearest('x', [])).toBeNull();
});
