import { describe, expect, it } from 'vitest';
import { KITS } from '../../src/conformance/kits.ts';
import type { Item, Report } from '../../src/conformance/report.ts';
import type { RunOptions } from '../../src/conformance/run.ts';
import { select } from '../../src/conformance/select.ts';
import { startMarket } from '../../src/simulator/start-market.ts';
import type { Pace } from '../../src/simulator/repeat.ts';
import { caught, check, rows } from './checked.ts';
import { FAULTY_LIVING } from './sellers/faulty-living.ts';
import { createSeller, KEY, refusal, type Parts } from './sellers/honest.ts';
import { living, type Ways } from './sellers/living.ts';

const PURCHASE = { skuCode: 'notes', productId: 'notes-month', linearValue: 5 };
const LIVE = KITS['saas-v2'].filter(({ needs }) => needs === 'live').map(({ id }) => id);
const AK = { ak: 'TESTAK0123456789ABCD', sk: 'test-sk-0123456789abcdefghijklmnopqrstuv' };
const PACE = { every: 2, limit: 20 };

interface Lived {
  readonly ways?: Partial<Ways>;
  readonly faults?: Partial<Parts>;
  /** Of the seller's own requests. */
  readonly sk?: string;
  readonly pace?: Pace;
  readonly options?: Partial<RunOptions>;
}

/** A run with all that is live, and what the seller is left with. */
async function lived({ ways = {}, faults = {}, sk = AK.sk, pace = PACE, options = {} }: Lived = {}): Promise<{ readonly report: Report; readonly statuses: readonly string[]; readonly ids: readonly string[] }> {
  const clock = { now: 1_767_225_600_123 };
  const now = () => clock.now;
  let openApi = '';
  const parts = living({ orders: { url: () => openApi, ak: AK.ak, sk, now }, ...ways });
  const { url, fetch } = createSeller({ ...parts, ...faults }, clock);
  const market = await startMarket({ seller: url, keys: { base: KEY, ...AK }, now, fetch });
  openApi = market.openApiUrl;
  try {
    const report = await check(url, KEY, now, { fetch, wanted: select(KITS['saas-v2'], LIVE, []).wanted, live: { market, url, purchase: PURCHASE, pace }, ...options });
    return { report, statuses: [...parts.instances.values()].map(({ status }) => status), ids: [...parts.instances.keys()] };
  } finally {
    await market.close();
  }
}

function slowToRelease(): Ways['instead'] {
  const asked = new Set<unknown>();
  return (body) => {
    if (body['activity'] !== 'releaseInstance' || asked.has(body['instanceId'])) return null;
    asked.add(body['instanceId']);
    return refusal('000005', 'not now');
  };
}

describe('a run with --live', () => {
  it.each(['background', 'create'] as const)('finds nothing wrong with an honest seller that asks the order query in the %s, and leaves no instance behind', async (asks) => {
    const { report, statuses } = await lived({ ways: { asks } });
    expect(caught(report)).toEqual({});
    expect([report.status, report.verdict, report.live, report.left]).toEqual(['finished', 'passed', true, []]);
    expect(rows(report).filter(({ id, skip }) => LIVE.includes(id) && skip !== null)).toEqual([]);
    expect(statuses).toEqual(Array.from({ length: 5 }, () => 'released'));
  });

  it.each(FAULTY_LIVING.map((faulty) => [faulty.name, faulty] as const))('catches, with the checks meant for it and no other: %s', async (_, { ways, faults = {}, caughtBy }) => {
    const { report } = await lived({ ways, faults });
    expect(Object.keys(caught(report)).toSorted()).toEqual(caughtBy.toSorted());
  });

  it('catches a seller that signs its questions with another SK', async () => {
    const { report } = await lived({ sk: 'another-sk-0123456789abcdefghijklmnopqr' });
    expect(caught(report)).toEqual({ 'orders.signed': 'the gateway refused it: HTTP 401, APIGW.0301' });
  });

  it('releases what it made when it is interrupted, also while it waits for a seller', async () => {
    for (const [id, ways] of [['create.parallel', {}], ['orders.signed', { readyAfter: Infinity }]] as const) {
      const interrupt = new AbortController();
      const progress = (item: Item): void => {
        if (item.id === id) setTimeout(() => interrupt.abort(), 20);
      };
      const { report, statuses } = await lived({ ways, pace: { every: 60_000, limit: 600_000 }, options: { closing: interrupt.signal, progress } });
      expect([report.status, report.verdict, report.left]).toEqual(['interrupted', null, []]);
      expect(statuses).toEqual(['released', 'released']);
    }
  });

  it('names the instances that the seller would not release', async () => {
    const { report, ids } = await lived({ ways: { instead: (body) => (body['activity'] === 'releaseInstance' ? refusal('000005', 'not now') : null) } });
    expect(Object.keys(caught(report))).toContain('life.release');
    expect(report.left.toSorted()).toEqual(ids.toSorted());
  });

  it.each([
    ['refuses to release twice', { repeat: 'refused' }],
    ['looks releases up by their order', { instead: (body) => (body['activity'] === 'releaseInstance' && body['orderId'] !== undefined ? refusal('000003', 'unknown') : null) }],
    ['releases nothing until it is asked twice', { instead: slowToRelease() }],
  ] satisfies readonly (readonly [string, Partial<Ways>])[])('leaves nothing at a seller that %s', async (_, ways) => {
    const { report, statuses } = await lived({ ways });
    expect([report.left, new Set(statuses)]).toEqual([[], new Set(['released'])]);
  });

  it('names the order for which an instance may have been made whose id nobody told', async () => {
    const { report } = await lived({ ways: { instead: (body) => (body['activity'] === 'newInstance' ? { resultCode: '000004', resultMsg: 'working' } : null) } });
    expect(report.left).toEqual([expect.stringMatching(/^order CS/)]);
  });
});

it('every check that needs an instance catches one of them', () => {
  const catching = new Set(['orders.signed', ...FAULTY_LIVING.flatMap(({ caughtBy }) => caughtBy)]);
  expect(LIVE.filter((id) => !catching.has(id))).toEqual([]);
});
