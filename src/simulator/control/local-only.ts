import type { Context, MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { problem } from './problem.ts';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Programs on this machine and the market's own page, nobody else: a foreign page in the person's browser must not play buyer. It names another host
 * when its DNS was bent, it says its origin, and it cannot send JSON without asking first. The own page's forms (`/page/…`) must say the own origin.
 */
export const localOnly: MiddlewareHandler = async (c, next) => {
  const { hostname, origin } = new URL(c.req.url);
  const from = c.req.header('origin');
  if (!LOOPBACK.includes(hostname) || (from !== undefined && from !== origin)) return c.json(problem('NOT_LOCAL', 'this API answers programs on this machine and its own page alone'), 403);
  if (c.req.method === 'GET') return next();
  if (!c.req.path.startsWith('/page/')) return isOf(c, 'application/json') ? next() : c.json(problem('NOT_JSON', 'send application/json'), 400);
  if (from === undefined) return c.json(problem('NOT_LOCAL', 'the page’s forms are for the page alone: programs send JSON to /actions'), 403);
  return isOf(c, 'application/x-www-form-urlencoded') ? next() : c.json(problem('NOT_A_FORM', 'send application/x-www-form-urlencoded'), 400);
};

/** Nothing but the market's own files runs or shows in its page. The referrer policy leaves forms their origin, which `no-referrer` would make `null`. */
export const ownPageOnly: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'same-origin',
  // A browser that has seen it on loopback would ask for https at every other program on this machine.
  strictTransportSecurity: false,
});

function isOf(c: Context, type: string): boolean {
  return c.req.header('content-type')?.startsWith(type) ?? false;
}
