import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UsageReading } from '../../../src/lifecycle/usage.ts';
import type { AccessData, Outcome, Reply } from '../../../src/marketplace/dialect.ts';
import { resultCodes } from '../../../src/marketplace/result-codes.ts';
import { replies, reply } from '../../../src/marketplace/saas-v2/replies.ts';
import { verbs, type Activity } from '../../../src/marketplace/saas-v2/verbs.ts';
import { activities, sections } from './tables.ts';

/** A row of an answer's table in saas.md §3: longest text, and whether it must be there. `resultMsg` is O in the tables, but the debugger wants it (8.17). */
type AnswerTable = Readonly<Record<string, { readonly must: boolean; readonly max: number }>>;

const common: AnswerTable = { resultCode: { must: true, max: 6 }, resultMsg: { must: true, max: 255 } };
const appInfo: AnswerTable = {
  frontEndUrl: { must: true, max: 512 },
  adminUrl: { must: false, max: 512 },
  userName: { must: false, max: 128 },
  password: { must: false, max: 128 },
  memo: { must: false, max: 1024 },
};

/** What breaks the table; the members named in `parts` are left to their own tables. */
function broken(answer: unknown, table: AnswerTable, parts: readonly string[] = []): string[] {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return ['is no object'];
  const members = Object.entries(answer);
  const missing = Object.entries(table).flatMap(([name, { must }]) => (must && !Object.hasOwn(answer, name) ? [`${name} is missing`] : []));
  const wrong = members.flatMap(([name, value]) => {
    if (parts.includes(name)) return [];
    const row = table[name];
    if (!row) return [`${name} is in no table`];
    if (typeof value !== 'string') return [`${name} is no string`];
    return value.length > row.max || (row.must && value === '') ? [`${name} has ${value.length} characters`] : [];
  });
  return [...missing, ...wrong];
}

/** Everything that breaks the tables of an activity's answer. */
function problems(activity: Activity, answer: Reply): string[] {
  const carriesId = activity === 'newInstance' && ['000000', '000004'].includes(answer.resultCode);
  const table = carriesId ? { ...common, instanceId: { must: true, max: 64 } } : common;
  const carriesInfo = activity === 'queryInstance' && answer.resultCode === '000000';
  const code = Object.hasOwn(resultCodes, answer.resultCode) ? [] : [`${answer.resultCode} is no result code`];
  if (!carriesInfo) return [...code, ...broken(answer, table)];
  const entries = Array.isArray(answer['info']) ? (answer['info'] as unknown[]) : [null];
  return [...code, ...broken(answer, table, ['info']), ...entries.flatMap((entry) => [...broken(entry, { instanceId: { must: true, max: 64 } }, ['appInfo', 'usageInfo']), ...partsOf(entry)])];
}

function partsOf(entry: unknown): string[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const app = 'appInfo' in entry ? broken(entry.appInfo, appInfo) : [];
  if (!('usageInfo' in entry)) return app;
  return Array.isArray(entry.usageInfo) && entry.usageInfo.length > 0 ? [...app, ...entry.usageInfo.flatMap(usageOf)] : [...app, 'usageInfo is no list'];
}

/** saas.md §2.8: a Double(12,4) and a UTC time of 17 digits must be there. */
function usageOf(entry: unknown): string[] {
  const { usageValue, statisticalTime } = { ...(entry as Record<string, unknown>) };
  const value = typeof usageValue === 'number' && /^[0-9]{1,8}(?:\.[0-9]{1,4})?$/.test(usageValue.toFixed(4)) && usageValue === Number(usageValue.toFixed(4)) ? [] : ['usageValue is wrong'];
  const time = typeof statisticalTime === 'string' && /^[0-9]{17}$/.test(statisticalTime) ? [] : ['statisticalTime is wrong'];
  return [...value, ...time, ...broken(entry, { relatedInstanceId: { must: false, max: 64 }, dashboardUrl: { must: false, max: 512 } }, ['usageValue', 'statisticalTime'])];
}

const access = { frontEndUrl: 'https://app.example.com/t/1', adminUrl: 'https://app.example.com/a', userName: 'admin', password: 'p', memo: '备注' };
const found = (...given: readonly (AccessData | null)[]): Outcome => ({ is: 'found', instances: given.map((each, n) => ({ instanceId: `i-${n}`, access: each })) });
const entryOf = (given: object | null, usage: readonly UsageReading[] = []): Record<string, unknown> => {
  const answer = reply('queryInstance', { is: 'found', instances: [{ instanceId: 'i-0', access: given as AccessData | null, usage }] });
  expect(problems('queryInstance', answer)).toEqual([]);
  return (answer['info'] as Record<string, unknown>[])[0] ?? {};
};

