import { temporalLives } from '../../../src/delivery/lives.ts';
import { revive } from '../../../src/operations/revive.ts';
import { eventually } from '../../support/engine.ts';
import { carriedStates, carryOn } from '../carry.ts';
import { keep as keepRun } from './keep.ts';
import type { Scene } from './stage.ts';

/** Lives that last longer than a run. */
export const lineage = {
  'continued as new': {
    runs: { historyLimit: 25 },
    clocks: { keep: '100ms' },
    async play({ name, buy, engine: { temporal }, market, tenant, keep }) {
      const line = await buy();
      const runs = async () => {
        const { raw, runId } = await line.handle.describe();
        return { first: raw.workflowExecutionInfo?.firstRunId ?? '', last: runId };
      };
      await market.freeze(line.id);
      await tenant(line, 'suspended');
      await market.unfreeze(line.id);
      const { first } = await eventually(async () => {
        const { first: before, last } = await runs();
        return before !== last && { first: before };
      }, 60_000);
      await keepRun(`${name}, first run`, temporal.client.workflow.getHandle(line.handle.workflowId, first), 'ended');
      // A run goes on in a quiet moment only: what is carried is then stored, and nothing is under way.
      await market.freeze(line.id);
      await tenant(line, 'suspended');
      const { last } = await runs();
      await market.release(line.id, { unsubscribe: true });
      await eventually(async () => (await line.handle.describe()).status.name === 'COMPLETED', 60_000);
      const one = (await runs()).last === last;
      if (one) await keep(line, 'ended', `${name}, second run`);
      else await keepRun(`${name}, second run`, temporal.client.workflow.getHandle(line.handle.workflowId, last), 'ended');
    },
  },

  'lost and revived': {
    async play({ buy, engine: { temporal, taskQueue, store }, market, tenant, until, keep }) {
      const line = await buy();
      await line.handle.terminate('by mistake');
      await market.freeze(line.id);
      await revive(store, temporalLives(temporal.client, taskQueue), line.id, Date.now());
      await tenant(line, 'suspended');
      await until(line, ({ generation, taken }) => generation === 2 && taken === 3);
      await keep(line, 'waits');
    },
  },

  'carried from a state of release 0.1.0': {
    async play({ engine, tenants, tenant, update, until, keep }) {
      const { stored } = carriedStates().find(({ name }) => name === 'v1/active') ?? {};
      if (!stored) throw new Error('no state v1/active');
      const line = await carryOn(engine, tenants, stored);
      await update(line, 'freeze');
      await tenant(line, 'suspended');
      await until(line, ({ open }) => open.length === 0);
      await keep(line, 'waits');
    },
  },
} satisfies Record<string, Scene>;
