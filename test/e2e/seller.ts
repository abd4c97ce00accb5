import type { Provisioners } from '../../src/processes/worker.ts';
import { showInstance, type InstanceRecord } from '../../src/operations/show-instance.ts';
import type { Purchase } from '../../src/simulator/actions/create.ts';
import type { Order } from '../../src/simulator/books.ts';
import { eventually, startEngine, type Engine, type EngineOptions } from '../support/engine.ts';
import { memoryTenants, type MemoryTenants } from '../support/provisioners.ts';

export const PACE = { every: 100, limit: 30_000 } as const;
export const DAY = 24 * 60 * 60_000;

export interface Bought {
  readonly order: Order;
  readonly instanceId: string;
}

/** An engine with tenants in memory, and the few questions that the scenes of the contract ask of it. */
export interface Seller {
  readonly engine: Engine;
  readonly tenants: MemoryTenants;
  buy(purchase?: Partial<Purchase>): Promise<Bought>;
  /** Bought, built, and stored as active. */
  ready(purchase?: Partial<Purchase>): Promise<Bought>;
  /** The stored record, once it is as wanted. */
  until(instanceId: string, as: (record: InstanceRecord) => boolean): Promise<InstanceRecord>;
  /** Once everything that was called so far has its outcome. */
  settled(instanceId: string): Promise<InstanceRecord>;
  /** Commands with their outcomes. */
  commands(record: InstanceRecord): string[];
  effectsOn(instanceId: string): string[];
}

export async function startSeller(options: EngineOptions = {}): Promise<Seller> {
  const [tenants, elsewhere] = [memoryTenants(), memoryTenants()];
  // Products whose options name a folder are served by a provisioner of their own.
  const provisioners: Provisioners = { of: (choice) => ('folder' in choice.options ? elsewhere : tenants).of(choice), close: () => Promise.resolve() };
  const engine = await startEngine({ provisioners, clocks: { keep: '100ms' }, ...options });
  const { market, store } = engine;
  const seller: Seller = {
    engine,
    tenants,
    async buy(purchase = {}) {
      const { order, call } = await market.buy({ skuCode: 'notes', productId: 'notes-month', linearValue: 5, ...purchase });
      return { order, instanceId: String(call.answer?.['instanceId']) };
    },
    async ready(purchase) {
      const bought = await seller.buy(purchase);
      await market.untilReady(bought.order, PACE);
      return bought;
    },
    until: (instanceId, as) =>
      eventually(async () => {
        const record = await showInstance(store, instanceId);
        return record && as(record) && record;
      }),
    settled: (instanceId) => seller.until(instanceId, ({ commands }) => commands.every(({ outcome }) => outcome !== null)),
    commands: ({ commands }) => commands.map(({ instruction, outcome }) => `${instruction.kind} ${outcome}`),
    effectsOn: (instanceId) => tenants.effects.filter((effect) => effect.endsWith(instanceId)).map((effect) => effect.split(' ')[0] ?? ''),
  };
  return seller;
}
