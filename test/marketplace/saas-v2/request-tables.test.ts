import { describe, expect, test } from 'vitest';
import { scenes, verbs } from '../../../src/marketplace/saas-v2/verbs.ts';
import { activities, ask, complete, nameOf, parsed, refusal, requestRows, sections } from './tables.ts';

const ABSENT = [undefined, null, '', ' ', '\t\n'];
const named = requestRows.map((row) => ({ ...row, name: nameOf(row) }));
const mandatory = named.filter(({ presence }) => presence === 'M');
const optional = named.filter(({ presence }) => presence === 'O');
const limited = named.flatMap(({ name, activity, member, max }) => (max === null ? [] : [{ name, activity, member, max }]));
const texts = named.filter(({ member }) => member !== 'productInfo');
/** Members whose text is free: any spelling of a number or boolean is a value. */
const free = texts.filter(({ member }) => !['scene', 'status', 'expireTime', 'testFlag'].includes(member));

describe('request members, row by row', () => {
  test('the rows are those that the program reads, in its order', () => {
    const read = activities.map((activity) => [activity, Object.keys(verbs[activity].schema.shape)]);
    expect(read).toEqual(activities.map((activity) => [activity, requestRows.filter((row) => row.activity === activity).map(({ member }) => member)]));
  });

  test.each(mandatory)('$name · M: missing, null or blank → 000002 naming it', ({ activity, member }) => {
    for (const value of ABSENT) expect(ask(activity, { [member]: value })).toEqual(refusal(`${member} is missing or empty`));
  });

  test.each(optional)('$name · O: missing, null or blank is as if it were not there', ({ activity, member }) => {
    const { [member]: _, ...without } = complete[activity];
    const expected = parsed(JSON.stringify({ activity, ...without }));
    expect(expected).not.toHaveProperty('refused');
    for (const value of ABSENT) expect(ask(activity, { [member]: value })).toEqual(expected);
  });

  test.each(limited)('$name · at most $max characters; one more → 000002 naming it', ({ activity, member, max }) => {
    expect(ask(activity, { [member]: 'x'.repeat(max + 1) })).toEqual(refusal(`${member} is longer than ${max} characters`));
    expect(ask(activity, { [member]: '华'.repeat(max + 1) })).toEqual(refusal(`${member} is longer than ${max} characters`));
    expect(ask(activity, { [member]: 'x'.repeat(max) })).not.toMatchObject({ message: expect.stringContaining('longer') });
  });

  test.each(free)('$name · any text is taken, up to its limit', ({ activity, member, max }) => {
    for (const text of ['a', '商品-1', 'a/b %2F+?&#', 'x'.repeat(max ?? 64)]) expect(ask(activity, { [member]: text })).not.toHaveProperty('refused');
  });

  test.each(texts)('$name · an array or object → 000002 naming it', ({ activity, member }) => {
    for (const value of [[], ['x'], {}, { x: 1 }]) expect(ask(activity, { [member]: value })).toEqual(refusal(`${member} must be text`));
  });

  test.each(texts)('$name · text that not every database keeps → 000002 naming it', ({ activity, member }) => {
    for (const value of ['\u0000', 'a\u001b', '\uD800', 'a\n']) {
      if (member === 'testFlag' && value.length > 2) continue;
      expect(ask(activity, { [member]: value })).toEqual(refusal(`${member} has control characters or broken text`));
    }
  });

  test.each(free)('$name · a number or boolean for the string is read as its spelling', ({ activity, member }) => {
    const body = (value: string) => parsed(JSON.stringify({ activity, ...complete[activity], [member]: '@' }).replace('"@"', value));
    expect(body('1.50')).toEqual(body('"1.50"'));
    expect(body('12345678901234567890')).toEqual(body('"12345678901234567890"'));
    expect(body('true')).toEqual(body('"true"'));
    expect(body('1.50')).not.toHaveProperty('refused');
  });
});

