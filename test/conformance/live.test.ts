import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KITS } from '../../src/conformance/kits.ts';
import type { Report } from '../../src/conformance/report.ts';
import type { RunOptions } from '../../src/conformance/run.ts';
import { select } from '../../src/conformance/select.ts';
import { startMarket } from '../../src/simulator/market.ts';
import { caught, check } from './checked.ts';
import { KEY, refusal, startSeller } from './sellers/honest.ts';
import { living, type Ways } from './sellers/living.ts';

const PURCHASE = { skuCode: 'notes', productId: 'notes-month', linearValue: 5 };
const GROUPS = select(KITS['saas-v2'], ['create', 'life'], []).wanted;

/** The live part of a run, and what the seller is left with. */
async function lived(ways: Partial<Ways> = {}, options: Partial<RunOptions> = {}): Promise<{ readonly report: Report; readonly statuses: readonly string[] }> {
  const clock = { now: 1_767_225_600_123 };
  const now = () => clock.now;
  const parts = living(ways);
  const seller = await startSeller(parts, clock);
  const market = await startMarket({ sellerUrl: seller.url, keys: { base: KEY }, ak: 'AK', sk: 'SK', now, random: randomBytes });
  try {
    const report = await check(seller.url, KEY, now, { wanted: GROUPS, live: { market, url: seller.url, purchase: PURCHASE, pace: { every: 5, limit: 100 } }, ...options });
    return { report, statuses: [...parts.instances.values()].map(({ status }) => status) };
  } finally {
    await market.close();
    await seller.close();
  }
}

const newId = (() => {
  let made = 0;
  return () => `i-${(made += 1)}`;
})();

const FAULTY: readonly (readonly [name: string, ways: Partial<Ways>, caughtBy: readonly string[]])[] = [
  ['instanceId from businessId', { idFor: (body) => `i-${String(body['businessId'])}` }, ['create.repeat', 'create.parallel']],
  ['looked up, then inserted, without a lock', { idFor: unlocked }, ['create.parallel']],
  ['never ready', { readyAfter: Infinity }, ['create.ready']],
  ['a repeat called an error', { repeat: 'refused' }, ['life.freeze', 'life.release']],
  ['access data given for ever', { released: 'still there' }, ['life.released']],
  ['debugging calls carried out', { probes: 'real', released: 'gone' }, ['life.probe-untouched']],
  ['unknown instances called an internal error', { unknown: '000005' }, ['life.unknown-queryInstance', 'life.unknown-refreshInstance', 'life.unknown-updateInstanceStatus', 'life.unknown-releaseInstance']],
  ['no instanceId while it works', { instead: (body) => (body['activity'] === 'newInstance' ? { resultCode: '000004', resultMsg: 'working' } : null) }, ['create.answer']],
  ['a create repeated later called a second purchase', { instead: (body, before) => (body['activity'] === 'newInstance' && before === 2 ? refusal('000103', 'already bought') : null) }, ['create.repeat-ready', 'create.parallel']],
  ['a renewal repeated called an error', { instead: (body, before) => (body['scene'] === 'RENEWAL' && before > 0 ? refusal('000005', 'renewed before') : null) }, ['life.renew']],
  ['no refund of a renewal', { instead: (body) => (body['scene'] === 'UNSUBSCRIBE_RENEWAL_PERIOD' ? refusal('000002', 'scene is unknown') : null) }, ['life.refund']],
  ['UNFROZEN expected instead of UNFREEZE', { instead: (body) => (body['status'] === 'UNFREEZE' ? refusal('000002', 'status is unknown') : null) }, ['life.unfreeze']],
  ['blocking create', { works: 6_000 }, ['create.time']],
];

async function unlocked(body: Readonly<Record<string, unknown>>, known: Map<string, string>): Promise<string> {
  const line = String(body['orderLineId']);
  const before = known.get(line);
  if (before !== undefined) return before;
  // Long enough for the other copies to look as well.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const made = newId();
  known.set(line, made);
  return made;
}

describe('a run with --live', () => {
  it('finds nothing wrong with an honest seller, and leaves no instance behind', async () => {
    const { report, statuses } = await lived();
    expect(caught(report)).toEqual({});
    expect([report.status, report.verdict, report.live, report.left]).toEqual(['finished', 'passed', true, []]);
    expect(statuses).toEqual(['released', 'released']);
  });

  it.each(FAULTY)('catches: %s', async (_, ways, caughtBy) => {
    const { report } = await lived(ways);
    expect(Object.keys(caught(report)).toSorted()).toEqual(caughtBy.toSorted());
  });

  it('releases what it made when it is interrupted', async () => {
    const interrupt = new AbortController();
    const { report, statuses } = await lived({}, { closing: interrupt.signal, progress: ({ id }) => (id === 'create.parallel' ? interrupt.abort() : undefined) });
    expect([report.status, report.verdict, report.left]).toEqual(['interrupted', null, []]);
    expect(statuses).toEqual(['released', 'released']);
  });

  it('names the instances that the seller would not release', async () => {
    const { report } = await lived({ instead: (body) => (body['activity'] === 'releaseInstance' ? refusal('000005', 'not now') : null) });
    expect(Object.keys(caught(report))).toContain('life.release');
    expect(report.left).toEqual([expect.stringMatching(/^i-CS/), expect.stringMatching(/^i-CS/)]);
  });
});

it('every check that needs an instance catches one of them', () => {
  const catching = new Set(FAULTY.flatMap(([, , caughtBy]) => caughtBy));
  expect(KITS['saas-v2'].filter(({ id, needs }) => needs === 'live' && !catching.has(id)).map(({ id }) => id)).toEqual([]);
});
