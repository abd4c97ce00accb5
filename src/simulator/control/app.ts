import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z, ZodError } from 'zod';
import type { Call } from '../call.ts';
import { DISORDERS, type Disorder } from '../disorder.ts';
import { MarketError } from '../errors.ts';
import type { Market } from '../market.ts';
import { ORDER_QUERY_TROUBLES } from '../open-api/trouble.ts';
import { ACTIONS, edits, isAction } from './actions.ts';
import { showOrder, type ShownOrder } from './show.ts';

/** What an action answers. */
export interface ActionDone {
  readonly order: ShownOrder | null;
  /** Every call that it caused, without access data, in the order of sending. */
  readonly calls: readonly Call[];
}

const LIMIT = 64 * 1024;
const trouble = z.object({
  seed: z.int().default(1),
  chances: z.partialRecord(z.enum(Object.keys(DISORDERS) as [Disorder, ...Disorder[]]), z.number().min(0).max(1)).default({}),
  orderQuery: z.enum(ORDER_QUERY_TROUBLES).nullable().default(null),
  times: z.int().min(1).optional(),
});
const asked = z.record(z.string(), z.unknown());

/**
 * The control API of a running market, on loopback: `POST /actions/<name>`, `GET /orders`, `/calls`, `/matters`, `/events`, `/gauge`, `POST /trouble` (replaces the trouble there is).
 * Errors are `{ error: { code, message } }` with 400 for what cannot be meant, 404, and 409 for what the books do not allow.
 */
export function controlApp(market: Market): Hono {
  const app = new Hono();

  // A page in the person's browser must not play buyer: it cannot send JSON here without a preflight, and names another host when its DNS was bent.
  app.use(async (c, next) => {
    const { hostname } = new URL(c.req.url);
    if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname) || c.req.header('origin') !== undefined) return c.json(problem('NOT_LOCAL', 'this API answers programs on this machine alone'), 403);
    if (c.req.method !== 'GET' && !c.req.header('content-type')?.startsWith('application/json')) return c.json(problem('NOT_JSON', 'send application/json'), 400);
    return next();
  });
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
    const { seed, chances, orderQuery, times } = trouble.parse(await c.req.json());
    market.disturb(Object.keys(chances).length === 0 ? null : { seed, chances });
    market.trouble({ orderQuery, ...(times === undefined ? {} : { times }) });
    return c.json({ seed, chances, orderQuery });
  });
  app.get('/orders', async (c) => c.json(await Promise.all((await market.orders()).map(({ orderId }) => showOrder(market, orderId)))));
  app.get('/calls', async (c) => {
    const limit = z.coerce.number().int().min(1).max(1_000).default(20).parse(c.req.query('limit'));
    return c.json((await market.calls()).slice(-limit));
  });
  app.get('/questions', (c) => c.json(market.openApiCalls()));
  app.get('/matters', async (c) => c.json((await market.platform?.matters()) ?? []));
  app.get('/events', async (c) => c.json((await market.platform?.events()) ?? []));
  app.get('/gauge', async (c) => c.json((await market.platform?.gauge()) ?? null));

  app.notFound((c) => c.json(problem('NOT_FOUND', 'there is nothing at this address'), 404));
  app.onError((error, c) => {
    if (error instanceof ZodError) return c.json(problem('BAD_INPUT', z.prettifyError(error)), 400);
    if (error instanceof SyntaxError) return c.json(problem('BAD_INPUT', 'the body is not JSON'), 400);
    if (error instanceof MarketError) return c.json(problem(error.code, error.message), 409);
    return c.json(problem('UNEXPECTED', error.message), 500);
  });
  return app;
}

function problem(code: string, message: string): { readonly error: { readonly code: string; readonly message: string } } {
  return { error: { code, message } };
}
