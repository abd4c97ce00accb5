import { eventually, type Engine } from '../../support/engine.ts';
import { runHourly } from '../../support/hourly.ts';
import { keep as keepRun } from './keep.ts';
import type { Scene } from './stage.ts';

/** Workflows beside the lives. */
export const others = {
  'a change asked about': {
    async play({ name, buy, engine, market }) {
      const line = await buy();
      await market.checkChange(line.order, { skuCode: 'notes-team' });
      await keepOnly(name, engine, 'checkChange');
    },
  },

  'the hourly work': {
    async play({ name, buy, engine }) {
      await buy({ chargingMode: 'ON_DEMAND' });
      await runHourly(engine);
      await keepOnly(name, engine, 'hourly');
    },
  },
} satisfies Record<string, Scene>;

async function keepOnly(name: string, { temporal: { client }, taskQueue }: Engine, type: string): Promise<void> {
  const found = await eventually(async () => {
    for await (const one of client.workflow.list({ query: `WorkflowType = '${type}' AND TaskQueue = '${taskQueue}'` })) return one;
    return null;
  });
  await keepRun(name, client.workflow.getHandle(found.workflowId, found.runId), 'ended');
}
