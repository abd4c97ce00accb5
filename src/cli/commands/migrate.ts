import { loadConfig } from '../../config/load.ts';
import { openReachableStore } from '../../store/open-reachable.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printRecord } from '../output.ts';

export const command = defineCommand({
  flags: {},
  examples: ['DATABASE_URL=postgres://kookeeper@db.internal/kookeeper kookeeper migrate'],
  run: async ({ env, cwd, output }) => {
    const { database } = await loadConfig({ env, cwd, need: 'migrate' });
    const store = await openReachableStore(database);
    try {
      const applied = await store.migrate();
      if (output.format === 'text') output.line(applied.length > 0 ? `applied ${applied.join(', ')}` : 'nothing to do: the schema is up to date');
      else printRecord(output, { applied });
      return EXIT.ok;
    } finally {
      await store.close();
    }
  },
});