const instanceId = fc.string({ minLength: 1, maxLength: 64 });
/** As an adapter in JavaScript may give it: texts around and past every limit, or no text at all. */
const anyText = fc.oneof(fc.string(), fc.constantFrom(127, 128, 129, 511, 512, 513, 1023, 1024, 1025, 5000).map((length) => '商'.repeat(length)), fc.constantFrom(undefined, null, 7, ''));
const anyAccess = fc.oneof(fc.constant(null), fc.record({ frontEndUrl: anyText, adminUrl: anyText, userName: anyText, password: anyText, memo: anyText, tenantSecret: fc.string() }, { requiredKeys: [] })) as fc.Arbitrary<AccessData | null>;
const anyUsage = fc.array(
  fc.record({ value: fc.oneof(fc.double(), fc.integer()), at: fc.oneof(fc.integer(), fc.double(), fc.maxSafeInteger()), relatedInstanceId: anyText, dashboardUrl: anyText }, { requiredKeys: ['value', 'at'] }),
  { maxLength: 3 },
) as fc.Arbitrary<UsageReading[]>;
const message = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 600 }));
const anyOutcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ is: fc.constantFrom('done' as const, 'admitted' as const), instanceId }),
  fc.constantFrom<Outcome>({ is: 'unknown' }, { is: 'unavailable' }, { is: 'making' }),
  fc.record({ is: fc.constant('later' as const), message }),
  fc.record({ is: fc.constant('failed' as const), code: fc.oneof(fc.constantFrom(...Object.keys(resultCodes)), fc.string()), message }),
  fc.record({ is: fc.constant('refused' as const), code: fc.constantFrom('000001' as const, '000002' as const), message }),
  fc.record({ is: fc.constant('found' as const), instances: fc.array(fc.record({ instanceId, access: anyAccess, usage: anyUsage }, { requiredKeys: ['instanceId', 'access'] }), { minLength: 1, maxLength: 5 }) }),
);

