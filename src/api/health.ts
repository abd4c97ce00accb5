import { Hono } from 'hono';

/** Whether a component works; rejecting or false means it does not. */
export type Check = () => Promise<boolean>;

/** A component that does not say anything within this time is not ready, ms. */
const CHECK_LIMIT = 2_000;

/** `/healthz`: the process lives. `/readyz`: every component works, else 503. Public, so names and states only. */
export function healthRoutes(checks: Readonly<Record<string, Check>>): Hono {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const states = await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, (await holds(check)) ? 'ok' : 'not ready'] as const));
      const ready = states.every(([, state]) => state === 'ok');
      return c.json({ status: ready ? 'ok' : 'not ready', components: Object.fromEntries(states) }, ready ? 200 : 503);
    });
}

async function holds(check: Check): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_LIMIT);
  });
  return Promise.race([Promise.resolve().then(check).catch(() => false), limit]).finally(() => clearTimeout(timer));
}
