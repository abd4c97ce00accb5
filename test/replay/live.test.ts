import { WorkflowUpdateFailedError } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { expect, it } from 'vitest';
import { showInstance } from '../../src/operations/show-instance.ts';
import { eventually, startEngine } from '../support/engine.ts';
import { memoryTenants } from '../support/provisioners.ts';
import type { History } from './history.ts';
import { bundleToReplay, departures } from './replay.ts';
import { stageOf } from './scenes/stage.ts';

it('lives that are called from all sides at once replay as they ran', { timeout: 120_000 }, async () => {
  const tenants = memoryTenants();
  const engine = await startEngine({ provisioners: tenants });
  try {
    const { market, buy, update } = stageOf('live', engine, tenants);
    const lines = await Promise.all(Array.from({ length: 4 }, () => buy()));
    const bundle = await bundleToReplay();
    const parted = await Promise.all(
      lines.map(async (line) => {
        // Which of them still makes sense when it arrives is chance; each is admitted or refused, and that is replayed.
        const calls = ['hold', 'unhold', 'freeze', 'unfreeze'].map((kind) =>
          update(line, kind as 'hold').catch((error: unknown) => {
            if (!(error instanceof WorkflowUpdateFailedError)) throw error;
          }),
        );
        await Promise.all([...calls, market.freeze(line.id), market.renew(line.order), market.upgrade(line.order, { skuCode: 'notes-team' }), market.unfreeze(line.id)]);
        await eventually(async () => (await showInstance(engine.store, line.id))?.commands.every(({ outcome }) => outcome !== null));
        // A task under way would be replayed further than its history goes.
        const history = await eventually(async () => {
          const before = await line.handle.fetchHistory();
          await new Promise((resolve) => setTimeout(resolve, 1_000));
          const after = await line.handle.fetchHistory();
          return before.events?.length === after.events?.length && after;
        });
        return departures(bundle, { name: line.id, history: JSON.parse(historyToJSON(history)) as History, stored: null });
      }),
    );
    expect(parted.flat()).toEqual([]);
  } finally {
    await engine.stop();
  }
});
