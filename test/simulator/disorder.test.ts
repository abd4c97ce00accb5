import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { DISORDERS, type Disorder, type Disturbance } from '../../src/simulator/disorder.ts';
import { liveUntil, MINUTE, platformOf } from './platform-time.ts';
import { openStage, STANDARD, START, type Stage } from './stage.ts';

const always = (...what: Disorder[]): Disturbance => ({ seed: 7, chances: Object.fromEntries(what.map((each) => [each, 1])) });

/** A stage whose pauses are over at once and move its clock. */
async function openTroubled(): Promise<Stage> {
  const clock: { at: number } = { at: START };
  const stage = await openStage({
    platform: { level: 'V1' },
    now: () => clock.at,
    wait: (ms) => {
      clock.at += ms;
      return Promise.resolve();
    },
  });
  return { ...stage, clock };
}

describe('trouble on purpose with the calls', { timeout: 60_000 }, () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openTroubled();
  });
  afterEach(() => stage.close());
  const activities = () => stage.seller.received.map(({ members }) => members['activity']);
  const bought = async () => {
    const { order } = await stage.market.buy(STANDARD);
    return { order, instanceId: `i-${order.orderLineId}` };
  };

  it('lost-answer: the seller has done it, the marketplace sees a time-out and repeats', async () => {
    const { market, seller, clock } = stage;
    market.disturb(always('lost-answer'));
    const { order, call } = await market.buy(STANDARD);
    expect(call).toMatchObject({ failure: 'timed out', status: null, answer: null, trouble: 'lost-answer', verdict: { ok: false, rule: 'time-out' } });
    expect((await market.asset(order)).instanceId).toBeNull();
    expect(seller.received).toHaveLength(1);
    market.disturb(null);
    await liveUntil(market, clock, START + 61 * MINUTE);
    expect(activities().slice(0, 2)).toEqual(['newInstance', 'newInstance']);
    expect((await market.asset(order)).instanceId).toBe(`i-${order.orderLineId}`);
  });

  it('duplicate: the same bytes twice, nonce and stamp included', async () => {
    stage.market.disturb(always('duplicate'));
    await stage.market.buy(STANDARD);
    const [first, second, ...more] = stage.seller.received;
    expect(more).toEqual([]);
    expect([second?.raw, second?.query.toString()]).toEqual([first?.raw, first?.query.toString()]);
    expect((await stage.market.calls()).map(({ trouble }) => trouble)).toEqual(['duplicate', 'duplicate']);
  });

  it('parallel: two copies at the same moment, each with a signature of its own', async () => {
    const { market, seller } = stage;
    const arrived: (() => void)[] = [];
    // Answers only once both are there: they must be under way together.
    seller.answer(async ({ members }, response) => {
      await new Promise<void>((resolve) => {
        arrived.push(resolve);
        if (arrived.length === 2) for (const go of arrived) go();
      });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ resultCode: '000004', resultMsg: 'working', instanceId: `i-${String(members['orderLineId'])}` }));
    });
    market.disturb(always('parallel'));
    await market.buy(STANDARD);
    expect(seller.received).toHaveLength(2);
    expect(new Set(seller.received.map(({ query }) => query.get('nonce'))).size).toBe(2);
    expect(seller.received.every(({ signed }) => signed)).toBe(true);
  });

  it('delay: signed before, arrives later', async () => {
    stage.market.disturb(always('delay'));
    const { call } = await stage.market.buy(STANDARD);
    expect(stage.seller.received[0]?.query.get('timestamp')).toBe(String(START));
    expect(call.at).toBeGreaterThan(START);
    expect(call.at - START).toBeLessThanOrEqual(30_000);
  });

  it('skew: a clock that is wrong, but by less than a seller must bear', async () => {
    stage.market.disturb(always('skew'));
    for (let n = 0; n < 20; n += 1) await stage.market.buy(STANDARD);
    const off = stage.seller.received.map(({ query }) => Number(query.get('timestamp')) - START);
    expect(Math.max(...off.map(Math.abs))).toBeLessThanOrEqual(45_000);
    expect([off.some((ms) => ms < 0), off.some((ms) => ms > 0)]).toEqual([true, true]);
    expect(stage.seller.received.every(({ signed }) => signed)).toBe(true);
  });

  it('stale-freeze: a freeze signed before the renewal arrives after it, and the books know nothing of it', async () => {
    const { market, seller } = stage;
    const { order } = await bought();
    market.disturb(always('stale-freeze'));
    await market.renew(order);
    expect(activities().slice(-2)).toEqual(['refreshInstance', 'updateInstanceStatus']);
    expect(seller.received.at(-1)?.members).toMatchObject({ status: 'FREEZE', instanceId: `i-${order.orderLineId}` });
    expect(seller.received.at(-1)?.signed).toBe(true);
    expect((await market.asset(order)).status).not.toBe('frozen');
    expect(await platformOf(market).matters()).toHaveLength(1);
  });

  it('reorder: arrives after the call that was made next', async () => {
    const held: (() => void)[] = [];
    // The pause never ends by itself, so only the next call can let the held one go.
    const ordered = await openStage({ wait: () => new Promise((resolve) => held.push(resolve)) });
    onTestFinished(() => ordered.close());
    const { market, seller } = ordered;
    const { order } = await market.buy(STANDARD);
    market.disturb(always('reorder'));
    const renewing = market.renew(order);
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    market.disturb(null);
    await market.poll(order);
    await renewing;
    expect(seller.received.map(({ members }) => members['activity'])).toEqual(['newInstance', 'queryInstance', 'refreshInstance']);
  });

  it('old-key: after a rotation calls are signed with the key before it, for ten minutes, and never before one', async () => {
    const { market, seller, clock } = stage;
    market.disturb(always('old-key'));
    await market.buy(STANDARD);
    expect((await market.calls()).map(({ trouble }) => trouble)).toEqual([null]);
    market.rotateKey('kg-next-0123456789abcdef');
    await market.buy(STANDARD);
    expect([(await market.calls()).at(-1)?.trouble, seller.received.at(-1)?.signed]).toEqual(['old-key', true]);
    clock.at += 10 * MINUTE;
    const { call } = await market.buy(STANDARD);
    // The seller knows the old key alone.
    expect([call.trouble, call.resultCode]).toEqual([null, '000001']);
  });

  it('slow: the answer comes after 5 s, which fails the call, or after 20 s, when nobody listens', async () => {
    const { market, seller } = stage;
    market.disturb(always('slow'));
    for (let n = 0; n < 20; n += 1) await market.buy(STANDARD);
    const calls = await market.calls();
    const rules = calls.map(({ verdict }) => (verdict.ok ? 'ok' : verdict.rule));
    expect(new Set(rules)).toEqual(new Set(['slow', 'time-out']));
    for (const { ms, verdict, answer } of calls) {
      expect(ms).toBeGreaterThan(5_000);
      expect(ms).toBeLessThanOrEqual(20_000);
      // What was heard too late is known all the same; what nobody waited for is not.
      expect(answer === null).toBe(!verdict.ok && verdict.rule === 'time-out');
    }
    expect(seller.received).toHaveLength(20);
  });

  it('dead: nothing arrives, and the platform goes on until it refunds', async () => {
    const { market, seller, clock } = stage;
    market.disturb(always('dead'));
    const { order, call } = await market.buy(STANDARD);
    expect(call).toMatchObject({ status: null, failure: 'unreachable: ECONNREFUSED', trouble: 'dead', verdict: { ok: false, rule: 'unreachable' } });
    await liveUntil(market, clock, START + 4 * 60 * MINUTE);
    expect(seller.received).toEqual([]);
    expect(await market.asset(order)).toMatchObject({ status: 'released', instanceId: null });
    expect(await platformOf(market).gauge()).toMatchObject({ failedOrders: 1 });
  });

  it('dead: goes on for up to five calls of a kind, whatever other calls come in between', async () => {
    const runs = async (between: boolean): Promise<string> => {
      const { market, close } = await openTroubled();
      const { order } = await market.buy(STANDARD);
      market.disturb({ seed: 3, chances: { dead: 0.1 } });
      for (let n = 0; n < 60; n += 1) {
        await market.buy(STANDARD);
        if (between && n % 3 === 0) await market.poll(order);
      }
      const line = (await market.calls()).filter(({ verb }) => verb === 'newInstance').map(({ trouble }) => (trouble === null ? '.' : 'x')).join('');
      await close();
      return line;
    };
    const line = await runs(false);
    expect(line).toMatch(/\.x{2,}\./);
    expect(line).toContain('..');
    expect(await runs(true)).toBe(line);
  });

  it('dead, for five days: the probes find it, and the trading is frozen', async () => {
    const { market, clock } = stage;
    await market.probe('releaseInstance');
    market.disturb(always('dead'));
    await liveUntil(market, clock, START + 6 * 24 * 60 * MINUTE);
    expect(await platformOf(market).gauge()).toMatchObject({ trading: 'frozen', failedProbeDays: 5 });
  });

  it('spares debugging calls', async () => {
    stage.market.disturb(always('duplicate', 'lost-answer'));
    const { verdict } = await stage.market.probe('releaseInstance');
    expect(verdict.ok).toBe(true);
    expect(stage.seller.received).toHaveLength(1);
  });

  it('ends with clear', async () => {
    stage.market.disturb(always('duplicate'));
    await stage.market.clear();
    await stage.market.buy(STANDARD);
    expect(stage.seller.received).toHaveLength(1);
  });
});

describe('the seed', { timeout: 60_000 }, () => {
  async function struck(seed: number): Promise<(string | null)[]> {
    const stage = await openTroubled();
    try {
      stage.market.disturb({ seed, chances: { duplicate: 0.4, skew: 0.5, parallel: 0.3, 'stale-freeze': 0.5 } });
      for (let n = 0; n < 6; n += 1) {
        const { order } = await stage.market.buy(STANDARD);
        await stage.market.renew(order);
      }
      return (await stage.market.calls()).filter(({ trouble }) => trouble !== 'parallel copy').map(({ verb, trouble }) => `${verb}: ${trouble}`);
    } finally {
      await stage.close();
    }
  }

  it('brings the same trouble again, and another one other trouble', async () => {
    const [one, again, other] = [await struck(7), await struck(7), await struck(8)];
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    for (const what of ['skew', 'duplicate', 'stale freeze']) expect(one.join()).toContain(what);
  });

  it('has a description of every trouble there is', () => {
    for (const says of Object.values(DISORDERS)) expect(says.length).toBeGreaterThan(20);
  });
});
