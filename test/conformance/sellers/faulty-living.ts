import type { Ways } from './living.ts';
import { refusal, success, textOf, written, type Body, type Parts } from './honest.ts';

export interface FaultyLiving {
  readonly name: string;
  readonly ways: Partial<Ways>;
  /** Beside the ways. */
  readonly faults?: Partial<Parts>;
  /** Exactly the checks that must not pass. */
  readonly caughtBy: readonly string[];
}

const is = (activity: string) => (body: Body) => body['activity'] === activity;
/** Honest but for what it says in the cases that match. */
const says = (answer: ReturnType<typeof refusal>, matches: (...call: Parameters<Ways['instead']>) => boolean): Partial<Ways> => ({ instead: (...call) => (matches(...call) ? answer : null) });
const later = refusal('000005', 'not now');
const strange = refusal('000002', 'is unknown');
/** Marks what `write` is to spoil. */
const MARK = 'marked';
const spoilt = (change: Parts['write']): { readonly ways: Partial<Ways>; readonly faults: Partial<Parts> } => ({
  ways: says({ resultCode: '000000', resultMsg: MARK }, (body, _, instance) => is('upgradeInstance')(body) && instance?.status === 'active'),
  faults: { write: (answer) => (answer.resultMsg === MARK ? change({ ...answer, resultMsg: 'success' }) : written(answer)) },
});

