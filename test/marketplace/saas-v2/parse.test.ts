import { describe, expect, test } from 'vitest';
import { verbs } from '../../../src/marketplace/saas-v2/verbs.ts';
import { saasV2Vectors } from '../../vectors/vectors.ts';
import { activities, ask, complete, parsed, refusal } from './tables.ts';

describe('every activity', () => {
  test('has a row with its page', () => {
    expect(Object.keys(verbs)).toEqual(activities);
    for (const { page } of Object.values(verbs)) expect(page).toMatch(/^https:\/\/support\.huaweicloud\.com\/.+\.html$/);
  });

  test('newInstance creates, known by its order line', () => {
    expect(ask('newInstance')).toEqual({
      verb: 'newInstance',
      probe: false,
      kind: 'command',
      target: { orderLineKey: 'CS1/CS1-000001', orderId: 'CS1', orderLineId: 'CS1-000001' },
      instruction: { kind: 'create', orderId: 'CS1', orderLineId: 'CS1-000001' },
      key: null,
    });
  });

  test('two different order lines never share a key', () => {
    const keyOf = (orderId: string, orderLineId: string) => ask('newInstance', { orderId, orderLineId });
    expect(keyOf('a/b', 'c')).toMatchObject({ target: { orderLineKey: 'a%2Fb/c' } });
    expect(keyOf('a', 'b/c')).toMatchObject({ target: { orderLineKey: 'a/b%2Fc' } });
    expect(keyOf('a%2Fb', 'c')).toMatchObject({ target: { orderLineKey: 'a%252Fb/c' } });
  });

  test.each([
    ['RENEWAL', { kind: 'renew', expireAt: Date.UTC(2027, 0, 1), productId: 'OFFI1', formal: false }],
    ['TRIAL_TO_FORMAL', { kind: 'renew', expireAt: Date.UTC(2027, 0, 1), productId: 'OFFI1', formal: true }],
    ['UNSUBSCRIBE_RENEWAL_PERIOD', { kind: 'shorten', expireAt: Date.UTC(2027, 0, 1) }],
  ])('refreshInstance %s', (scene, instruction) => {
    const expected = { verb: 'refreshInstance', probe: false, kind: 'command', target: { instanceId: 'i-1' }, instruction, key: `CS2/CS2-000001/${scene}` };
    expect(ask('refreshInstance', { scene })).toEqual(expected);
  });

  test('a renewal with change names the order that says the new size', () => {
    expect(ask('refreshInstance', { scene: 'RENEWAL_CHANGE' })).toMatchObject({
      kind: 'command',
      instruction: { kind: 'renewChange', orderId: 'CS2', orderLineId: 'CS2-000001', productId: 'OFFI1' },
      key: 'CS2/CS2-000001/RENEWAL_CHANGE',
    });
  });

  test('an upgrade is known by its own order', () => {
    expect(ask('upgradeInstance')).toEqual({
      verb: 'upgradeInstance',
      probe: false,
      kind: 'command',
      target: { instanceId: 'i-1' },
      instruction: { kind: 'change', orderId: 'CS4', orderLineId: 'CS4-000001' },
      key: 'CS4/CS4-000001',
    });
  });

  test('the check of a change is a question with its target', () => {
    expect(ask('changeInstanceCheck')).toEqual({ verb: 'changeInstanceCheck', probe: false, kind: 'question', instanceId: 'i-1', target: { productId: 'OFFI2', skuCode: 'sku-b', linearValue: 10 } });
  });

  test('a refresh without productId keeps the product', () => {
    expect(ask('refreshInstance', { productId: undefined })).toMatchObject({ instruction: { productId: null } });
    expect(ask('refreshInstance', { productId: '' })).toMatchObject({ instruction: { productId: null } });
  });

  test('updateInstanceStatus freezes and unfreezes', () => {
    expect(ask('updateInstanceStatus')).toMatchObject({ instruction: { kind: 'freeze' }, target: { instanceId: 'i-1' }, key: null });
    expect(ask('updateInstanceStatus', { status: 'UNFREEZE' })).toMatchObject({ instruction: { kind: 'unfreeze' } });
  });

  test('releaseInstance tells an unsubscription by its order', () => {
    expect(ask('releaseInstance')).toMatchObject({ instruction: { kind: 'release', unsubscribed: true }, key: null });
    expect(ask('releaseInstance', { orderId: undefined, orderLineId: undefined })).toMatchObject({ instruction: { unsubscribed: false } });
    expect(ask('releaseInstance', { orderId: null })).toMatchObject({ instruction: { unsubscribed: false } });
  });

  test.each(saasV2Vectors.filter(({ body, query }) => query !== null && body !== null && !body.includes('orderNotify')))('reads the body of $name', ({ body }) => {
    expect(parsed(body ?? '')).toHaveProperty('verb');
  });
});

