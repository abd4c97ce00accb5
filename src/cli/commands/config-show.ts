import { describeConfig } from '../../config/describe.ts';
import { loadConfig } from '../../config/load.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printTable } from '../output.ts';

export const command = defineCommand({
  flags: {},
  examples: ['kookeeper config show', 'KOOKEEPER_CONFIG=kookeeper.config.ts kookeeper config show --output json'],
  run: async ({ output, env, cwd }) => {
    const config = await loadConfig({ env, cwd, need: 'show' });
    printTable(output, describeConfig(config), [
      { title: 'SETTING', cell: ({ path }) => path },
      { title: 'VALUE', cell: ({ value }) => value },
      { title: 'FROM', cell: ({ origin }) => origin, style: ({ origin }) => (origin === 'default' ? 'dim' : null) },
      { title: 'VARIABLE', cell: ({ variable }) => variable, style: () => 'dim' },
    ]);
    return EXIT.ok;
  },
});
