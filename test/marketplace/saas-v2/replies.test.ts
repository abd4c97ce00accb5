import { describe, expect, test } from 'vitest';
import type { UsageReading } from '../../../src/lifecycle/usage.ts';
import type { Outcome } from '../../../src/marketplace/dialect.ts';
import { saasV2 } from '../../../src/marketplace/saas-v2/dialect.ts';
import { replies, reply } from '../../../src/marketplace/saas-v2/replies.ts';

const access = { frontEndUrl: 'https://app.example.com/t/1', userName: 'admin', password: 'p', memo: '备注' };
const outcomes: { readonly [Is in Outcome['is']]: Outcome } = {
  done: { is: 'done', instanceId: 'i-1' },
  admitted: { is: 'admitted', instanceId: 'i-1' },
  unknown: { is: 'unknown' },
  later: { is: 'later', message: 'not yet' },
  failed: { is: 'failed', code: '000106', message: 'sold out' },
  unavailable: { is: 'unavailable' },
  refused: { is: 'refused', code: '000001', message: 'signature is wrong' },
  found: { is: 'found', instances: [{ instanceId: 'i-1', access }, { instanceId: 'i-2', access: null }] },
  making: { is: 'making' },
};

describe('the table of replies', () => {
  test.each<[string, keyof typeof outcomes, Record<string, unknown>]>([
    ['newInstance', 'done', { resultCode: '000000', instanceId: 'i-1' }],
    ['newInstance', 'admitted', { resultCode: '000004', instanceId: 'i-1' }],
    ['newInstance', 'failed', { resultCode: '000106', resultMsg: 'sold out' }],
    ['newInstance', 'unavailable', { resultCode: '000005' }],
    ['newInstance', 'refused', { resultCode: '000001', resultMsg: 'signature is wrong' }],
    ['refreshInstance', 'done', { resultCode: '000000' }],
    ['updateInstanceStatus', 'admitted', { resultCode: '000000' }],
    ['releaseInstance', 'unknown', { resultCode: '000003' }],
    ['upgradeInstance', 'later', { resultCode: '000005', resultMsg: 'not yet' }],
    ['upgradeInstance', 'failed', { resultCode: '000005', resultMsg: 'sold out' }],
    ['changeInstanceCheck', 'done', { resultCode: '000000' }],
    ['queryInstance', 'making', { resultCode: '000004' }],
    ['queryInstance', 'unknown', { resultCode: '000003' }],
    ['queryInstance', 'failed', { resultCode: '000106' }],
    ['queryInstance', 'unavailable', { resultCode: '000005' }],
    ['', 'refused', { resultCode: '000001' }],
  ])('%s %s', (verb, is, expected) => {
    const answer = reply(verb, outcomes[is]);
    expect(answer).toMatchObject(expected);
    expect(Object.keys(answer).toSorted()).toEqual([...new Set([...Object.keys(expected), 'resultMsg'])].toSorted());
  });

  test('a query hands out access data where there are any, and nothing that claims encryption', () => {
    expect(reply('queryInstance', outcomes.found)).toEqual({
      resultCode: '000000',
      resultMsg: 'success',
      info: [{ instanceId: 'i-1', appInfo: access }, { instanceId: 'i-2' }],
    });
  });

  const infoOf = (...usage: UsageReading[]): unknown => {
    const { info } = reply('queryInstance', { is: 'found', instances: [{ instanceId: 'i-1', access: null, usage }] });
    return JSON.parse(JSON.stringify(info));
  };
  const at = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

  test('a query reports the readings of meters: a number, and the instant in UTC with 17 digits', () => {
    expect(infoOf({ value: 1.5, at })).toEqual([{ instanceId: 'i-1', usageInfo: [{ usageValue: 1.5, statisticalTime: '20260102030405006' }] }]);
  });

  test('a package reports one element per billing item it covers, with the instance it belongs to', () => {
    const items = [{ relatedInstanceId: 'sms', value: 100, at }, { relatedInstanceId: 'mms', value: 50, at, dashboardUrl: 'https://usage.example' }];
    expect(infoOf(...items)).toEqual([
      {
        instanceId: 'i-1',
        usageInfo: [
          { relatedInstanceId: 'sms', usageValue: 100, statisticalTime: '20260102030405006' },
          { relatedInstanceId: 'mms', usageValue: 50, statisticalTime: '20260102030405006', dashboardUrl: 'https://usage.example' },
        ],
      },
    ]);
  });

  test.each([
    [0, '0'],
    [0.00004, '0'],
    [0.1 + 0.2, '0.3'],
    [1.00005, '1.0001'],
    [12_345.67891, '12345.6789'],
    [99_999_999.9999, '99999999.9999'],
  ])('usageValue of %d has at most twelve digits, four of them decimals, and no exponent', (value, spelled) => {
    const { info } = reply('queryInstance', { is: 'found', instances: [{ instanceId: 'i-1', access: null, usage: [{ value, at }] }] });
    expect(JSON.stringify(info)).toContain(`"usageValue":${spelled},`);
  });

  test('usageInfo is left out while nothing was read', () => {
    expect(infoOf()).toEqual([{ instanceId: 'i-1' }]);
  });

  test('members of the access data that the page does not know stay here', () => {
    const extended = { ...access, tenantSecret: 's' };
    expect(JSON.stringify(reply('queryInstance', { is: 'found', instances: [{ instanceId: 'i-1', access: extended }] }))).not.toContain('tenantSecret');
  });

  test('an outcome the verb cannot have is an error, not an answer', () => {
    expect(() => reply('newInstance', outcomes.found)).toThrow('newInstance cannot end as found');
    expect(() => reply('queryInstance', outcomes.done)).toThrow(TypeError);
  });

  test('every cell of the table answers with a message', () => {
    const columns = [['create', 'newInstance'], ['others', 'releaseInstance'], ['query', 'queryInstance']] as const;
    const cells = Object.values(outcomes).flatMap((outcome) => columns.map(([column, verb]) => ({ outcome, column, verb })));
    for (const { outcome, verb } of cells.filter((cell) => replies[cell.outcome.is][cell.column] !== null)) {
      expect(reply(verb, outcome)).toMatchObject({ resultCode: expect.stringMatching(/^000[0-9]{3}$/), resultMsg: expect.stringMatching(/^[\x20-\x7e]{1,255}$/) });
    }
  });
});

test('resultMsg is printable ASCII of at most 255 characters, whatever a provisioner says', () => {
  const { resultMsg } = reply('newInstance', { is: 'failed', code: '000100', message: `售罄\n😀${'x'.repeat(300)}` });
  expect(resultMsg).toBe(`????${'x'.repeat(251)}`);
});

test.each(['999999', '000000', '000004', '000003', '000001', '000900', '00010', ''])('a provisioner’s no with the code %j becomes 000005: no success, and no code with another meaning', (code) => {
  for (const verb of ['newInstance', 'queryInstance']) {
    expect(reply(verb, { is: 'failed', code, message: '' })).toEqual({ resultCode: '000005', resultMsg: 'temporary internal error, please repeat' });
  }
});

test('the dialect names its address, key category and limit', () => {
  expect(saasV2).toMatchObject({ kit: 'saas-v2', method: 'POST', path: '/koogallery/saas', keys: 'base', bodyLimit: 262_144 });
});
