import { describe, expect, it, test } from 'vitest';
import { verbs } from '../../../src/marketplace/saas-v2/verbs.ts';
import { HAND_KITS } from '../../../src/simulator/by-hand/kits.ts';
import { activityOf, isPlainTest, makeBody, readMember, sortedForm, type Made } from '../../../src/simulator/by-hand/make-body.ts';

const kit = HAND_KITS['saas-v2'];
const make = (made: Partial<Made>) => makeBody(kit, { activity: null, given: null, set: new Map(), drop: [], live: false, ...made });
const set = (...texts: readonly string[]) => new Map(texts.map((text) => readMember(text) ?? [`not a member: ${text}`, '']));

describe('a body made by hand', () => {
  test.each(Object.keys(kit.samples))('%s is the debugging case as a test call, sorted, and breaks no rule', (activity) => {
    const { text, problem } = make({ activity });
    expect(problem).toBeNull();
    const members: Record<string, unknown> = JSON.parse(text);
    expect(members).toMatchObject({ activity, testFlag: '1' });
    expect(Object.keys(members)).toEqual(Object.keys(members).toSorted());
  });

  it('has the members that are set, as text or as JSON, in place of the case’s own', () => {
    const { text } = make({ activity: 'changeInstanceCheck', set: set('instanceId=a=b', 'productInfo:={"b":9007199254740993,"a":1.10}'), drop: ['testFlagg'] });
    expect(text).toBe('{"activity":"changeInstanceCheck","instanceId":"a=b","productInfo":{"b":9007199254740993,"a":1.10},"testFlag":"1"}');
  });

  it('lacks what is dropped, and says which rule that breaks', () => {
    expect(make({ activity: 'newInstance', drop: ['orderId'] })).toMatchObject({ text: expect.not.stringContaining('"orderId"'), problem: 'orderId is missing or empty' });
  });

  it('takes a given body into KooGallery’s form and marks it as a test', () => {
    expect(make({ given: ' { "instanceId":"i", "orderId":null, "activity":"releaseInstance" } ' }).text).toBe('{"activity":"releaseInstance","instanceId":"i","testFlag":"1"}');
  });

  it('takes nothing from the debugging case when it is live, and adds no testFlag', () => {
    expect(make({ activity: 'queryInstance', live: true, set: set('instanceId=i') }).text).toBe('{"activity":"queryInstance","instanceId":"i"}');
    expect(make({ activity: 'queryInstance', live: true })).toMatchObject({ text: '{"activity":"queryInstance"}', problem: 'instanceId is missing or empty' });
  });

  test.each<[string, Partial<Made>]>([
    ['another testFlag', { activity: 'queryInstance', set: set('testFlag=0') }],
    ['testFlag as a number', { activity: 'queryInstance', set: set('testFlag:=1') }],
    ['testFlag dropped', { activity: 'queryInstance', drop: ['testFlag'] }],
    ['a given body that says 0', { given: '{"testFlag":"0"}' }],
  ])('is never live by accident: %s', (_what, made) => {
    expect(() => make(made)).toThrow(expect.objectContaining({ code: 'NEEDS_LIVE' }));
    expect(() => make({ ...made, live: true })).not.toThrow();
  });

  test.each<[string, Partial<Made>, string]>([
    ['no activity and no body', {}, 'NO_ACTIVITY'],
    ['an activity of no table', { activity: 'constructor' }, 'UNKNOWN_ACTIVITY'],
    ['a body that is no JSON', { given: '{' }, 'BAD_BODY'],
    ['a body that is no object', { given: '[]' }, 'BAD_BODY'],
  ])('is refused for %s', (_what, made, code) => {
    expect(() => make(made)).toThrow(expect.objectContaining({ code }));
  });
});

test('a member is name=text or name:=json', () => {
  expect(readMember('a=')).toEqual(['a', '']);
  expect(readMember('a:=null')).toEqual(['a', null]);
  expect(readMember('a')).toBeNull();
  expect(readMember('a:={')).toBeNull();
});

test('only testFlag "1" in readable JSON makes a plain test, whatever the order is called', () => {
  expect(isPlainTest('{"testFlag":"1"}')).toBe(true);
  const others = ['{"testFlag":1}', '{"testFlag":"0"}', '{"orderId":"MOCKPERIODYEARNEW"}', '{"testFlag":"1","testFlag":"0"}', '"testFlag"', ''];
  expect(others.filter(isPlainTest)).toEqual([]);
});

test('a body of any kind is looked at without throwing', () => {
  expect(activityOf('{"activity":"newInstance"}')).toBe('newInstance');
  expect(['{', '{}', '{"activity":1}', '{"activity":"a b"}'].map(activityOf)).toEqual([null, null, null, null]);
  expect(sortedForm('{"b":"1","a":null,"A":"2"}')).toBe('{"A":"2","b":"1"}');
  expect(sortedForm('x')).toBeNull();
});

test('what changes nothing is known as harmless, everything else is not', () => {
  expect(kit.harmless).toEqual(['queryInstance', 'changeInstanceCheck']);
  expect(Object.keys(kit.samples).toSorted()).toEqual(Object.keys(verbs).toSorted());
});
