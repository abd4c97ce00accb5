import type { WorkflowHandle } from '@temporalio/client';
import type { ClocksFile } from '../../../src/config/types.ts';
import { workflowIdOf, type Runs } from '../../../src/delivery/temporal-bell.ts';
import type { PersonKind } from '../../../src/lifecycle/hand.ts';
import type { LifeState } from '../../../src/lifecycle/state.ts';
import { showInstance, type InstanceRecord } from '../../../src/operations/show-instance.ts';
import type { Order } from '../../../src/simulator/books.ts';
import type { Purchase } from '../../../src/simulator/actions/create.ts';
import type { PersonAnswer } from '../../../src/workflows/updates.ts';
import { eventually, type Engine } from '../../support/engine.ts';
import type { MemoryTenants } from '../../support/provisioners.ts';
import { keep } from './keep.ts';

/** One path of life, played on the real server until there is a history to keep. */
export interface Scene {
  readonly clocks?: ClocksFile;
  readonly runs?: Runs;
  readonly env?: Readonly<Record<string, string>>;
  play(stage: Stage): Promise<void>;
}

/** A bought instance and its workflow. */
export interface Line {
  readonly order: Order;
  readonly id: string;
  readonly handle: WorkflowHandle;
}

export interface Stage {
  readonly name: string;
  readonly engine: Engine;
  readonly tenants: MemoryTenants;
  readonly market: Engine['market'];
  /** Buys, and waits until it is ready unless that is not to come. */
  buy(purchase?: Partial<Purchase>, wait?: 'ready' | 'not'): Promise<Line>;
  /** Waits for a state that the workflow has stored. */
  until(line: Line, predicate: (state: LifeState) => unknown): Promise<LifeState>;
  /** Waits for the tenant of an instance. */
  tenant(line: Line, status: 'open' | 'suspended' | undefined): Promise<void>;
  /** A person's hand, as the Temporal UI has it. */
  update(line: Line, kind: PersonKind, input?: Record<string, string>): Promise<PersonAnswer>;
  record(line: Pick<Line, 'id'>): Promise<InstanceRecord>;
  /** Keeps the history of a run that waits, or of one that has ended, with what the database says of it. */
  keep(line: Line, how: 'waits' | 'ended', name?: string): Promise<void>;
}

export function stageOf(name: string, engine: Engine, tenants: MemoryTenants): Stage {
  const { market, store, temporal } = engine;
  const stage: Stage = {
    name,
    engine,
    tenants,
    market,
    async buy(purchase = {}, wait = 'ready') {
      const { order, call } = await market.buy({ skuCode: 'notes', productId: 'notes-month', ...purchase });
      if (wait === 'ready') await market.untilReady(order, { every: 100, limit: 60_000 });
      return { order, id: String(call.answer?.['instanceId']), handle: temporal.client.workflow.getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`)) };
    },
    // No query: one that meets a local activity makes a history that its own code replays otherwise (docs/decisions/010-histories-cover-the-workflow.md).
    until: ({ id }, predicate) =>
      eventually(async () => {
        const { state } = await stage.record({ id });
        return predicate(state) ? state : null;
      }, 120_000),
    async tenant({ id }, status) {
      await eventually(() => Promise.resolve(tenants.tenants.get(id) === status), 120_000);
    },
    update: ({ handle }, kind, input = {}) => handle.executeUpdate<PersonAnswer, [Record<string, string>]>(kind, { args: [input] }),
    async record({ id }) {
      const record = await showInstance(store, id);
      if (!record) throw new Error(`no instance ${id}`);
      return record;
    },
    async keep(line, how, as = name) {
      await keep(as, line.handle, how, async () => stage.record(line));
    },
  };
  return stage;
}
