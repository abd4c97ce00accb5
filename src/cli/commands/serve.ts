import { describeConfig } from '../../config/describe.ts';
import { loadConfig } from '../../config/load.ts';
import { createLog } from '../../processes/log.ts';
import { startServing } from '../../processes/serve.ts';
import { untilStopped } from '../../processes/until-stopped.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printRecord } from '../output.ts';

export const command = defineCommand({
  flags: {},
  examples: ['KOOGALLERY_BASE_KEY_FILE=/run/secrets/base-key kookeeper serve', 'kookeeper serve'],
  run: async ({ env, cwd, output }) => {
    const config = await loadConfig({ env, cwd, need: 'serve' });
    const log = createLog(config.log.level, 'serve');
    if (config.products === 'any') output.progress('no configuration file: every SKU is served by sqlite-tenant, one SQLite file per instance');
    const served = await startServing({ config, log });
    const set = describeConfig(config).filter(({ origin }) => origin !== 'default' && origin !== 'not read');
    output.progress(`configured: ${set.map(({ path, origin }) => `${path} (${origin})`).join(', ')}`);
    const addresses = {
      productionAddress: `http://localhost:${served.api.port}/koogallery/saas`,
      health: `http://localhost:${served.api.port}/readyz`,
      operator: `http://${config.operator.host}:${served.api.operatorPort}/counts`,
      demoApp: config.publicUrl,
      temporal: served.temporalUi ?? served.temporalAddress,
    };
    if (output.format === 'text') {
      output.line(`production address  ${addresses.productionAddress}`);
      output.line(`health              ${addresses.health}`);
      output.line(`operator            ${addresses.operator}`);
      output.line(`demo app            ${addresses.demoApp} (port ${served.appPort})`);
      output.line(`Temporal            ${addresses.temporal}`);
    } else printRecord(output, { ...addresses, appPort: served.appPort });
    try {
      const signal = await untilStopped(served.failed);
      output.progress(`${signal}: finishing what is under way`);
    } finally {
      await served.stop();
    }
    return EXIT.ok;
  },
});
