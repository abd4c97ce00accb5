import { Writable } from 'node:stream';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { inject } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { ClocksFile, ConfigFile, ConfigFor } from '../../src/config/types.ts';
import type { Runs } from '../../src/delivery/temporal-bell.ts';
import { startApiProcess, type ApiProcess } from '../../src/processes/api.ts';
import { openDatabase } from '../../src/processes/database.ts';
import { startWorkerProcess, tenantFolder, type Provisioners, type WorkerProcess } from '../../src/processes/worker.ts';
import type { Market } from '../../src/simulator/market.ts';
import { startMarket } from '../../src/simulator/start-market.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { connectClient, type ClientLink, type TemporalTarget } from '../../src/temporal/connect.ts';
import { createHourlySchedule } from '../../src/temporal/schedule.ts';
import { dropHourly } from './drop-hourly.ts';
import { freshDatabase } from './postgres.ts';

export { eventually } from './eventually.ts';

export interface EngineOptions {
  readonly database?: 'sqlite' | 'postgres';
  readonly clocks?: ClocksFile;
  readonly products?: ConfigFile['products'];
  readonly provisioners?: Provisioners;
  readonly runs?: Runs;
  readonly target?: TemporalTarget;
  /** Variables beside the engine's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default true. */
  readonly withWorker?: boolean;
  /** UTC ms: the clock of the API and of the market, for lives whose own clock runs ahead. The worker keeps the system's: business instants reach it from the workflow. */
  readonly now?: () => number;
}

/** A whole seller beside a market, on the test run's Temporal server, with a task queue and a database of its own. */
export interface Engine {
  readonly market: Market;
  readonly config: ConfigFor<'serve'>;
  readonly store: Store;
  readonly temporal: ClientLink;
  readonly taskQueue: string;
  readonly tenants: string;
  /** Everything that was logged, one JSON line each. */
  readonly logged: readonly string[];
  readonly api: ApiProcess;
  startWorker(): Promise<WorkerProcess>;
  stopWorker(): Promise<void>;
  startApi(): Promise<void>;
  stopApi(): Promise<void>;
  stop(): Promise<void>;
}

export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const { database = 'sqlite', clocks = {}, products = 'any', provisioners, runs, withWorker = true, env = {}, now = () => Date.now() } = options;
  process.env['KOOKEEPER_WORKFLOW_BUNDLE'] = inject('workflowBundlePath');
  const target = options.target ?? { address: inject('temporalAddress'), namespace: inject('temporalNamespace'), development: true };
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-engine-'));
  const taskQueue = `test-${randomUUID()}-life`;
  const secret = (): string => randomBytes(24).toString('hex');
  const [base, ak, sk] = [secret(), secret(), secret()];
  const market = await startMarket({ keys: { base, ak, sk }, now });
  const file = join(folder, 'kookeeper.config.json');
  await writeFile(file, JSON.stringify({ products, clocks } satisfies ConfigFile));
  const config = await loadConfig({
    need: 'serve',
    cwd: folder,
    file,
    env: {
      KOOGALLERY_BASE_KEY: base,
      KOOGALLERY_AK: ak,
      KOOGALLERY_SK: sk,
      KOOGALLERY_OPEN_API: market.openApiUrl,
      KOOKEEPER_SECRET: secret(),
      KOOKEEPER_PUBLIC_URL: 'http://localhost:1',
      PORT: '0',
      KOOKEEPER_OPERATOR_PORT: '0',
      ...env,
      ...(database === 'postgres' ? { DATABASE_URL: await freshDatabase(inject('postgresUrl')) } : {}),
    },
  });
  if (database === 'postgres') await migrate(config);
  const store = await openDatabase(config);
  const logged: string[] = [];
  const log = capture(logged);
  const temporal = await connectClient(target);
  let api: ApiProcess | null = null;
  let worker: WorkerProcess | null = null;

  const engine: Omit<Engine, 'api'> = {
    market,
    config,
    store,
    temporal,
    taskQueue,
    tenants: tenantFolder(config.dataFolder),
    logged,
    async startWorker() {
      // Only tests that want the hourly work have it done: nothing may happen to the others on the hour.
      await createHourlySchedule(temporal.client, taskQueue, { paused: true });
      worker = await startWorkerProcess({ config, store, target, log, taskQueue, shutdownGraceTime: 500, ...(provisioners === undefined ? {} : { provisioners }) });
      worker.failed.catch((error: unknown) => logged.push(String(error)));
      return worker;
    },
    async stopWorker() {
      await worker?.stop();
      worker = null;
    },
    async startApi() {
      api = await startApiProcess({ config, store, target, log, taskQueue, now, ...(runs === undefined ? {} : { runs }) });
      market.setSeller(`http://127.0.0.1:${api.port}/koogallery/saas`);
    },
    async stopApi() {
      await api?.stop();
      api = null;
    },
    async stop() {
      await engine.stopApi();
      await engine.stopWorker();
      await dropHourly(engine);
      await temporal.close();
      await market.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await engine.startApi();
  if (withWorker) await engine.startWorker();
  return Object.defineProperty(engine, 'api', { get: () => api }) as Engine;
}

async function migrate(config: ConfigFor<'serve'>): Promise<void> {
  const store = await openStore(config.database);
  await store.migrate();
  await store.close();
}

function capture(lines: string[]): Logger {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return pino({ level: 'info' }, stream);
}
