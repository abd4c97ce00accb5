import { loadConfig } from '../../config/load.ts';
import { openDatabase } from '../../processes/database.ts';
import { createLog } from '../../processes/log.ts';
import { temporalTarget } from '../../processes/temporal.ts';
import { untilStopped } from '../../processes/until-stopped.ts';
import { startWorkerProcess } from '../../processes/worker.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const command = defineCommand({
  flags: {},
  examples: ['TEMPORAL_ADDRESS=temporal.internal:7233 DATABASE_URL=postgres://db.internal/kookeeper kookeeper worker'],
  run: async ({ env, cwd, output }) => {
    const config = await loadConfig({ env, cwd, need: 'worker' });
    const log = createLog(config.log.level, 'worker');
    const store = await openDatabase(config);
    try {
      const worker = await startWorkerProcess({ config, store, target: temporalTarget(config), log });
      output.progress('worker polls');
      try {
        const signal = await untilStopped(worker.failed);
        output.progress(`${signal}: finishing what is under way`);
      } finally {
        await worker.stop();
      }
    } finally {
      await store.close();
    }
    return EXIT.ok;
  },
});