describe('answers, row by row', () => {
  test.each(activities)('saas.md §3 %s · every answer that can be given keeps its table, whatever an adapter says', (activity) => {
    let checked = 0;
    fc.assert(
      fc.property(anyOutcome, (outcome) => {
        if (replies[outcome.is][verbs[activity].answers] === null) return;
        checked += 1;
        expect(problems(activity, reply(activity, outcome))).toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(checked).toBeGreaterThan(100);
  });

  test.each(activities.map((activity) => [sections[activity], activity] as const))('saas.md %s %s · resultCode, resultMsg · always there, of 6 and at most 255 characters, printable ASCII', (_, activity) => {
    const answer = reply(activity, { is: 'refused', code: '000002', message: `商\u0000${'x'.repeat(300)}` });
    expect(Object.keys(answer)).toEqual(['resultCode', 'resultMsg']);
    expect(answer).toEqual({ resultCode: '000002', resultMsg: `??${'x'.repeat(253)}` });
    expect(reply(activity, { is: 'unavailable' })).toEqual({ resultCode: '000005', resultMsg: 'temporary internal error, please repeat' });
  });

  test('saas.md §3.2 newInstance · instanceId · returned with 000000 and with 000004, and with nothing else', () => {
    expect(reply('newInstance', { is: 'done', instanceId: 'i-1' })).toEqual({ resultCode: '000000', resultMsg: 'success', instanceId: 'i-1' });
    expect(reply('newInstance', { is: 'admitted', instanceId: 'i-1' })).toEqual({ resultCode: '000004', resultMsg: 'request is being processed', instanceId: 'i-1' });
    expect(reply('newInstance', { is: 'failed', code: '000100', message: '' })).toEqual({ resultCode: '000100', resultMsg: 'no instance resource available' });
  });

  test('saas.md §3.3 queryInstance · info · one element per instance found, none otherwise', () => {
    expect(reply('queryInstance', found(access, null))).toMatchObject({ resultCode: '000000', info: [{ instanceId: 'i-0' }, { instanceId: 'i-1' }] });
    for (const outcome of [{ is: 'making' }, { is: 'unknown' }, { is: 'unavailable' }] as const) expect(reply('queryInstance', outcome)).not.toHaveProperty('info');
  });

  test('saas.md §3.3 queryInstance · info[].instanceId · always there', () => {
    expect(reply('queryInstance', found(null))['info']).toEqual([{ instanceId: 'i-0' }]);
  });

  test('saas.md §3.3 queryInstance · info[].appInfo · an object with the access data, left out when there are none', () => {
    expect(entryOf(access)).toEqual({ instanceId: 'i-0', appInfo: access });
    expect(reply('queryInstance', found(null))['info']).toEqual([{ instanceId: 'i-0' }]);
  });

  test('saas.md §3.3 queryInstance · appInfo.frontEndUrl · 512; without one that fits there is no appInfo', () => {
    expect(entryOf({ ...access, frontEndUrl: 'x'.repeat(512) })).toMatchObject({ appInfo: { frontEndUrl: 'x'.repeat(512) } });
    for (const frontEndUrl of ['x'.repeat(513), '', undefined, null, 7]) expect(entryOf({ ...access, frontEndUrl })).toEqual({ instanceId: 'i-0' });
  });

  test.each([['adminUrl', 512], ['userName', 128], ['password', 128], ['memo', 1024]] as const)('saas.md §3.3 queryInstance · appInfo.%s · at most %i; a longer one is left out, not cut', (member, max) => {
    const { [member]: _, ...others } = access;
    expect(entryOf({ ...access, [member]: '备'.repeat(max) })).toEqual({ instanceId: 'i-0', appInfo: { ...others, [member]: '备'.repeat(max) } });
    for (const text of ['x'.repeat(max + 1), '', undefined, null, 7]) expect(entryOf({ ...access, [member]: text })).toEqual({ instanceId: 'i-0', appInfo: others });
  });

  test('saas.md §3.3 queryInstance · info[].usageInfo · one element per reading, left out when there is none', () => {
    expect(entryOf(access)).not.toHaveProperty('usageInfo');
    const at = Date.UTC(2026, 0, 1);
    // The example of the page (saas.json, v1-Body-Sign-queryInstance-usage).
    const readings = [{ relatedInstanceId: 'od-sms', value: 12.5, at }, { relatedInstanceId: 'od-mms', value: 3, at, dashboardUrl: 'https://app.example.com/usage' }];
    const usageInfo = [
      { relatedInstanceId: 'od-sms', usageValue: 12.5, statisticalTime: '20260101000000000' },
      { relatedInstanceId: 'od-mms', usageValue: 3, statisticalTime: '20260101000000000', dashboardUrl: 'https://app.example.com/usage' },
    ];
    expect(entryOf(null, readings)).toEqual({ instanceId: 'i-0', usageInfo });
    expect(JSON.stringify(entryOf(access, readings)['usageInfo'])).toBe(JSON.stringify(usageInfo));
  });

  test('saas.md §2.8 usageInfo · relatedInstanceId, dashboardUrl · at most 64 and 512; longer ones are left out', () => {
    const fits = { relatedInstanceId: 'x'.repeat(64), dashboardUrl: 'x'.repeat(512) };
    expect(entryOf(null, [{ value: 1, at: 0, ...fits }])['usageInfo']).toEqual([{ usageValue: 1, statisticalTime: '19700101000000000', ...fits }]);
    expect(entryOf(null, [{ value: 1, at: 0, relatedInstanceId: 'x'.repeat(65), dashboardUrl: 'x'.repeat(513) }])['usageInfo']).toEqual([{ usageValue: 1, statisticalTime: '19700101000000000' }]);
  });

  test('saas.md §2.8 usageInfo · usageValue · a number of at most eight digits and four decimals', () => {
    expect(entryOf(null, [{ value: 0.123_46, at: 0 }, { value: 99_999_999.9999, at: 0 }, { value: 0, at: 0 }])['usageInfo']).toMatchObject([{ usageValue: 0.1235 }, { usageValue: 99_999_999.9999 }, { usageValue: 0 }]);
    for (const value of [100_000_000, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(entryOf(null, [{ value, at: 0 }])).toEqual({ instanceId: 'i-0' });
  });

  test('saas.md §2.8 usageInfo · statisticalTime · UTC, 17 digits', () => {
    expect(entryOf(null, [{ value: 1, at: Date.UTC(2026, 10, 21, 9, 8, 7, 6) }])['usageInfo']).toMatchObject([{ statisticalTime: '20261121090807006' }]);
    for (const at of [-1, 0.5, Number.NaN, 8.64e15]) expect(entryOf(null, [{ value: 1, at }])).toEqual({ instanceId: 'i-0' });
  });

  test('saas.md §3.3 queryInstance · encryptType · is never sent', () => {
    expect(JSON.stringify(entryOf({ ...access, encryptType: '1' }))).not.toContain('encryptType');
  });
});

describe('the check itself', () => {
  test.each<[Activity, Reply, string]>([
    ['newInstance', { resultCode: '000000', resultMsg: 'success' }, 'instanceId is missing'],
    ['newInstance', { resultCode: '000000', resultMsg: 'success', instanceId: 'x'.repeat(65) }, 'instanceId has 65 characters'],
    ['releaseInstance', { resultCode: '000000', resultMsg: '' }, 'resultMsg has 0 characters'],
    ['releaseInstance', { resultCode: '000000', resultMsg: 'success', instanceId: 'i' }, 'instanceId is in no table'],
    ['releaseInstance', { resultCode: '999999', resultMsg: 'success' }, '999999 is no result code'],
    ['queryInstance', { resultCode: '000000', resultMsg: 'success' }, 'is no object'],
    ['queryInstance', { resultCode: '000000', resultMsg: 'success', info: [{ instanceId: 'i', appInfo: { userName: 'a' } }] }, 'frontEndUrl is missing'],
    ['queryInstance', { resultCode: '000000', resultMsg: 'success', info: [{ instanceId: 'i', appInfo: { frontEndUrl: 'a', memo: 7 } }] }, 'memo is no string'],
  ])('notices %s %j: %s', (activity, answer, problem) => {
    expect(problems(activity, answer)).toContain(problem);
  });
});
