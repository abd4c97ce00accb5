import type { Logger } from 'pino';
import type { Config } from '../config/types.ts';
import { createDemoSaas } from '../demo-saas/demo-saas.ts';
import { listen, type Listening } from './listen.ts';
import { tenantFolder } from './worker.ts';

/** The demo app that `sqlite-tenant` hands out to buyers, on a port of its own. */
export async function startDemoApp({ appPort, publicUrl, dataFolder }: Pick<Config, 'appPort' | 'publicUrl' | 'dataFolder'>, log: Logger): Promise<Listening> {
  const app = createDemoSaas({
    folder: tenantFolder(dataFolder),
    publicUrl,
    now: () => Date.now(),
    onError: (error) => log.error({ error: String(error) }, 'the demo app failed'),
  });
  return listen({ fetch: app.fetch, port: appPort, host: '0.0.0.0', setting: 'KOOKEEPER_APP_PORT' });
}
