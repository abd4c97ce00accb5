import type { Market } from '../market.ts';
import { serveLoopback, type Loopback } from '../loopback.ts';
import { pageApp } from '../page/app.ts';
import { createFeed } from '../page/feed.ts';
import { controlApp } from './app.ts';

/** Serves the control API and the page on a loopback port (0: a free one). Rejects when the port is taken. */
export async function serveControl(market: Market, { port, now }: { readonly port: number; readonly now: () => number }): Promise<Loopback> {
  const feed = createFeed({ market, now });
  const app = controlApp(market);
  app.route('/', pageApp({ market, feed, now }));
  const server = await serveLoopback(app.fetch, port).catch(async (error: unknown) => {
    await feed.close();
    throw error;
  });
  return {
    url: server.url,
    async close() {
      await feed.close();
      await server.close();
    },
  };
}
