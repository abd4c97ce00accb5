import { expect, it } from 'vitest';
import { verdictOf } from '../../src/cli/market/tell.ts';

it.each([
  ['unreachable', 'unreachable: ECONNREFUSED', 'unreachable: ECONNREFUSED'],
  ['success', 'resultCode is 000005', 'success: resultCode is 000005'],
])('a verdict names its rule once: %s', (rule, reason, told) => {
  expect(verdictOf({ verdict: { ok: false, rule, reason, message: null, page: '' }, trouble: null })).toBe(told);
});
