import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { Call } from '../call.ts';
import type { Market } from '../market.ts';
import { ACTIONS, edits, isAction } from './actions.ts';
import { localOnly, ownPageOnly } from './local-only.ts';
import { problem, problemOf } from './problem.ts';
import { showOrder, type ShownOrder } from './show.ts';
import { makeTrouble } from './trouble.ts';

/** What an action answers. */
export interface ActionDone {
  readonly order: ShownOrder | null;
  /** Every call that it caused, without access data, in the order of sending. */
  readonly calls: readonly Call[];
}

const LIMIT = 64 * 1024;
/** Text that a key can be: what the seller takes from its environment, where a comma parts two. */
const rotation = z.object({ base: z.string().min(1).max(256).regex(/^[^\s,]+$/, 'holds a space or a comma') });
const asked = z.record(z.string(), z.unknown());
const resent = z.object({ body: z.string() });
/** Of a call in an address. */
export const callNumber = z.coerce.number().int().min(1);

/**
 * The control API of a running market, on loopback: `POST /actions/<name>`, `GET /orders`, `/calls`, `/usage`, `/matters`, `/events`, `/gauge`, `POST /trouble` (replaces the trouble
 * there is), `POST /calls/<seq>/resend` (that body, signed afresh), `POST /rotate-key`.
 * Errors are `{ error: { code, message } }` with 400 for what cannot be meant, 404, and 409 for what the books do not allow.
 */
export function controlApp(market: Market): Hono {
  const app = new Hono();

  app.use(ownPageOnly);
  app.use(localOnly);
  app.use(bodyLimit({ maxSize: LIMIT }));

  app.post('/actions/:name', async (c) => {
    const name = c.req.param('name');
    if (!isAction(name)) return c.json(problem('NO_SUCH_ACTION', `there is no action ${name}; there are ${Object.keys(ACTIONS).join(', ')}`), 404);
    const { set, drop, ...input } = asked.parse(await c.req.json());
    const wanted = set === undefined && drop === undefined ? undefined : edits.parse({ set, drop });
    const { result, calls } = await market.caused(() => ACTIONS[name].run(market, input), wanted);
    const done: ActionDone = { order: result.orderId === undefined ? null : await showOrder(market, result.orderId), calls };
    return c.json(done);
  });
  app.post('/trouble', async (c) => {
    const { seed, chances, orderQuery, usagePush } = makeTrouble(market, await c.req.json());
    return c.json({ seed, chances, orderQuery, usagePush });
  });
  app.post('/calls/:seq/resend', async (c) => {
    const { body } = resent.parse(await c.req.json());
    const done: ActionDone = { order: null, calls: [await market.resend(callNumber.parse(c.req.param('seq')), body)] };
    return c.json(done);
  });
  app.post('/rotate-key', async (c) => {
    market.rotateKey(rotation.parse(await c.req.json()).base);
    return c.json({ rotated: true });
  });
  app.get('/orders', async (c) => c.json(await Promise.all((await market.orders()).map(({ orderId }) => showOrder(market, orderId)))));
  app.get('/calls', async (c) => {
    const limit = z.coerce.number().int().min(1).max(1_000).default(20).parse(c.req.query('limit'));
    return c.json(await market.calls(limit));
  });
  app.get('/questions', (c) => c.json(market.openApiCalls()));
  app.get('/usage', async (c) => c.json((await market.usage()).slice(-z.coerce.number().int().min(1).max(1_000).default(20).parse(c.req.query('limit')))));
  app.get('/matters', async (c) => c.json((await market.platform?.matters()) ?? []));
  app.get('/events', async (c) => c.json((await market.platform?.events()) ?? []));
  app.get('/gauge', async (c) => c.json((await market.platform?.gauge()) ?? null));

  app.notFound((c) => c.json(problem('NOT_FOUND', 'there is nothing at this address'), 404));
  app.onError((error, c) => {
    const { status, problem: told } = problemOf(error);
    return c.json(told, status);
  });
  return app;
}
