import { loadConfig } from '../../config/load.ts';
import { startApiProcess } from '../../processes/api.ts';
import { openDatabase } from '../../processes/database.ts';
import { createLog } from '../../processes/log.ts';
import { temporalTarget } from '../../processes/temporal.ts';
import { untilStopped } from '../../processes/until-stopped.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';

export const command = defineCommand({
  flags: {},
  examples: ['TEMPORAL_ADDRESS=temporal.internal:7233 DATABASE_URL=postgres://db.internal/kookeeper kookeeper api'],
  run: async ({ env, cwd, output }) => {
    const config = await loadConfig({ env, cwd, need: 'api' });
    const log = createLog(config.log.level, 'api');
    const store = await openDatabase(config);
    try {
      const api = await startApiProcess({ config, store, target: temporalTarget(config), log });
      output.line(`production address  http://localhost:${api.port}/koogallery/saas`);
      output.line(`health              http://localhost:${api.port}/readyz`);
      output.line(`operator            http://${config.operator.host}:${api.operatorPort}/counts`);
      const signal = await untilStopped(new Promise<never>(() => undefined));
      output.progress(`${signal}: finishing what is under way`);
      await api.stop();
    } finally {
      await store.close();
    }
    return EXIT.ok;
  },
});