/** Sellers with one mistake that only a real order shows. */
export const FAULTY_LIVING: readonly FaultyLiving[] = [
  // Creates
  { name: 'instanceId from businessId', ways: { idFor: (body) => `i-${textOf(body['businessId'])}` }, caughtBy: ['create.repeat', 'create.parallel'] },
  { name: 'looked up, then inserted, without a lock', ways: { idFor: unlocked() }, caughtBy: ['create.parallel'] },
  { name: 'blocking create', ways: { works: (body) => (is('newInstance')(body) ? 6_000 : 0) }, caughtBy: ['create.time'] },
  { name: 'no instanceId while it works', ways: says({ resultCode: '000004', resultMsg: 'working' }, is('newInstance')), caughtBy: ['create.answer'] },
  { name: 'never ready', ways: { readyAfter: Infinity }, caughtBy: ['create.ready'] },
  { name: 'unknown while it is made', ways: says(refusal('000003', 'unknown'), (body, before, instance) => is('queryInstance')(body) && instance?.made === false && before === 0), caughtBy: ['create.polled'] },
  { name: 'a link longer than 512 characters', ways: { access: { frontEndUrl: `https://example.com/?token=${'x'.repeat(500)}` } }, caughtBy: ['create.lengths'] },
  { name: 'a create repeated later called a second purchase', ways: says(refusal('000103', 'already bought'), (body, before) => is('newInstance')(body) && before === 2), caughtBy: ['create.repeat-ready', 'create.parallel'] },
  { name: 'a freeze ends the making', ways: { early: 'a freeze ends the making' }, caughtBy: ['create.freeze'] },
  // The order query
  { name: 'does not ask what was bought', ways: { asks: 'never' }, caughtBy: ['orders.asked'] },
  { name: 'asks once, and for ever waits', ways: { asks: 'once' }, caughtBy: ['orders.failing'] },
  { name: 'failure memoised', ways: { asks: 'create', failed: 'its answer' }, caughtBy: ['orders.failing'] },
  { name: 'success after rollback', ways: { asks: 'create', failed: 'a success' }, caughtBy: ['orders.failing'] },
  { name: 'nonce burnt before the write', ways: { asks: 'create' }, faults: { nonce: (used, nonce) => !used.has(nonce) && used.set(nonce, '') !== undefined }, caughtBy: ['orders.same-call'] },
  // Life
  { name: 'debugging calls carried out', ways: { probes: 'real' }, caughtBy: ['life.probe-untouched'] },
  { name: 'any testFlag called debugging', ways: { isProbe: (body) => body['testFlag'] !== undefined }, caughtBy: ['life.flag-zero'] },
  {
    name: 'unknown instances called an internal error',
    ways: { unknown: '000005' },
    caughtBy: ['queryInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance', 'upgradeInstance', 'changeInstanceCheck'].map((activity) => `life.unknown-${activity}`),
  },
  { name: 'all ids or none', ways: { batches: 'all or none' }, caughtBy: ['life.hundred-ids'] },
  { name: 'any number of ids', ways: { mostIds: Infinity }, caughtBy: ['life.hundred-one-ids'] },
  { name: 'a renewal repeated called an error', ways: says(later, (body, before) => body['scene'] === 'RENEWAL' && before > 0), caughtBy: ['life.renew'] },
  { name: 'renewals known by the last order alone', ways: lastRenewal(), caughtBy: ['life.renew-late'] },
  { name: 'no refund of a renewal', ways: says(strange, (body) => body['scene'] === 'UNSUBSCRIBE_RENEWAL_PERIOD'), caughtBy: ['life.refund'] },
  // The clock of the test stands still on this day, and so does the end of what has just expired.
  { name: 'an end in the past refused', ways: says(strange, (body) => body['scene'] === 'UNSUBSCRIBE_RENEWAL_PERIOD' && textOf(body['expireTime']).startsWith('20260101')), caughtBy: ['life.refund-past'] },
  { name: 'a refund repeated called an error', ways: says(later, (body, before) => body['scene'] === 'UNSUBSCRIBE_RENEWAL_PERIOD' && before > 0), caughtBy: ['life.refund'] },
  { name: 'the question whether a change may be carried out as the change', ways: says(refusal('000005', 'changed already'), (body, before) => is('changeInstanceCheck')(body) && before > 0), caughtBy: ['life.change-check'] },
  { name: 'RENEWAL_CHANGE unknown but to the debugger', ways: says(strange, (body) => body['scene'] === 'RENEWAL_CHANGE'), caughtBy: ['life.renew-change'] },
  { name: 'an upgrade repeated called an error', ways: says(refusal('000104', 'upgraded before'), (body, before) => is('upgradeInstance')(body) && before > 0), caughtBy: ['life.upgrade'] },
  { name: 'a repeat called an error', ways: { repeat: 'refused' }, caughtBy: ['life.freeze', 'life.release'] },
  { name: 'frozen instances not renewed', ways: says(later, (body, _, instance) => is('refreshInstance')(body) && instance?.status === 'frozen'), caughtBy: ['life.renew-frozen'] },
  { name: 'UNFROZEN expected instead of UNFREEZE', ways: says(strange, (body) => body['status'] === 'UNFREEZE'), caughtBy: ['create.freeze', 'life.unfreeze'] },
  { name: 'frozen instances not released', ways: says(later, (body, _, instance) => is('releaseInstance')(body) && instance?.status === 'frozen'), caughtBy: ['life.retention-over'] },
  { name: 'releases looked up by their order', ways: says(refusal('000003', 'unknown'), (body) => is('releaseInstance')(body) && body['orderId'] !== undefined), caughtBy: ['life.release'] },
  { name: 'access data given for ever', ways: { released: 'still there' }, caughtBy: ['life.released'] },
  // Trials
  { name: 'no trials', ways: { asks: 'create', trials: 'refused' }, caughtBy: ['trial.create'] },
  { name: 'no trial becomes formal', ways: says(strange, (body) => body['scene'] === 'TRIAL_TO_FORMAL'), caughtBy: ['trial.formal'] },
  // After the release
  { name: 'a release is lost while the instance is made', ways: { early: 'a release is lost' }, caughtBy: ['released.early'] },
  { name: 'a late create builds anew', ways: { released: 'built anew' }, caughtBy: ['released.newInstance'] },
  { name: 'a late create called a second purchase', ways: says(refusal('000103', 'already bought'), (body, _, instance) => is('newInstance')(body) && instance?.status === 'released'), caughtBy: ['released.same-id'] },
  { name: 'renewals of what is gone', ways: says(success(), (body, _, instance) => is('refreshInstance')(body) && instance?.status === 'released'), caughtBy: ['released.refreshInstance'] },
  { name: 'upgrades of what is gone', ways: says(success(), (body, _, instance) => is('upgradeInstance')(body) && instance?.status === 'released'), caughtBy: ['released.upgradeInstance'] },
  { name: 'a late freeze called unknown', ways: says(refusal('000003', 'released'), (body, _, instance) => is('updateInstanceStatus')(body) && instance?.status === 'released'), caughtBy: ['released.updateInstanceStatus'] },
  // Answers that only real instances have
  { name: 'HTTP 202 after an upgrade', ...spoilt((answer) => written(answer, { status: 202 })), caughtBy: ['answers.status'] },
  { name: 'text/plain after an upgrade', ...spoilt((answer) => written(answer, { contentType: 'text/plain' })), caughtBy: ['answers.content-type'] },
  { name: 'no resultMsg after an upgrade', ...spoilt(({ resultCode }) => written({ resultCode })), caughtBy: ['answers.body'] },
  { name: 'an upgrade works before it answers', ways: { works: (body) => (is('upgradeInstance')(body) ? 6_000 : 0) }, caughtBy: ['answers.time'] },
];

function unlocked(): Ways['idFor'] {
  let made = 0;
  return async (body, known) => {
    const line = textOf(body['orderLineId']);
    const before = known.get(line);
    if (before !== undefined) return before;
    // Long enough for the other copies to look as well.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const id = `i-${(made += 1)}`;
    known.set(line, id);
    return id;
  };
}

function lastRenewal(): Partial<Ways> {
  let last: unknown = null;
  return says(later, (body, before) => {
    if (body['scene'] !== 'RENEWAL') return false;
    if (before === 0) last = body['orderId'];
    return body['orderId'] !== last;
  });
}
