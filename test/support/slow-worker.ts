// A worker process whose first build hangs after it has built: started by a test, which kills it there.
import { appendFileSync } from 'node:fs';
import { loadConfig } from '../../src/config/load.ts';
import { openDatabase } from '../../src/processes/database.ts';
import { createLog } from '../../src/processes/log.ts';
import { startWorkerProcess } from '../../src/processes/worker.ts';
import { provisionerKinds } from '../../src/provisioners/kinds.ts';

const { TEST_CONFIG = '', TEST_CWD = '', TEST_QUEUE = '', TEST_TEMPORAL = '', TEST_MARK = '', TEST_TENANTS = '' } = process.env;
const config = await loadConfig({ env: process.env, cwd: TEST_CWD, file: TEST_CONFIG, need: 'worker' });
const real = provisionerKinds['sqlite-tenant'].make({ folder: TEST_TENANTS, publicUrl: 'http://localhost:1' });
await startWorkerProcess({
  config,
  store: await openDatabase(config),
  target: { address: TEST_TEMPORAL, development: true },
  log: createLog('error', 'slow-worker'),
  taskQueue: TEST_QUEUE,
  provisioners: {
    of: () => ({
      ...real,
      async create(request, options) {
        await real.create(request, options);
        appendFileSync(TEST_MARK, 'built');
        return new Promise(() => undefined);
      },
    }),
    close: () => real.close(),
  },
});
