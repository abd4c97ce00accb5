import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Disorder } from '../../src/simulator/disorder.ts';
import { DISORDERS } from '../../src/simulator/disorder.ts';
import { DAY, HOUR, liveUntil, MINUTE } from './platform-time.ts';
import { KEY, openStage, STANDARD, START } from './stage.ts';

/** The same bytes in the same order for the same seed. */
function seededBytes(seed: number): (size: number) => Uint8Array {
  let drawn = 0;
  return (size) => {
    const bytes = Buffer.alloc(size);
    for (let at = 0; at < size; at += 32) createHash('sha256').update(`${seed} ${(drawn += 1)}`).digest().copy(bytes, at);
    return bytes;
  };
}

const SEED = 7;
const CHANCES = Object.fromEntries((Object.keys(DISORDERS) as Disorder[]).map((name) => [name, name === 'dead' ? 0.03 : name === 'stale-freeze' ? 0.7 : 0.15]));

interface Told {
  /** Every request, byte for byte as it was to arrive, with what was done to it and what came of it. */
  readonly calls: readonly string[];
  /** What the seller saw of it. */
  readonly arrived: readonly string[];
  readonly events: readonly string[];
}

/** One request after the other, in the order of sending: which of two answers is there first is the machine's business and not the market's. */
function inTurn(): typeof globalThis.fetch {
  let before: Promise<unknown> = Promise.resolve();
  return (...request) => {
    const answer = before.then(() => fetch(...request));
    before = answer.catch(() => undefined);
    return answer;
  };
}

/** Days of a market that has nothing of the outside world in it: its clock, its pauses and its random bytes are given; the seller is real and behind real HTTP. */
async function play(seed: number): Promise<Told> {
  const clock = { at: START };
  const stage = await openStage({
    now: () => clock.at,
    random: seededBytes(1),
    fetch: inTurn(),
    platform: { level: 'V1' },
    disorder: { seed, chances: CHANCES },
    wait: (ms) => {
      clock.at += ms;
      return Promise.resolve();
    },
  });
  const { market, seller } = stage;
  const pass = (ms: number): Promise<void> => liveUntil(market, clock, clock.at + ms);
  try {
    await market.probe('releaseInstance');
    for (const chargingMode of ['PERIOD', 'ON_DEMAND', 'PERIOD', 'PERIOD'] as const) {
      const { order } = await market.buy({ ...STANDARD, chargingMode });
      await pass(2 * HOUR);
      if ((await market.asset(order)).status !== 'active') continue;
      if (chargingMode === 'ON_DEMAND') await market.arrears(order);
      else await market.renew(order);
      await pass(HOUR);
      market.rotateKey(`kg-next-${order.orderId}`);
      if (chargingMode === 'ON_DEMAND') await market.pay(order);
      else await market.upgrade(order, { linearValue: 20 });
      await pass(10 * MINUTE);
      market.rotateKey(KEY);
      await pass(HOUR);
    }
    await pass(DAY);
    return {
      calls: (await market.calls()).map(({ seq, at, ms, query, body, trouble, failure, resultCode, verdict }) => JSON.stringify({ seq, at, ms, query, body, trouble, failure, resultCode, verdict })),
      arrived: seller.received.map(({ raw, query }) => `${raw} ${query.toString()}`),
      events: ((await market.platform?.events()) ?? []).map(({ rule, at, text }) => `${at} ${rule} ${text}`),
    };
  } finally {
    await stage.close();
  }
}

const troublesOf = ({ calls }: Told): string[] => calls.map((call) => String((JSON.parse(call) as { trouble: string | null }).trouble));

describe('a market with a seed, trouble of every kind and a list of actions', { timeout: 120_000 }, () => {
  let first: Told;
  beforeAll(async () => {
    first = await play(SEED);
  }, 60_000);

  it('meets every trouble there is', () => {
    const met = troublesOf(first).join();
    expect(Object.keys(DISORDERS).filter((name) => !met.includes(name))).toEqual([]);
  });

  it('causes the same calls again: byte for byte, at the same instants, with the same trouble and the same ends', async () => {
    expect(await play(SEED)).toEqual(first);
  });

  it('meets other trouble with another seed', async () => {
    expect(troublesOf(await play(SEED + 1))).not.toEqual(troublesOf(first));
  });
});
