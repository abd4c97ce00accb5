import type { SqlEntityManager } from '@mikro-orm/sql';
import { MarketMatter, type MatterRow } from '../entities.ts';

export type Matter = MatterRow;

/** What the platform has not brought to its end yet: calls to repeat, and instances to poll. Kept, so that a restart goes on with them. */
export interface Matters {
  find(key: string): Promise<Matter | null>;
  open(matter: Matter): Promise<void>;
  note(key: string, change: Partial<Pick<Matter, 'tries' | 'dueAt' | 'reason'>>): Promise<void>;
  close(key: string): Promise<void>;
  /** Everything about one purchase. */
  closeOf(purchaseId: string): Promise<void>;
  /** Soonest first, those left to a person last. */
  list(): Promise<readonly Matter[]>;
}

export function openMatters(em: () => SqlEntityManager): Matters {
  return {
    find: (key) => em().findOne(MarketMatter, { key }),
    async open(matter) {
      await em().upsert(MarketMatter, matter);
    },
    async note(key, change) {
      await em().nativeUpdate(MarketMatter, { key }, change);
    },
    async close(key) {
      await em().nativeDelete(MarketMatter, { key });
    },
    async closeOf(purchaseId) {
      await em().nativeDelete(MarketMatter, { purchaseId });
    },
    async list() {
      const rows = await em().find(MarketMatter, {}, { orderBy: { since: 'asc', key: 'asc' } });
      return rows.toSorted((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity));
    },
  };
}

/** One matter per order and verb; status calls and releases are about the instance, whatever order they name. */
export function matterKey(verb: string, orderId: string | null, instanceId: string | null): string | null {
  if (verb === 'updateInstanceStatus' || verb === 'releaseInstance') return instanceId === null ? null : `${verb} ${instanceId}`;
  if (verb === 'newInstance' || verb === 'refreshInstance' || verb === 'upgradeInstance') return orderId === null ? null : `${verb} ${orderId}`;
  return null;
}

export function pollingKey(purchaseId: string): string {
  return `queryInstance ${purchaseId}`;
}
