import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../config/load.ts';
import type { ConfigFile, ConfigFor } from '../config/types.ts';
import { createLog } from '../processes/log.ts';
import { PortUnusable } from '../processes/listen.ts';
import { startServing, type Served } from '../processes/serve.ts';
import type { Market } from '../simulator/market.ts';
import { startMarket } from '../simulator/start-market.ts';
import { DevServerFailed } from '../temporal/dev-server/dev-server-failed.ts';
import { freePorts, isFree } from '../temporal/dev-server/ports.ts';

/** One month of the demo, ms. The clocks that follow from it are in the demo's own configuration; the engine knows nothing of a demo. */
export const MONTH = 6_000;

const CONFIG: ConfigFile = {
  products: 'any',
  clocks: { warn: '1s', graceStated: '1s', graceEstimated: '5s', retention: '2s', keep: '500ms' },
};

export interface Setting {
  readonly config: ConfigFor<'serve'>;
  readonly market: Market;
  readonly served: Served;
  readonly folder: string;
  /** Stops everything; the folder goes too unless it is worth a look. */
  stop(keepFolder: boolean): Promise<void>;
}

/** Market and engine side by side, as strangers: they know of each other only addresses and keys. */
export async function startSetting(env: NodeJS.ProcessEnv | Readonly<Record<string, string | undefined>>, progress: (text: string) => void): Promise<Setting> {
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-demo-'));
  const stops: (() => Promise<void>)[] = [];
  const stop = async (keepFolder: boolean): Promise<void> => {
    for (const each of stops.splice(0).toReversed()) await each();
    if (!keepFolder) await rm(folder, { recursive: true, force: true });
  };
  try {
    const secret = (): string => randomBytes(24).toString('hex');
    const market = await startMarket({ database: join(folder, 'market.db') });
    stops.push(() => market.close());

    const file = join(folder, 'kookeeper.config.json');
    await writeFile(file, JSON.stringify(CONFIG, null, 2));
    const fixed = {
      KOOGALLERY_BASE_KEY: market.keys.base,
      KOOGALLERY_AK: market.keys.ak,
      KOOGALLERY_SK: market.keys.sk,
      KOOGALLERY_OPEN_API: market.openApiUrl,
      KOOKEEPER_SECRET: secret(),
      KOOKEEPER_LOG_LEVEL: env['KOOKEEPER_LOG_LEVEL'] ?? 'error',
      ...(env['TEMPORAL_ADDRESS'] === undefined ? {} : { TEMPORAL_ADDRESS: env['TEMPORAL_ADDRESS'] }),
      ...(env['TEMPORAL_NAMESPACE'] === undefined ? {} : { TEMPORAL_NAMESPACE: env['TEMPORAL_NAMESPACE'] }),
    };
    progress('starting Temporal, API, worker and demo app (the first time Temporal is fetched: about 45 MB)');
    const { config, served } = await serveSomewhere(async ({ port, appPort, operatorPort, uiPort }) => {
      const loaded = await loadConfig({
        need: 'serve',
        cwd: folder,
        file,
        env: { ...fixed, KOOKEEPER_PUBLIC_URL: `http://localhost:${appPort}`, KOOKEEPER_APP_PORT: String(appPort), KOOKEEPER_OPERATOR_PORT: String(operatorPort), PORT: String(port) },
      });
      return { config: loaded, served: await startServing({ config: loaded, log: createLog(loaded.log.level, 'demo'), temporalUiPort: uiPort, shutdownGraceTime: 2_000 }) };
    });
    stops.push(() => served.stop());
    market.setSeller(`http://localhost:${served.api.port}/koogallery/saas`);
    return { config, market, served, folder, stop };
  } catch (error) {
    await stop(false);
    throw error;
  }
}

interface Ports {
  readonly port: number;
  readonly appPort: number;
  readonly operatorPort: number;
  readonly uiPort: number;
}

/** The well-known ports, so that links stay the same from run to run; any free ones where somebody has, or just took, one of those. */
async function serveSomewhere<T>(serve: (ports: Ports) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const wished: Ports = { port: 8080, appPort: 8081, operatorPort: 8090, uiPort: 8233 };
    const [port = 0, appPort = 0, operatorPort = 0, uiPort = 0] = await freePorts('127.0.0.1', 4);
    const chosen = attempt === 1 && (await allFree(Object.values(wished))) ? wished : { port, appPort, operatorPort, uiPort };
    try {
      return await serve(chosen);
    } catch (error) {
      if (!(error instanceof PortUnusable || error instanceof DevServerFailed) || attempt === 3) throw error;
    }
  }
}

async function allFree(ports: readonly number[]): Promise<boolean> {
  const free = await Promise.all(ports.map(async (port) => (await isFree('127.0.0.1', port)) && isFree('0.0.0.0', port)));
  return free.every(Boolean);
}