/** The rows of the tables have their tests in `request-tables.test.ts`. */
describe('member rules', () => {
  test('unknown members are ignored', () => {
    expect(ask('newInstance', { productName: '商', nested: { a: [1] }, productInfo: 7 })).toEqual(ask('newInstance'));
  });

  test('the first broken member is named, in the page’s order', () => {
    expect(ask('newInstance', { orderLineId: '', businessId: '' })).toEqual(refusal('orderLineId is missing or empty'));
  });

  test.each(['newinstance', 'constructor', '__proto_', 'expireInstance', 'orderNotify'])('activity %j is unknown', (activity) => {
    expect(parsed(JSON.stringify({ activity }))).toEqual(refusal('activity is unknown'));
  });

  test('activity must be there and be text', () => {
    expect(parsed('{}')).toEqual(refusal('activity is missing or empty'));
    expect(parsed('{"activity":["newInstance"]}')).toEqual(refusal('activity must be text'));
    expect(parsed(`{"activity":"${'n'.repeat(33)}"}`)).toEqual(refusal('activity is longer than 32 characters'));
  });
});

describe('queryInstance', () => {
  const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `10e758d0-31ad-4c4b-8f1b-${String(index).padStart(12, '0')}`);

  test('splits at commas, trims, asks each id once', () => {
    expect(ask('queryInstance', { instanceId: ' a, b ,a,c' })).toEqual({ verb: 'queryInstance', probe: false, kind: 'query', instanceIds: ['a', 'b', 'c'] });
  });

  test('takes 100 ids and refuses 101', () => {
    expect(ask('queryInstance', { instanceId: ids(100).join(',') })).toMatchObject({ instanceIds: ids(100) });
    expect(ask('queryInstance', { instanceId: ids(101).join(',') })).toEqual(refusal('instanceId has more than 100 ids'));
  });

  test('refuses an empty id', () => {
    for (const instanceId of [',', 'a,,b', 'a, ']) expect(ask('queryInstance', { instanceId })).toEqual(refusal('instanceId has an empty id'));
  });

  test('lets an over-long id through: it is only unknown', () => {
    expect(ask('queryInstance', { instanceId: 'x'.repeat(65) })).toMatchObject({ instanceIds: ['x'.repeat(65)] });
  });
});

describe('changeInstanceCheck', () => {
  const product = complete.changeInstanceCheck['productInfo'];

  test.each([
    ['an array of one', [product]],
    ['JSON text', JSON.stringify(product)],
    ['an array of one as JSON text', JSON.stringify([product])],
    ['other members', { skuId: 'sku-b' }],
    ['a quantity as text', { linearValue: '10' }],
  ])('takes productInfo as %s', (_what, productInfo) => {
    expect(ask('changeInstanceCheck', { productInfo })).toMatchObject({ kind: 'question', instanceId: 'i-1' });
  });

  test.each([[[]], [[product, product]], [{}], ['sku-b'], ['[1]'], ['{"a":1,"a":2}'], [7], [true], [[[product]]], [`"${'x'.repeat(5000)}"`]])('refuses productInfo %j', (productInfo) => {
    expect(ask('changeInstanceCheck', { productInfo })).toEqual(refusal('productInfo must be one product as an object, an array of one, or either as JSON text'));
  });

  test('names the member inside productInfo', () => {
    expect(ask('changeInstanceCheck', { productInfo: { linearValue: -1 } })).toEqual(refusal('productInfo.linearValue must be a whole number'));
    expect(ask('changeInstanceCheck', { productInfo: [{ skuCode: 'x'.repeat(65) }] })).toEqual(refusal('productInfo.skuCode is longer than 64 characters'));
  });
});

describe('probes', () => {
  test.each(activities)('%s with testFlag 1 is one, as text or number', (activity) => {
    expect(ask(activity, { testFlag: '1' })).toMatchObject({ probe: true });
    expect(ask(activity, { testFlag: 1 })).toMatchObject({ probe: true });
  });

  test.each(['0', '', null, '01'])('testFlag %j is none', (testFlag) => {
    expect(ask('newInstance', { testFlag })).toMatchObject({ probe: false });
  });

  test('an unreadable testFlag is refused rather than taken for a purchase', () => {
    expect(ask('newInstance', { testFlag: true })).toEqual(refusal('testFlag is longer than 2 characters'));
  });

  test.each(['newInstance', 'refreshInstance', 'releaseInstance', 'upgradeInstance'] as const)('%s of a MOCK order is one', (activity) => {
    expect(ask(activity, { orderId: 'MOCKPERIODYEARNEW' })).toMatchObject({ probe: true });
    expect(ask(activity, { orderId: 'CSMOCK' })).toMatchObject({ probe: false });
  });

  test('a probe’s members are checked like any other’s', () => {
    expect(ask('newInstance', { testFlag: '1', businessId: '' })).toEqual(refusal('businessId is missing or empty'));
  });
});