describe('members with rules of their own', () => {
  test.each(activities.map((activity) => [sections[activity], activity] as const))('saas.md %s %s · activity · M: missing, wrong or longer than 32 → 000002 naming it', (_, activity) => {
    const called = (value: unknown) => parsed(JSON.stringify({ ...complete[activity], activity: value }));
    for (const value of ABSENT) expect(called(value)).toEqual(refusal('activity is missing or empty'));
    expect(called([activity])).toEqual(refusal('activity must be text'));
    expect(called(7)).toEqual(refusal('activity is unknown'));
    expect(called(`${activity}${'x'.repeat(33 - activity.length)}`)).toEqual(refusal('activity is longer than 32 characters'));
    for (const value of [activity.toUpperCase(), ` ${activity}`, `${activity}s`]) expect(called(value)).toEqual(refusal('activity is unknown'));
    expect(called(activity)).toMatchObject({ verb: activity });
  });

  test.each(activities)('saas.md §3.1 %s · testFlag · 1 as text or number is a debugging call, 0 and absent are not', (activity) => {
    for (const testFlag of ['1', 1]) expect(ask(activity, { testFlag })).toMatchObject({ probe: true });
    for (const testFlag of ['0', 0, '01', undefined]) expect(ask(activity, { testFlag })).toMatchObject({ probe: false });
    expect(ask(activity, { testFlag: true })).toEqual(refusal('testFlag is longer than 2 characters'));
  });

  test.each(scenes)('saas.md §3.4 refreshInstance · scene · %s is one', (scene) => {
    expect(ask('refreshInstance', { scene })).toMatchObject({ verb: 'refreshInstance', probe: false });
  });

  test('saas.md §3.4 refreshInstance · scene · any other word or number → 000002 naming the words', () => {
    for (const scene of ['renewal', 'REFUND', 'RENEWAL ', 1]) expect(ask('refreshInstance', { scene })).toEqual(refusal(`scene must be one of ${scenes.join(', ')}`));
  });

  test.each([
    ['20270101000000', Date.UTC(2027, 0, 1)],
    ['20221124023618256', Date.UTC(2022, 10, 24, 2, 36, 18, 256)],
    [20270101000000, Date.UTC(2027, 0, 1)],
  ])('saas.md §3.4 refreshInstance · expireTime · accepts 14 and 17 digits, UTC: %s', (expireTime, expireAt) => {
    for (const scene of ['TRIAL_TO_FORMAL', 'RENEWAL', 'UNSUBSCRIBE_RENEWAL_PERIOD']) expect(ask('refreshInstance', { scene, expireTime })).toMatchObject({ instruction: { expireAt } });
    expect(ask('refreshInstance', { scene: 'RENEWAL_CHANGE', expireTime })).not.toHaveProperty('refused');
  });

  test.each(['2027010100000', '202701010000000', '2027010100000000', '20270230000000', '20271301000000', '20270101240000', '2027-01-01 00:00:00', '1798761600000', '00000000000000', '２０２７０１０１００００００'])(
    'saas.md §3.4 refreshInstance · expireTime · %s is no time → 000002 naming it',
    (expireTime) => {
      expect(ask('refreshInstance', { expireTime })).toEqual(refusal('expireTime must be a real UTC time yyyyMMddHHmmss, with or without milliseconds'));
    },
  );

  test('saas.md §3.5 updateInstanceStatus · status · FREEZE and UNFREEZE, and no other word', () => {
    for (const [status, kind] of [['FREEZE', 'freeze'], ['UNFREEZE', 'unfreeze']]) expect(ask('updateInstanceStatus', { status })).toMatchObject({ instruction: { kind } });
    // A public seller expects these; no page has them.
    for (const status of ['FROZEN', 'UNFROZEN', 'NORMAL', 'freeze', 1]) expect(ask('updateInstanceStatus', { status })).toEqual(refusal('status must be one of FREEZE, UNFREEZE'));
  });

  test('saas.md §3.6 releaseInstance · orderId · an unsubscription order is the sign of an unsubscription', () => {
    expect(ask('releaseInstance')).toMatchObject({ instruction: { kind: 'release', unsubscribed: true } });
    expect(ask('releaseInstance', { orderId: null, orderLineId: null })).toMatchObject({ instruction: { kind: 'release', unsubscribed: false } });
  });

  test('saas.md §3.3 queryInstance · instanceId · up to 100 ids, however long the text', () => {
    const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => `10e758d0-31ad-4c4b-8f1b-${String(n).padStart(12, '0')}`);
    expect(ask('queryInstance', { instanceId: ids(100).join(',') })).toMatchObject({ kind: 'query', instanceIds: ids(100) });
    expect(ask('queryInstance', { instanceId: ids(101).join(',') })).toEqual(refusal('instanceId has more than 100 ids'));
    expect(ask('queryInstance', { instanceId: 'a,,b' })).toEqual(refusal('instanceId has an empty id'));
  });

  test.each([
    ['an object', complete.changeInstanceCheck['productInfo']],
    ['an array of one', [complete.changeInstanceCheck['productInfo']]],
    ['JSON text of an object', JSON.stringify(complete.changeInstanceCheck['productInfo'])],
    ['JSON text of an array of one', JSON.stringify([complete.changeInstanceCheck['productInfo']])],
    ['an object with its quantity as text', { productId: 'OFFI2', skuCode: 'sku-b', linearValue: '10' }],
  ])('saas.md §3.8 changeInstanceCheck · productInfo · %s is read as the same question', (_, productInfo) => {
    expect(ask('changeInstanceCheck', { productInfo })).toEqual(ask('changeInstanceCheck'));
    expect(ask('changeInstanceCheck')).not.toHaveProperty('refused');
  });

  test('saas.md §3.8 changeInstanceCheck · productInfo · another shape, or a member that is wrong → 000002 naming it', () => {
    for (const productInfo of [[], {}, 7, true, 'sku-b', [{ skuCode: 'a' }, { skuCode: 'b' }]]) {
      expect(ask('changeInstanceCheck', { productInfo })).toEqual(refusal('productInfo must be one product as an object, an array of one, or either as JSON text'));
    }
    expect(ask('changeInstanceCheck', { productInfo: { skuCode: 'x'.repeat(65) } })).toEqual(refusal('productInfo.skuCode is longer than 64 characters'));
    expect(ask('changeInstanceCheck', { productInfo: { linearValue: 1.5 } })).toEqual(refusal('productInfo.linearValue must be a whole number'));
  });

  test.each(activities)('%s · members that no table has are ignored', (activity) => {
    expect(ask(activity, { buyerInfo: { mobilePhone: '1' }, orderInfo: [], signature: 'x', __proto: null })).toEqual(ask(activity));
  });
});
