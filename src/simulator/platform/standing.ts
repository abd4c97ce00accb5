import type { SqlEntityManager } from '@mikro-orm/sql';
import { MarketEvent, MarketStanding, type EventRow, type StandingRow, type Trading } from '../entities.ts';
import { FAILED_DAYS, FAILED_ORDERS, MONTH, PROBE_EVERY, ROUNDS_A_DAY, type PlatformRule } from './rules.ts';

/** Something that the platform did by itself; `rule` is a row of PLATFORM_RULES. */
export type PlatformEvent = Omit<EventRow, 'rule'> & { readonly rule: PlatformRule };

export interface Gauge {
  readonly trading: Trading;
  /** In the last month; more than `failedOrdersAllowed` delist. */
  readonly failedOrders: number;
  readonly failedOrdersAllowed: number;
  /** Days of failed probes in a row; at `failedProbeDaysLimit` the trading is frozen. */
  readonly failedProbeDays: number;
  readonly failedProbeDaysLimit: number;
  /** UTC ms; null while no case is saved or nothing is on sale. */
  readonly nextProbeAt: number | null;
}

export interface Told {
  readonly orderId?: string | null;
  readonly instanceId?: string | null;
  readonly text: string;
}

export interface Standing {
  record(rule: PlatformRule, told: Told): Promise<void>;
  /** Oldest first; only the `newest` so many when that is given. */
  events(newest?: number): Promise<readonly PlatformEvent[]>;
  gauge(): Promise<Gauge>;
  /** An order has failed for good: the sixth of a month delists. */
  orderFailed(told: Told): Promise<void>;
  /** The first case is saved: probes begin half a day later. */
  beginProbes(): Promise<void>;
  /** A round of probes is over. */
  probed(ok: boolean): Promise<void>;
  sellAgain(): Promise<void>;
}

export interface StandingOptions {
  readonly em: () => SqlEntityManager;
  readonly now: () => number;
  readonly speed: number;
  readonly tell: (event: PlatformEvent) => void;
}

const ONLY = 1;

/** What the platform thinks of its seller: failed orders, failed probes, and whether the product is on sale (saas.md §6.5, §6.6). */
export async function openStanding({ em, now, speed, tell }: StandingOptions): Promise<Standing> {
  if ((await em().count(MarketStanding, { id: ONLY })) === 0) {
    await em().insert(MarketStanding, { id: ONLY, trading: 'on-sale', rounds: 0, failedToday: false, failedDays: 0, nextProbeAt: null, countedFrom: now() });
  }
  const current = (): Promise<StandingRow> => em().findOneOrFail(MarketStanding, { id: ONLY });
  const note = async (change: Partial<StandingRow>): Promise<void> => void (await em().nativeUpdate(MarketStanding, { id: ONLY }, change));
  const failedOrders = async (): Promise<number> => {
    const { countedFrom } = await current();
    return em().count(MarketEvent, { rule: 'order-failed', at: { $gte: Math.max(countedFrom, now() - MONTH / speed) } });
  };

  const standing: Standing = {
    async record(rule, { orderId = null, instanceId = null, text }) {
      const row = { at: now(), rule, orderId, instanceId, text };
      const id = await em().insert(MarketEvent, row);
      tell({ id: Number(id), ...row });
    },
    async events(newest) {
      const rows = await em().find(MarketEvent, {}, { orderBy: { id: 'desc' }, ...(newest === undefined ? {} : { limit: newest }) });
      return rows.toReversed().map((row) => ({ ...row, rule: row.rule as PlatformRule }));
    },
    async gauge() {
      const { trading, failedDays, nextProbeAt } = await current();
      return { trading, failedOrders: await failedOrders(), failedOrdersAllowed: FAILED_ORDERS, failedProbeDays: failedDays, failedProbeDaysLimit: FAILED_DAYS, nextProbeAt };
    },
    async orderFailed(told) {
      await standing.record('order-failed', told);
      const { trading } = await current();
      if (trading === 'delisted' || (await failedOrders()) <= FAILED_ORDERS) return;
      await note({ trading: 'delisted', nextProbeAt: null });
      await standing.record('delisted', { text: `more than ${FAILED_ORDERS} orders failed within a month` });
    },
    async beginProbes() {
      const { trading, nextProbeAt } = await current();
      if (trading === 'on-sale' && nextProbeAt === null) await note({ nextProbeAt: now() + PROBE_EVERY / speed });
    },
    async probed(ok) {
      const { trading, rounds, failedToday, failedDays, nextProbeAt } = await current();
      // Off sale since the round began: no more probes (saas.md 6.5.2).
      if (trading !== 'on-sale') return;
      const failing = failedToday || !ok;
      const dayOver = (rounds + 1) % ROUNDS_A_DAY === 0;
      const days = dayOver ? (failing ? failedDays + 1 : 0) : failedDays;
      // Not from now: rounds that fell into a time without a running market are not made up for one by one, only the rhythm stays.
      const every = PROBE_EVERY / speed;
      const missed = Math.max(0, Math.floor((now() - (nextProbeAt ?? now())) / every));
      await note({ rounds: rounds + 1, failedToday: dayOver ? false : failing, failedDays: days, nextProbeAt: Math.ceil((nextProbeAt ?? now()) + (missed + 1) * every) });
      if (days < FAILED_DAYS) return;
      await note({ trading: 'frozen', nextProbeAt: null });
      await standing.record('trading-frozen', { text: `probes failed on ${days} days in a row` });
    },
    async sellAgain() {
      await note({ trading: 'on-sale', failedToday: false, failedDays: 0, rounds: 0, countedFrom: now(), nextProbeAt: Math.ceil(now() + PROBE_EVERY / speed) });
      await standing.record('on-sale', { text: 'on sale again' });
    },
  };
  return standing;
}
