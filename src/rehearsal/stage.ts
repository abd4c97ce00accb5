import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import type { Logger } from 'pino';
import { loadConfig } from '../config/load.ts';
import type { Clocks, ConfigFile, Product } from '../config/types.ts';
import type { Bell } from '../delivery/bell.ts';
import { temporalBell, workflowIdOf } from '../delivery/temporal-bell.ts';
import { startApiProcess, type ApiProcess } from '../processes/api.ts';
import { openDatabase } from '../processes/database.ts';
import { startWorkerProcess, tenantFolder, type WorkerProcess } from '../processes/worker.ts';
import type { Provisioner } from '../provisioners/provisioner.ts';
import { sqliteTenant } from '../provisioners/sqlite-tenant/sqlite-tenant.ts';
import type { Order } from '../simulator/books.ts';
import type { Call } from '../simulator/call.ts';
import type { Market } from '../simulator/market.ts';
import { startMarket } from '../simulator/start-market.ts';
import type { CustomerLevel } from '../simulator/platform/levels.ts';
import type { PlatformEvent } from '../simulator/platform/standing.ts';
import type { Store } from '../store/open.ts';
import { connectClient, type TemporalTarget } from '../temporal/connect.ts';
import { createHourlySchedule, hourlyScheduleId } from '../temporal/schedule.ts';
import { followingClock, type FollowingClock } from './clock.ts';
import { watchTenants, type WatchedTenants } from './tenants.ts';

/** What of a person's configuration is rehearsed: everything else of it stays untouched. */
export interface Rehearsed {
  readonly products: 'any' | readonly Product[];
  readonly clocks: Clocks;
}

export interface StageOptions {
  readonly rehearsed: Rehearsed;
  /** For databases and tenants; whoever made it removes it. */
  readonly folder: string;
  /** A server that was started with SKIPS_TIME. */
  readonly temporal: TemporalTarget;
  readonly level: CustomerLevel;
  readonly log: Logger;
  /** Another provisioner around, or in place of, the tenants of the temporary folder. */
  readonly provisioner?: (tenants: Provisioner) => Provisioner;
}

/** Market, API, worker and Temporal with one clock. */
export interface Stage {
  readonly clock: FollowingClock;
  readonly market: Market;
  readonly store: Store;
  readonly tenants: WatchedTenants;
  readonly bell: Bell;
  /** Every call to the seller, in the order of the answers. */
  readonly calls: readonly Call[];
  /** What the platform did by itself. */
  readonly events: readonly PlatformEvent[];
  /** The purchase. Throws before it. */
  order(): Order;
  readonly bought: (order: Order) => void;
  handle(): WorkflowHandle;
  startApi(): Promise<void>;
  stopApi(): Promise<void>;
  apiRuns(): boolean;
  restartWorker(): Promise<void>;
  /** Rejects when a part ends by itself. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** Puts the parts side by side, as strangers that know only addresses and throwaway keys of each other. What had started is stopped when one does not. */
export async function setStage({ rehearsed, folder, temporal, level, log, provisioner = (tenants) => tenants }: StageOptions): Promise<Stage> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).toReversed()) await each();
  };
  try {
    const clock = followingClock();
    const { now } = clock;
    const secret = (): string => randomBytes(24).toString('hex');
    const calls: Call[] = [];
    const events: PlatformEvent[] = [];
    const market = await startMarket({
      now,
      // Nobody waits for a delay here: it has passed.
      wait: async (ms) => clock.follow(now() + ms),
      log: (call) => void calls.push(call),
      platform: { level, tell: (event) => void events.push(event) },
    });
    stops.push(() => market.close());

    const file = join(folder, 'kookeeper.config.json');
    await writeFile(file, JSON.stringify(fileOf(rehearsed)));
    const { base, ak, sk } = market.keys;
    const env = { KOOGALLERY_BASE_KEY: base, KOOGALLERY_AK: ak, KOOGALLERY_SK: sk, KOOGALLERY_OPEN_API: market.openApiUrl, KOOKEEPER_SECRET: secret(), KOOKEEPER_PUBLIC_URL: 'http://localhost:1', PORT: '0', KOOKEEPER_OPERATOR_PORT: '0' };
    const config = await loadConfig({ need: 'serve', cwd: folder, file, env });
    const store = await openDatabase(config);
    stops.push(() => store.close());
    const link = await connectClient(temporal);
    stops.push(() => link.close());
    const taskQueue = `rehearsal-${randomUUID()}-life`;
    // The hourly work goes by the server's own clock, which is not the one that is rehearsed.
    await createHourlySchedule(link.client, taskQueue, { paused: true });
    stops.push(() => link.client.schedule.getHandle(hourlyScheduleId(taskQueue)).delete());
    const tenants = watchTenants(provisioner(sqliteTenant({ folder: tenantFolder(config.dataFolder), publicUrl: config.publicUrl, now })), now);

    let purchase: Order | null = null;
    const order = (): Order => {
      if (purchase === null) throw new Error('nothing has been bought yet');
      return purchase;
    };
    const handle = (): WorkflowHandle => link.client.workflow.getHandle(workflowIdOf(`${order().orderId}/${order().orderLineId}`));
    stops.push(async () => {
      if (purchase !== null) await handle().terminate('the rehearsal is over').catch(ignoreClosed);
    });

    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => undefined);
    let worker: WorkerProcess | null = null;
    let api: ApiProcess | null = null;
    const startWorker = async (): Promise<void> => {
      worker = await startWorkerProcess({ config, store, target: temporal, log, taskQueue, shutdownGraceTime: 500, provisioners: { of: tenants.of, close: () => Promise.resolve() }, now });
      worker.failed.catch(broken.reject);
    };
    const stopWorker = async (): Promise<void> => {
      await worker?.stop();
      worker = null;
    };
    const startApi = async (): Promise<void> => {
      api ??= await startApiProcess({ config, store, target: temporal, log, taskQueue, now });
      market.setSeller(`http://127.0.0.1:${api.port}/koogallery/saas`);
    };
    const stopApi = async (): Promise<void> => {
      await api?.stop();
      api = null;
    };
    stops.push(() => tenants.close(), stopWorker, stopApi);
    await startWorker();
    await startApi();

    return {
      clock,
      market,
      store,
      tenants,
      bell: temporalBell(link.client, taskQueue),
      calls,
      events,
      order,
      bought: (placed) => void (purchase = placed),
      handle,
      startApi,
      stopApi,
      apiRuns: () => api !== null,
      async restartWorker() {
        await stopWorker();
        await startWorker();
      },
      failed: broken.promise,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A life that has ended, or never began, needs no end. */
function ignoreClosed(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

/** The products and clocks as they are, every tenant in the temporary folder. */
function fileOf({ products, clocks }: Rehearsed): ConfigFile {
  if (products === 'any') return { products, clocks };
  const rows = products.map(({ productId, skuCode, plan, clocks: own }) => ({
    ...(productId === null ? {} : { productId }),
    ...(skuCode === null ? {} : { skuCode }),
    plan,
    clocks: own,
    provisioner: { kind: 'sqlite-tenant' as const },
  }));
  return { products: rows, clocks };
}
