import { loadConfig } from '../../config/load.ts';
import { temporalLives, type Lives } from '../../delivery/lives.ts';
import { revive } from '../../operations/revive.ts';
import { operatorTarget } from '../../processes/temporal.ts';
import { lazyClient } from '../../temporal/connect.ts';
import { lifeTaskQueue } from '../../workflows/task-queues.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printRecord } from '../output.ts';
import { withStore } from '../with-store.ts';

export const command = defineCommand({
  arguments: [{ name: '<id>', summary: 'instance id or order line' }],
  flags: {},
  examples: ['kookeeper instance revive CS2611210001-000001'],
  run: async (context, _flags, [id = '']) => {
    const config = await loadConfig({ env: context.env, cwd: context.cwd, need: 'operate' });
    const temporal = lazyClient(operatorTarget(config));
    try {
      const revived = await withStore(context, (store) => revive(store, patient(temporalLives(temporal.client, lifeTaskQueue)), id, Date.now()));
      switch (revived.is) {
        case 'unknown':
          throw new CommandError('NO_SUCH_INSTANCE', `no instance ${id}: give its id or its order line, like CS2611210001-000001; \`kookeeper instance list\` shows both`);
        case 'running':
          throw new CommandError('NOT_LOST', `the workflow of ${id} is running: nothing was lost, nothing was changed`);
        case 'ended':
          throw new CommandError('LIFE_ENDED', `the life of ${id} has ended and its data are gone: there is nothing to revive`);
        case 'revived':
          printRecord(context.output, { instanceId: revived.instanceId, revived: true, generation: revived.generation });
          return EXIT.ok;
      }
    } finally {
      await temporal.close();
    }
  },
});

/** Whatever the client says of a server that does not answer, the person reads what to do. */
function patient({ isRunning, running, revive: start }: Lives): Lives {
  const or = async <T>(asked: Promise<T>): Promise<T> =>
    asked.catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new CommandError('TEMPORAL_UNREACHABLE', `Temporal does not answer (${cause}): start \`serve\`, or set TEMPORAL_ADDRESS, then revive again; nothing was lost`, EXIT.incomplete);
    });
  return { isRunning: (key) => or(isRunning(key)), running: () => or(running()), revive: (key, carried) => or(start(key, carried)) };
}
