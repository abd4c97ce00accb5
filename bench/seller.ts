import { randomUUID } from 'node:crypto';
import type { ConfigFor, Database } from '../src/config/types.ts';
import { startApiProcess } from '../src/processes/api.ts';
import { startWorkerProcess } from '../src/processes/worker.ts';
import type { Store } from '../src/store/open.ts';
import type { TemporalTarget } from '../src/temporal/connect.ts';
import { memoryTenants } from '../test/support/provisioners.ts';
import type { Marketplace } from './marketplace.ts';
import { newSecret, type Setting } from './setting.ts';

export interface Seller {
  /** Production address. */
  readonly url: string;
  readonly config: ConfigFor<'serve'>;
  readonly database: Database;
  readonly store: Store;
  readonly taskQueue: string;
}

/** A marketplace, and the whole of `serve` in this process with tenants in memory; with `apiOnly` the worker is left out. */
export async function startSeller(setting: Setting, marketplace: Marketplace, target: TemporalTarget, { apiOnly = false } = {}): Promise<Seller> {
  const { log } = setting;
  const database = await setting.database();
  const store = await setting.store(database);
  const [key, ak, sk] = [newSecret(), newSecret(), newSecret()];
  const config = await setting.config({ key, ak, sk, openApi: await marketplace.open({ key, ak, sk }) });
  const taskQueue = `bench-${randomUUID()}-life`;
  if (!apiOnly) {
    const worker = await startWorkerProcess({ config, store, target, log, taskQueue, shutdownGraceTime: 500, provisioners: memoryTenants() });
    worker.failed.catch((error: unknown) => setting.progress(String(error)));
    setting.atEnd(() => worker.stop());
  }
  const api = await startApiProcess({ config, store, target, log, taskQueue });
  setting.atEnd(() => api.stop());
  return { url: `http://127.0.0.1:${api.port}/koogallery/saas`, config, database, store, taskQueue };
}
