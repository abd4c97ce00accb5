import { DEBUGGING_CASES } from '../../../src/simulator/debugging-cases.ts';
import { answering, writing, type Faulty } from './fault.ts';
import { HONEST, refusal } from './honest.ts';

const SAVED_ID = DEBUGGING_CASES.queryInstance['instanceId'];
const OTHERS = ['queryInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance', 'upgradeInstance', 'changeInstanceCheck'];
const unknown = refusal('000003', 'instance does not exist');
const fails = (name: string, activity: string, matches: (body: Record<string, unknown>) => boolean, ...caughtBy: string[]): Faulty => ({
  name,
  faults: answering(activity, (body, usual) => (matches(body) ? unknown : usual)),
  caughtBy,
});

/** The instance of the saved case was kept in the database of the day on which it was saved; ids made by debugging creates are another matter. */
const LOOKED_UP = OTHERS.map((activity) => {
  const named = (body: Record<string, unknown>): boolean => body['instanceId'] !== SAVED_ID && !/,|^i-MOCK/.test(String(body['instanceId']));
  const repeats = { updateInstanceStatus: ['probe.repeat-freeze', 'probe.repeat-unfreeze'], releaseInstance: ['probe.repeat-release'] }[activity] ?? [];
  return fails(`${activity} succeeds for the saved instance alone`, activity, named, `probe.unknown-${activity}`, ...repeats);
});

const SLOW = OTHERS.map((activity): Faulty => ({
  name: `${activity} works before it answers`,
  faults: {
    answer: (body, seller) => {
      if (body['activity'] === activity && !String(body['instanceId']).includes(',')) seller.clock.now += 6_000;
      return HONEST.answer(body, seller);
    },
  },
  caughtBy: [`latency.${activity}`],
}));

const CODED = (
  [
    ['codes.signature', 'signature is wrong', '000002'],
    ['codes.no-signature', 'signature is missing', '000002'],
    ['codes.member', 'orderId is missing', '000005'],
    ['codes.activity', 'activity is unknown', '000005'],
  ] as const
).map(([check, message, code]): Faulty => ({
  name: `"${message}" told as ${code}`,
  faults: writing(
    () => 200,
    'application/json',
    (answer) => JSON.stringify(answer.resultMsg === message ? refusal(code, message) : answer),
  ),
  caughtBy: [check],
}));

const renewal = (scene: string) => (body: Record<string, unknown>) => body['scene'] === scene && String(body['expireTime']).startsWith('2099') && body['productId'] !== undefined;

/** Sellers that do one activity wrong. */
export const ONE_ACTIVITY: readonly Faulty[] = [
  ...LOOKED_UP,
  ...SLOW,
  ...CODED,
  fails('no trial becomes formal', 'refreshInstance', renewal('TRIAL_TO_FORMAL'), 'probe.scene-trial-to-formal'),
  fails('expireTime of 14 digits refused', 'refreshInstance', renewal('RENEWAL'), 'probe.scene-renewal'),
  fails('no renewal is refunded', 'refreshInstance', renewal('UNSUBSCRIBE_RENEWAL_PERIOD'), 'probe.scene-unsubscribe-renewal-period'),
  fails('a renewal needs a productId', 'refreshInstance', ({ productId }) => productId === undefined, 'probe.refresh-without-product'),
  fails('orders looked up', 'newInstance', ({ orderId }) => !String(orderId).startsWith('MOCK'), 'probe.unknown-newInstance'),
  fails('FROZEN expected instead of FREEZE', 'updateInstanceStatus', ({ instanceId }) => instanceId === SAVED_ID, 'probe.updateInstanceStatus'),
  fails('upgrades are not served', 'upgradeInstance', () => true, 'probe.upgradeInstance'),
  fails('changeInstanceCheck of 2025 unknown', 'changeInstanceCheck', () => true, 'probe.changeInstanceCheck'),
  fails('productInfo as an object alone', 'changeInstanceCheck', ({ productInfo }) => typeof productInfo === 'string', 'probe.product-info-text'),
  fails('a firewall that dislikes angle brackets', 'newInstance', ({ businessId }) => /[<>]/.test(String(businessId)), 'body.quotes'),
  fails('testFlag compared as text alone', 'releaseInstance', ({ testFlag }) => testFlag === 1, 'probe.flag-number'),
  fails('what a debugging create was given is unknown', 'queryInstance', ({ instanceId }) => String(instanceId).startsWith('i-MOCK'), 'query.created-id'),
  { name: 'HTTP 201 after a create', faults: writing(({ instanceId }) => (instanceId === undefined ? 200 : 201)), caughtBy: ['accepted', 'wrong-type', 'broken-text'].map((path) => `envelope.status-${path}`) },
  {
    name: 'one id after another, each from the database',
    faults: {
      answer: (body, seller) => {
        if (String(body['instanceId']).includes(',')) seller.clock.now += 6_000;
        return HONEST.answer(body, seller);
      },
    },
    caughtBy: ['query.time-of-hundred'],
  },
];
