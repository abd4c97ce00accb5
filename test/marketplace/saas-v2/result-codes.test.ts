import { expect, test } from 'vitest';
import type { Outcome } from '../../../src/marketplace/dialect.ts';
import { isResultCode, resultCodes, type ResultCode } from '../../../src/marketplace/result-codes.ts';
import { reply } from '../../../src/marketplace/saas-v2/replies.ts';

const CREATES = 'newInstance';
const failed = (code: string): Outcome => ({ is: 'failed', code, message: '' });

/** The V2.0 column of saas.md §5: what is told to whom with which code. */
const TABLE: readonly (readonly [ResultCode, use: string, verb: string, Outcome])[] = [
  ['000000', 'done, or done before', CREATES, { is: 'done', instanceId: 'i' }],
  ['000000', 'done, or done before', 'releaseInstance', { is: 'done', instanceId: 'i' }],
  ['000001', 'signature wrong or missing', '', { is: 'refused', code: '000001', message: '' }],
  ['000002', 'missing, malformed, unknown activity, stale timestamp', '', { is: 'refused', code: '000002', message: '' }],
  ['000003', 'update of an id that is not ours', 'refreshInstance', { is: 'unknown' }],
  ['000003', 'status of an id that is not ours', 'updateInstanceStatus', { is: 'unknown' }],
  ['000003', 'release of an id that is not ours', 'releaseInstance', { is: 'unknown' }],
  ['000003', 'upgrade of an id that is not ours', 'upgradeInstance', { is: 'unknown' }],
  ['000004', 'create: asynchronous', CREATES, { is: 'admitted', instanceId: 'i' }],
  ['000004', 'query while it is being made', 'queryInstance', { is: 'making' }],
  ['000005', 'temporary failure, will be retried', CREATES, { is: 'unavailable' }],
  ['000100', 'create', CREATES, failed('000100')],
  ['000101', 'create', CREATES, failed('000101')],
  ['000102', 'create', CREATES, failed('000102')],
  ['000103', 'create', CREATES, failed('000103')],
  ['000104', 'create', CREATES, failed('000104')],
  ['000105', 'create', CREATES, failed('000105')],
  ['000106', 'create', CREATES, failed('000106')],
  ['000107', 'create', CREATES, failed('000107')],
];

test.each(TABLE)('saas.md §5 %s · %s · %s', (code, _, verb, outcome) => {
  expect(reply(verb, outcome)).toMatchObject({ resultCode: code, resultMsg: resultCodes[code].meaning });
});

test('saas.md §5 · every code of the V2.0 column has its row here, and no other exists', () => {
  expect([...new Set(TABLE.map(([code]) => code))]).toEqual(Object.keys(resultCodes));
  // License applications only.
  for (const code of ['000900', '000901', '000902', '000903', '0000004', '']) expect(isResultCode(code)).toBe(false);
});

test.each(['000100', '000101', '000102', '000103', '000104', '000105', '000106', '000107'])('saas.md §5 %s · means something on a create and its query alone: others are told 000005 with the reason', (code) => {
  expect(reply('queryInstance', failed(code))).toMatchObject({ resultCode: code });
  for (const verb of ['refreshInstance', 'updateInstanceStatus', 'releaseInstance', 'upgradeInstance', 'changeInstanceCheck']) {
    expect(reply(verb, { is: 'failed', code, message: 'the reason' })).toEqual({ resultCode: '000005', resultMsg: 'the reason' });
  }
});
