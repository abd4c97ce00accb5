import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodies, freshLine } from './bodies.ts';
import { observe, refused } from './refused.ts';
import { freshNonce, startApi, type RunningApi } from './running-api.ts';

const ID = '10e758d0-31ad-4d4e-8f4e-000000000000';
const create = JSON.stringify(bodies.create());

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const call = (body: string | object | Uint8Array) => {
  const nonce = freshNonce();
  return observe(api, () => api.call(body, { nonce }), nonce);
};
const wrong = (message: string | RegExp) => refused('000002', message);

describe('a body that is signed but not one of ours', () => {
  it.each([
    ['empty', '', /^body is not acceptable JSON: text ends too early/],
    ['not JSON', 'activity=newInstance&orderId=1', /^body is not acceptable JSON: expected a JSON value/],
    ['cut off', create.slice(0, -1), /^body is not acceptable JSON/],
    ['followed by more', `${create}{}`, /^body is not acceptable JSON: text after the JSON value/],
    ['with a byte order mark', `\ufeff${create}`, /^body is not acceptable JSON/],
    ['with a comment', `/* */${create}`, /^body is not acceptable JSON/],
    ['an array', `[${create}]`, 'body must be a JSON object'],
    ['a string', '"newInstance"', 'body must be a JSON object'],
    ['a number', '42', 'body must be a JSON object'],
    ['null', 'null', 'body must be a JSON object'],
    ['with a member twice', '{"activity":"newInstance","orderId":"CS1","orderId":"CS2"}', /duplicate member orderId at position/],
    ['with a member twice in an escaped spelling', '{"activity":"newInstance","orderId":"CS1","\\u006frderId":"CS2"}', /duplicate member orderId at position/],
    ['with a member twice further in', '{"activity":"changeInstanceCheck","productInfo":{"skuCode":"1","skuCode":"2"}}', /duplicate member skuCode at position/],
    ['with a __proto__ member', '{"__proto__":{"testFlag":"1"},"activity":"newInstance"}', /member __proto__ at position/],
    ['with a __proto__ member further in', '{"activity":"changeInstanceCheck","productInfo":{"__proto__":{}}}', /member __proto__ at position/],
    ['with a line end inside a string', '{"activity":"new\nInstance"}', /bad escape or a control character/],
  ])('%s → 000002', async (_, body, message) => {
    expect(await call(body)).toEqual(wrong(message));
  });

  it('nested 33 deep → 000002, and 32 deep is read', async () => {
    const nested = (depth: number) => `{"activity":"newInstance","businessId":"b","extra":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)},"orderId":"${freshLine().orderId}","orderLineId":"1"}`;
    expect(await call(nested(33))).toEqual(wrong(/nesting deeper than 32/));
    expect((await api.call(nested(32))).code).toBe('000004');
  });

  it('nested 100,000 deep → 000002', async () => {
    expect(await call(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toEqual(wrong(/nesting deeper than 32/));
  });

  it('with bytes that are not UTF-8 → 000002, and the record can be stored', async () => {
    const bytes = Buffer.concat([Buffer.from('{"activity":"newInstance","orderId":"'), Buffer.from([0xff, 0xfe, 0x00, 0xc3]), Buffer.from('"}')]);
    expect(await call(bytes)).toEqual(wrong(/bytes that are not UTF-8/));
  });

  it('a member named constructor or toString is just unknown', async () => {
    expect((await api.call({ ...bodies.create(), constructor: { prototype: {} }, toString: 'x', valueOf: null })).code).toBe('000004');
  });

  it('unknown members are left alone', async () => {
    expect((await api.call({ ...bodies.create(), addedIn2030: [{ deep: 'value' }] })).code).toBe('000004');
  });
});

describe('the activity', () => {
  it.each([
    ['missing', {}, 'activity is missing or empty'],
    ['null', { activity: null }, 'activity is missing or empty'],
    ['an object', { activity: {} }, 'activity must be text'],
    ['a number', { activity: 7 }, 'activity is unknown'],
    ['one of V1.0', { activity: 'expireInstance' }, 'activity is unknown'],
    ['in another case', { activity: 'newinstance' }, 'activity is unknown'],
    ['a member of every object', { activity: 'constructor' }, 'activity is unknown'],
    ['33 characters long', { activity: 'n'.repeat(33) }, 'activity is longer than 32 characters'],
  ])('%s → 000002', async (_, body, message) => {
    expect(await call(body)).toEqual(wrong(message));
  });
});

const EVERY: readonly (readonly [activity: string, body: object, mandatory: Readonly<Record<string, number>>, optional: Readonly<Record<string, number>>])[] = [
  ['newInstance', bodies.create(), { orderId: 64, orderLineId: 64, businessId: 64 }, { testFlag: 2 }],
  ['queryInstance', bodies.query(ID), { instanceId: Infinity }, { testFlag: 2 }],
  ['refreshInstance', bodies.refresh(ID), { scene: 64, orderId: 64, orderLineId: 64, instanceId: 64, expireTime: 20 }, { productId: 64, testFlag: 2 }],
  ['updateInstanceStatus', bodies.status(ID, 'FREEZE'), { instanceId: 64, status: 32 }, { testFlag: 2 }],
  ['releaseInstance', bodies.release(ID), { instanceId: 64 }, { orderId: 64, orderLineId: 64, testFlag: 2 }],
  ['upgradeInstance', bodies.upgrade(ID), { instanceId: 64, orderId: 64, orderLineId: 64 }, { testFlag: 2 }],
  ['changeInstanceCheck', bodies.check(ID), { instanceId: 64, productInfo: Infinity }, { testFlag: 2 }],
];

describe.each(EVERY)('members of %s', (_, body, mandatory, optional) => {
  describe.each(Object.keys(mandatory))('%s', (member) => {
    it.each([
      ['missing', undefined],
      ['null', null],
      ['empty', ''],
      ['blank', '  '],
    ])('%s → 000002', async (__, value) => {
      expect(await call({ ...body, [member]: value })).toEqual(wrong(`${member} is missing or empty`));
    });
  });

  it.each(Object.entries({ ...mandatory, ...optional }).filter(([, max]) => max < Infinity))('%s of more than %i characters → 000002', async (member, max) => {
    expect(await call({ ...body, [member]: '9'.repeat(max + 1) })).toEqual(wrong(`${member} is longer than ${max} characters`));
  });

  it.each(Object.keys({ ...mandatory, ...optional }).filter((member) => member !== 'productInfo'))('%s as an object, with a control character, with half a surrogate pair → 000002', async (member) => {
    expect(await call({ ...body, [member]: { orderId: 'CS1' } })).toEqual(wrong(`${member} must be text`));
    expect(await call({ ...body, [member]: '\u0000' })).toEqual(wrong(new RegExp(`^${member} `)));
    expect(await call({ ...body, [member]: '\ud800' })).toEqual(wrong(new RegExp(`^${member} has control characters or broken text$`)));
  });
});

describe('members with rules of their own', () => {
  it.each(['', 'renewal', 'RENEW', 'RENEWAL ', 'constructor'])('scene %j → 000002', async (scene) => {
    expect(await call(bodies.refresh(ID, scene))).toEqual(wrong(/^scene (must be one of TRIAL_TO_FORMAL, RENEWAL|is missing)/));
  });

  it.each(['FROZEN', 'freeze', 'NORMAL'])('status %j → 000002', async (status) => {
    expect(await call({ ...bodies.status(ID, 'FREEZE'), status })).toEqual(wrong('status must be one of FREEZE, UNFREEZE'));
  });

  it.each(['2027', '2027-01-01 00:00:00', '20270230000000', '20271301000000', '20270101250000', '00000101000000', '20270101000000000000', 'tomorrow', '1798761600000'])('expireTime %j → 000002', async (expireTime) => {
    expect(await call(bodies.refresh(ID, 'RENEWAL', freshLine(), expireTime))).toEqual(wrong('expireTime must be a real UTC time yyyyMMddHHmmss, with or without milliseconds'));
  });

  it('101 ids → 000002', async () => {
    expect(await call(bodies.query(...Array.from({ length: 101 }, (_, n) => `id-${n}`)))).toEqual(wrong('instanceId has more than 100 ids'));
  });

  it.each([',', 'a,,b', 'a,', ',a'])('ids %j → 000002', async (instanceId) => {
    expect(await call({ activity: 'queryInstance', instanceId })).toEqual(wrong('instanceId has an empty id'));
  });

  it.each([
    ['[]', []],
    ['two products', [{ skuCode: '1' }, { skuCode: '2' }]],
    ['a word', 'sku-1'],
    ['an empty object', {}],
  ])('productInfo %s → 000002', async (_, productInfo) => {
    expect(await call({ ...bodies.check(ID), productInfo })).toEqual(wrong(/^productInfo /));
  });
});
