import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createLifeActivities, createProvisionActivities } from '../activities/index.ts';
import type { ActivityDeps } from '../activities/deps.ts';
import { resolveProduct } from '../config/resolve-product.ts';
import type { ConfigFor, ProvisionerChoice } from '../config/types.ts';
import { compareLives } from '../delivery/compare.ts';
import { temporalLives } from '../delivery/lives.ts';
import type { Plan } from '../lifecycle/plan.ts';
import { DEFAULT_RULES } from '../lifecycle/rules.ts';
import { queryOrder } from '../marketplace/open-api/order-query.ts';
import { createChannels } from '../notices/channels.ts';
import { provisionerKinds } from '../provisioners/kinds.ts';
import type { Provisioner } from '../provisioners/provisioner.ts';
import { withSentinels } from '../provisioners/sentinels/with-sentinels.ts';
import type { Store } from '../store/open.ts';
import { createSealer } from '../store/sealer.ts';
import { workflowBundle } from '../temporal/bundle.ts';
import { connectClient, connectWorker, lazyClient, type TemporalTarget } from '../temporal/connect.ts';
import { installRuntime } from '../temporal/runtime.ts';
import { createHourlySchedule, ScheduleMissing } from '../temporal/schedule.ts';
import { registerSearchAttributes } from '../temporal/search-attributes.ts';
import type { Workers } from '../temporal/supervise.ts';
import { startWorkers } from '../temporal/worker.ts';
import { lifeTaskQueue, provisionQueueOf } from '../workflows/task-queues.ts';

export interface WorkerProcess {
  running(): boolean;
  /** Rejects when a worker ends by itself. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

export interface WorkerOptions {
  readonly config: ConfigFor<'worker'>;
  readonly store: Store;
  readonly target: TemporalTarget;
  readonly log: Logger;
  /** Default `kookeeper-life`; tests on one server each take their own, ending in `life`. */
  readonly taskQueue?: string;
  readonly shutdownGraceTime?: number;
  /** Adapters in place of those that the configuration's kinds name. */
  readonly provisioners?: Provisioners;
  /** UTC ms: stamps our calls to the marketplace, and dates rows. Business instants come from the workflow. Default the system's clock. */
  readonly now?: () => number;
}

export interface Provisioners {
  of(choice: ProvisionerChoice): Provisioner;
  close(): Promise<void>;
}

/** Workflows and activities of one process. The search attributes are registered before anything is polled: an unknown one breaks workflow tasks for ever. The schedule of the hourly work is made if there is none. */
export async function startWorkerProcess({ config, store, target, log, taskQueue = lifeTaskQueue, shutdownGraceTime, provisioners = createProvisioners(config), now = () => Date.now() }: WorkerOptions): Promise<WorkerProcess> {
  const registrar = await connectClient(target);
  try {
    await registerSearchAttributes(registrar.connection, registrar.namespace);
    await createHourlySchedule(registrar.client, taskQueue).catch((error: unknown) => {
      if (!(error instanceof ScheduleMissing)) throw error;
      log.error({ code: error.code }, error.message);
    });
  } finally {
    await registrar.close();
  }
  // Not before a server has answered: a runtime that never had a connection keeps a process alive that has given up.
  installRuntime(log);
  const link = await connectWorker(target);
  const temporal = lazyClient(target);
  const lives = temporalLives(temporal.client, taskQueue);
  const deps = activityDeps({ config, store, log, now, provisionerOf: (choice) => provisioners.of(choice), lostLives: (seen) => compareLives(store, lives, now(), seen) });
  const starting = async (): Promise<Workers> =>
    startWorkers({
      connection: link.connection,
      namespace: link.namespace,
      bundle: await workflowBundle(),
      activities: { life: createLifeActivities(deps), provision: createProvisionActivities(deps) },
      taskQueues: { life: taskQueue, provision: provisionQueueOf(taskQueue) },
      ...(shutdownGraceTime === undefined ? {} : { shutdownGraceTime }),
    });
  const workers = await starting().catch(async (error: unknown) => {
    await temporal.close();
    await link.close();
    throw error;
  });
  return {
    running: () => workers.state() === 'running',
    failed: workers.failed,
    async stop() {
      // Rejects when an activity had to be left behind: it still holds the connection, and its adapter; only the end of the process frees them.
      await workers.stop();
      try {
        await provisioners.close();
      } finally {
        await temporal.close();
        await link.close();
      }
    },
  };
}

/** Where `sqlite-tenant` keeps its files, for the provisioner and for the demo app that reads them. */
export const tenantFolder = (dataFolder: string): string => join(dataFolder, 'tenants');

interface Parts extends Pick<ActivityDeps, 'store' | 'now' | 'lostLives'> {
  readonly config: ConfigFor<'worker'>;
  readonly log: Logger;
  readonly provisionerOf: (choice: ProvisionerChoice) => Provisioner;
}

function activityDeps({ config, store, log, now, provisionerOf, lostLives }: Parts): ActivityDeps {
  const { ak, sk, baseUrl } = config.openApi;
  const productOf = ({ productId, skuCode }: Plan) => resolveProduct(config, { productId, skuCode });
  return {
    store,
    sealer: createSealer(config.secrets),
    now,
    orders: {
      keys: createHash('sha256').update(`${ak}\n${sk}`).digest('hex'),
      query: ({ orderId, orderLineId, signal }) => queryOrder({ baseUrl, ak, sk, orderId, orderLineId, signal, fetch: globalThis.fetch, now }),
    },
    provisionerFor(plan) {
      const product = productOf(plan);
      return product && provisionerOf(product.provisioner);
    },
    lostLives,
    settingsFor: (plan) => productOf(plan)?.plan ?? {},
    channels: createChannels({ webhook: config.webhook, log, now }),
    rulesFor: (plan) => ({ ...DEFAULT_RULES, ...productOf(plan)?.clocks }),
  };
}

/**
 * One adapter for each way that products are configured, made at its first use. Where no product is listed, and every SKU gets a tenant of the demo app,
 * sentinel SKUs make trouble; a listed product never does, whatever its SKU is called.
 */
function createProvisioners({ dataFolder, publicUrl, products }: Pick<ConfigFor<'worker'>, 'dataFolder' | 'publicUrl' | 'products'>): Provisioners {
  const made = new Map<string, Provisioner>();
  const defaults = { 'sqlite-tenant': { folder: tenantFolder(dataFolder), publicUrl }, 'postgres-tenant': { publicUrl } };
  return {
    of({ kind, options }) {
      const name = JSON.stringify([kind, options]);
      const known = made.get(name);
      if (known) return known;
      const plain = provisionerKinds[kind].make({ ...defaults[kind], ...options });
      const provisioner = products === 'any' ? withSentinels(plain, { folder: tenantFolder(dataFolder) }) : plain;
      made.set(name, provisioner);
      return provisioner;
    },
    async close() {
      await Promise.all([...made.values()].map((provisioner) => provisioner.close()));
    },
  };
}
