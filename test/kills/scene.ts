import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import type { ConfigFile } from '../../src/config/types.ts';
import { openDatabase } from '../../src/processes/database.ts';
import { tenantFolder } from '../../src/processes/worker.ts';
import type { Market } from '../../src/simulator/market.ts';
import { startMarket } from '../../src/simulator/start-market.ts';
import type { Store } from '../../src/store/open.ts';
import { connectClient, type ClientLink } from '../../src/temporal/connect.ts';
import { freePorts } from '../../src/temporal/dev-server/ports.ts';
import { commandPart, temporalPart, type Part } from './parts.ts';
import type { PartName } from './plan.ts';
import { Said } from './said.ts';

/** A market, and beside it API, worker and Temporal as processes of their own with everything they keep in one folder. */
export interface Scene {
  readonly market: Market;
  readonly parts: Readonly<Record<PartName, Part>>;
  /** The database, read beside the processes. */
  readonly store: Store;
  readonly tenants: string;
  readonly said: Said;
  /** While the server runs; the caller closes it. */
  connect(): Promise<ClientLink>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const products: NonNullable<ConfigFile['products']> = [
  { skuCode: 'brief', provisioner: { kind: 'sqlite-tenant' }, clocks: { keep: '1s' } },
  { skuCode: 'kept', provisioner: { kind: 'sqlite-tenant' } },
];

/** Everything started once, in order, with the workflow code of `bundlePath`. */
export async function openScene(bundlePath: string): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-kills-'));
  const [port = 0, grpcPort = 0, uiPort = 0] = await freePorts(HOST, 3);
  const address = `${HOST}:${grpcPort}`;
  const secret = (): string => randomBytes(24).toString('hex');
  const [base, ak, sk] = [secret(), secret(), secret()];
  const market = await startMarket({ keys: { base, ak, sk }, seller: `http://${HOST}:${port}/koogallery/saas` });
  await writeFile(join(folder, 'kookeeper.config.json'), JSON.stringify({ products } satisfies ConfigFile));
  const env = {
    KOOKEEPER_CONFIG: 'kookeeper.config.json',
    KOOGALLERY_BASE_KEY: base,
    KOOGALLERY_AK: ak,
    KOOGALLERY_SK: sk,
    KOOGALLERY_OPEN_API: market.openApiUrl,
    KOOKEEPER_SECRET: secret(),
    KOOKEEPER_PUBLIC_URL: 'https://notes.example',
    KOOKEEPER_OPERATOR_PORT: '0',
    KOOKEEPER_LOG_LEVEL: 'warn',
    KOOKEEPER_WORKFLOW_BUNDLE: bundlePath,
    PORT: String(port),
    TEMPORAL_ADDRESS: address,
  };
  const said = new Said();
  const command = (name: 'api' | 'worker'): Part =>
    commandPart({ args: [name], folder, env, said: (err) => said.hear(err), ownEnd: (code, last) => said.ended(name, code, last) });
  const temporal = await temporalPart(
    { port: grpcPort, uiPort, dbFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log') },
    (code, last) => said.ended('temporal', code, last),
  );
  const parts = { api: command('api'), worker: command('worker'), temporal };
  const config = await loadConfig({ env, cwd: folder, need: 'migrate' });
  const store = await openDatabase(config);
  const close = async (): Promise<void> => {
    await Promise.all([parts.api.stop(), parts.worker.stop()]);
    await parts.temporal.stop();
    await store.close();
    await market.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await parts.temporal.start();
    await parts.api.start();
    await parts.worker.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { market, parts, store, tenants: tenantFolder(config.dataFolder), said, connect: () => connectClient({ address, development: true }), close };
}
