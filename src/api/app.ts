import type { HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import type { Dialect } from '../marketplace/dialect.ts';
import type { RawCall } from '../marketplace/envelopes/envelope.ts';
import { saasV2 } from '../marketplace/saas-v2/dialect.ts';
import { BODY_SIGN, bodySign } from '../marketplace/signing/body-sign.ts';
import { answerCall, refuse, type Answer, type DoorDeps } from './door.ts';
import { createExplainer } from './explain-refusal.ts';
import { healthRoutes, type Check } from './health.ts';
import { readBody } from './read-body.ts';

/** Every kit that is served. */
export const DIALECTS: readonly Dialect[] = [saasV2];

export interface ApiDeps extends Omit<DoorDeps, 'explain'> {
  /** Access keys per interface category, newest first. */
  readonly keys: Readonly<Record<Dialect['keys'], readonly string[]>>;
  readonly checks: Readonly<Record<string, Check>>;
}

type Env = { Bindings: Partial<HttpBindings> };

/** The public port: the marketplace's calls, and health. Under `/koogallery/*` the HTTP status is always 200: anything else counts as a failed call. */
export function createApi(given: ApiDeps): Hono<Env> {
  const deps = { ...given, explain: createExplainer(given) };
  const app = new Hono<Env>();
  app.route('/', healthRoutes(deps.checks));
  for (const dialect of DIALECTS) {
    app.on(dialect.method, dialect.path, async (c) => {
      const keys = deps.keys[dialect.keys];
      const { answer } = await receive(deps, dialect, keys, c);
      return respond(c, answer, keys);
    });
  }
  app.all('/koogallery/*', async (c) => {
    const served = DIALECTS.map(({ method, path }) => `${method} ${path}`).join(', ');
    const message = `${c.req.method} ${c.req.path} is not a production address; served: ${served}`;
    const answer = await refuse(deps, saasV2, rawCall(c, new Uint8Array()), { refused: true, code: '000002', message }, 0);
    return respond(c, answer, deps.keys.base);
  });
  app.onError((error, c) => {
    deps.log.error({ path: c.req.path, error: String(error) }, 'a call failed unexpectedly');
    return c.req.path.startsWith('/koogallery') ? respond(c, { reply: saasV2.reply('', { is: 'unavailable' }), key: 0 }, deps.keys.base) : c.json({ status: 'error' }, 500);
  });
  return app;
}

async function receive(deps: DoorDeps, dialect: Dialect, keys: readonly string[], c: Context<Env>): Promise<{ answer: Answer }> {
  const body = await readBody(c.req.raw, dialect.bodyLimit);
  if (body) return { answer: await answerCall(deps, dialect, keys, rawCall(c, body)) };
  const refusal = { refused: true, code: '000002', message: `body is larger than ${dialect.bodyLimit} bytes` } as const;
  return { answer: await refuse(deps, dialect, rawCall(c, new Uint8Array()), refusal, 0) };
}

function rawCall(c: Context<Env>, body: Uint8Array): RawCall {
  return { method: c.req.method, query: c.req.query(), headers: c.req.header(), body };
}

/** Written as bytes that are signed as they leave. The header's name keeps its case where the server lets us: `Headers` would write it small. */
function respond(c: Context<Env>, { reply, key }: Answer, keys: readonly string[]): Response {
  const text = JSON.stringify(reply);
  const headers = new Headers({ 'content-type': 'application/json' });
  const signer = keys[key];
  if (signer !== undefined) {
    if (c.env?.outgoing) c.env.outgoing.setHeader(BODY_SIGN, bodySign(signer, text));
    else headers.set(BODY_SIGN, bodySign(signer, text));
  }
  return new Response(text, { status: 200, headers });
}
