import { Hono, type Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { ACTIONS, edits, isAction } from '../control/actions.ts';
import { callNumber } from '../control/app.ts';
import { problemOf } from '../control/problem.ts';
import { makeTrouble } from '../control/trouble.ts';
import type { Call } from '../call.ts';
import { NoCall } from '../errors.ts';
import type { Market } from '../market.ts';
import { fieldsOfAction } from './action-forms.ts';
import { told, wholeCall } from './call.ts';
import { callPage, document, refusalPage } from './document.ts';
import type { Feed } from './feed.ts';
import { editsOf, inputOf } from './fields.ts';
import { ICON } from './icon.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { troubleOf } from './trouble-form.ts';

/** What came of a form. */
interface Told {
  readonly ok: boolean;
  readonly text: string;
  /** Where a browser without a script goes on. */
  readonly goOn: string;
}

/** The market's page, for a person's browser: `GET /`, its files and stream and forms below `/page/`. Guarded by the control API's `localOnly`. */
export function pageApp({ market, feed, now }: { readonly market: Market; readonly feed: Feed; readonly now: () => number }): Hono {
  const app = new Hono();

  app.get('/', async (c) => {
    const { scene, parts } = await feed.now();
    c.header('cache-control', 'no-store');
    return c.html(await document(scene, parts, now()));
  });
  app.get('/page/page.css', (c) => c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/page/page.js', (c) => c.body(SCRIPT, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  app.get('/page/icon.svg', (c) => c.body(ICON, 200, { 'content-type': 'image/svg+xml' }));

  app.get('/page/stream', (c) =>
    streamSSE(
      c,
      async (stream) => {
        const gone = new AbortController();
        stream.onAbort(() => gone.abort());
        const sent = new Map<string, string>();
        for await (const { html, cards } of feed.follow(gone.signal)) {
          const parts = Object.fromEntries([...html].filter(([id, text]) => sent.get(id) !== text));
          for (const [id, text] of Object.entries(parts)) sent.set(id, text);
          if (Object.keys(parts).length === 0) await stream.write(': still here\n\n');
          else await stream.writeSSE({ event: 'parts', data: JSON.stringify({ parts, cards }), retry: 1_000 });
        }
      },
      // The reason goes to the page as an event of its own, and the page asks again.
      async () => undefined,
    ),
  );

  app.get('/page/calls/:seq', async (c) => {
    const seq = callNumber.parse(c.req.param('seq'));
    const call = await market.call(seq);
    if (call === null) throw new NoCall(seq);
    return c.html(await (c.req.query('part') === undefined ? callPage(call) : wholeCall(call)));
  });
  app.post('/page/calls/:seq/resend', (c) =>
    answer(c, async (sent) => {
      // A form sends every line break as two characters.
      const body = (sent.get('body') ?? '').replaceAll('\r\n', '\n');
      const call = await market.resend(callNumber.parse(c.req.param('seq')), body);
      return { ok: call.verdict.ok, text: `call ${call.seq}: ${told(call)}`, goOn: `/page/calls/${call.seq}` };
    }),
  );
  app.post('/page/trouble', (c) =>
    answer(c, async (sent) => {
      const { chances, orderQuery, usagePush } = makeTrouble(market, troubleOf(sent));
      return { ok: true, text: Object.keys(chances).length === 0 && orderQuery === null && usagePush === null ? 'no trouble from now on' : 'trouble from now on', goOn: '/' };
    }),
  );
  app.post('/page/actions/:name', (c) =>
    answer(c, async (sent) => {
      const name = c.req.param('name');
      if (!isAction(name)) return { ok: false, text: `there is no action ${name}`, goOn: '/' };
      const { set, drop } = edits.parse(editsOf(sent));
      const wanted = Object.keys(set).length === 0 && drop.length === 0 ? undefined : { set, drop };
      const { result, calls } = await market.caused(() => ACTIONS[name].run(market, inputOf(fieldsOfAction(name), sent)), wanted);
      const purchaseId = result.orderId === undefined ? null : (await market.look(result.orderId)).order.purchaseId;
      return { ok: calls.every(({ verdict }) => verdict.ok), text: said(calls), goOn: purchaseId === null ? '/' : `/#p-${purchaseId}` };
    }),
  );
  return app;
}

function said(calls: readonly Call[]): string {
  return calls.length === 0 ? 'done' : calls.map(told).join('\n');
}

/** JSON for the page's script, else the way back to the page, or a page with what was refused. */
async function answer(c: Context, act: (sent: URLSearchParams) => Promise<Told>): Promise<Response> {
  const script = c.req.header('accept')?.startsWith('application/json') ?? false;
  try {
    const { ok, text, goOn } = await act(new URLSearchParams(await c.req.text()));
    return script ? c.json({ ok, text }) : c.redirect(goOn, 303);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { status, problem } = problemOf(error);
    return script ? c.json({ ok: false, text: problem.error.message }, status) : c.html(await refusalPage(problem.error.message), status);
  }
}
