import type { Market } from '../market.ts';
import { serveLoopback, type Loopback } from '../loopback.ts';
import { controlApp } from './app.ts';

/** Serves the control API on a loopback port (0: a free one). Rejects when the port is taken. */
export function serveControl(market: Market, port: number): Promise<Loopback> {
  return serveLoopback(controlApp(market).fetch, port);
}
