import type { SqlEntityManager } from '@mikro-orm/sql';
import { readSdkDate } from '../../marketplace/times.ts';
import { MarketInstance, MarketOrder, MarketOrderLine, MarketUsage, type UsageRow } from '../entities.ts';
import type { RecordCode } from './usage-codes.ts';
import { USAGE_INTERFACES, type JudgedRecord, type PushedRecord, type UsageInterfaceName } from './usage-interfaces.ts';
import { judgeRecord, type MeteredInstance } from './usage-rules.ts';

/** A usage record (话单) in the market's books. */
export type UsageRecord = UsageRow;

export interface Pushed {
  readonly by: UsageInterfaceName;
  readonly records: readonly PushedRecord[];
  readonly remark: string | null;
  /** Refuses records that are good, on purpose. */
  readonly spoil?: (index: number) => RecordCode | null;
  /** Looks only; nothing is kept. */
  readonly dry?: boolean;
}

export interface UsageBook {
  /** Judges the records one after the other and keeps them all, the bad ones with their code. */
  take(pushed: Pushed): Promise<readonly JudgedRecord[]>;
  /** In the order in which they were pushed. */
  list(): Promise<readonly UsageRecord[]>;
}

export interface UsageBookOptions {
  readonly em: () => SqlEntityManager;
  readonly now: () => number;
  readonly delisted: () => Promise<boolean>;
}

export function openUsageBook({ em, now, delisted }: UsageBookOptions): UsageBook {
  let turn: Promise<unknown> = Promise.resolve();

  async function take({ by, records, remark, spoil = () => null, dry = false }: Pushed): Promise<readonly JudgedRecord[]> {
    const at = now();
    const instances = await instancesOf(em(), [...new Set(records.flatMap(({ instanceId, packageInstanceId }) => [instanceId, packageInstanceId ?? instanceId]))]);
    // Only what was taken counts as a repeat: a bad record must be reported again (open-api.md §4.4, rule 1).
    const taken = await em().find(MarketUsage, { code: null, $or: [{ instanceId: { $in: [...instances.keys()] } }, { meteringSn: { $in: records.flatMap(({ meteringSn }) => meteringSn ?? []) } }] });
    const numbers = new Set(taken.flatMap(({ meteringSn }) => meteringSn ?? []));
    const windows = new Set(taken.map(windowOf));
    const offSale = await delisted();
    const judged = records.map((record, index): JudgedRecord => {
      const code =
        judgeRecord({
          record,
          numbered: USAGE_INTERFACES[by].members.meteringSn !== undefined,
          begin: readSdkDate(record.beginTime),
          end: readSdkDate(record.endTime),
          instance: instances.get(record.instanceId) ?? null,
          packageInstance: instances.get(record.packageInstanceId ?? '') ?? null,
          numberUsed: record.meteringSn !== null && numbers.has(record.meteringSn),
          windowUsed: windows.has(windowOf(record)),
          delisted: offSale,
          now: at,
        }) ?? spoil(index);
      if (code === null) {
        if (record.meteringSn !== null) numbers.add(record.meteringSn);
        windows.add(windowOf(record));
      }
      return { ...record, code };
    });
    if (!dry) await em().insertMany(MarketUsage, judged.map((record) => ({ at, pushedBy: by, remark, ...record })));
    return judged;
  }

  return {
    // One push after the other: two at once must not both be the first.
    take(pushed) {
      const mine = turn.then(() => take(pushed));
      turn = mine.catch(() => undefined);
      return mine;
    },
    list: () => em().find(MarketUsage, {}, { orderBy: { id: 'asc' } }),
  };
}

/** The same begin and end of one instance is the same record, whatever else it says (rule 5 of §4.4). */
function windowOf({ instanceId, beginTime, endTime }: Pick<PushedRecord, 'instanceId' | 'beginTime' | 'endTime'>): string {
  return JSON.stringify([instanceId, beginTime, endTime]);
}

async function instancesOf(em: SqlEntityManager, ids: readonly string[]): Promise<ReadonlyMap<string, MeteredInstance>> {
  const rows = await em.find(MarketInstance, { instanceId: { $in: [...ids] } });
  const purchases = rows.map(({ purchaseId }) => purchaseId);
  const orders = new Map((await em.find(MarketOrder, { id: { $in: purchases } })).map((order) => [order.id, order]));
  const lines = new Map((await em.find(MarketOrderLine, { orderId: { $in: purchases } })).map((line) => [line.orderId, line]));
  return new Map(
    rows.flatMap(({ instanceId, purchaseId, status, statusSince }): [string, MeteredInstance][] => {
      const order = orders.get(purchaseId);
      const line = lines.get(purchaseId);
      if (instanceId === null || order === undefined || line === undefined) return [];
      const productIds = line.products.map(({ productId }) => productId);
      return [[instanceId, { chargingMode: line.chargingMode, productIds, status, statusSince, boughtAt: order.createdAt }]];
    }),
  );
}
