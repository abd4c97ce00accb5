import type { DatabaseSync } from 'node:sqlite';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { addNote, deleteNote, listNotes, NOTE_LENGTH } from '../provisioners/sqlite-tenant/notes.ts';
import { readStanding } from '../provisioners/sqlite-tenant/standing.ts';
import { visitTenant, type Visit } from '../provisioners/sqlite-tenant/tenant-file.ts';
import { endSession, logIn, SESSION_MS, sessionUser } from '../provisioners/sqlite-tenant/users.ts';
import { createLoginLimit } from './login-limit.ts';
import * as pages from './pages.ts';
import { STYLE } from './style.ts';

export interface DemoSaasOptions {
  /** The folder of the `sqlite-tenant` provisioner. */
  readonly folder: string;
  /** Where buyers reach the app: an origin, no path. With https the cookie is for https only; forms from this origin are accepted. */
  readonly publicUrl: string;
  /** Now, in milliseconds UTC. */
  readonly now: () => number;
  readonly random?: (size: number) => Uint8Array;
  /** Told of every unexpected error; the buyer sees a page without its details. */
  readonly onError: (error: Error) => void;
}

const COOKIE = 'session';
const BODY_BYTES = 64 * 1024;
const LOGIN_ATTEMPTS = 10;
const LOGIN_WINDOW_MS = 60_000;

type TenantContext = Context<object, '/t/:instanceId{[A-Za-z0-9_-]{1,64}}'>;

/**
 * The product that `sqlite-tenant` tenants are tenants of: at `/t/<instanceId>` a buyer logs in with the access data and keeps notes.
 * Frozen: 403 and a page that says so, also for who is logged in. Removed or never there: 404. No scripts; works by keyboard alone.
 */
export function createDemoSaas({ folder, publicUrl, now, random, onError }: DemoSaasOptions): Hono {
  const app = new Hono();
  const publicAddress = new URL(publicUrl);
  const limit = createLoginLimit({ attempts: LOGIN_ATTEMPTS, windowMs: LOGIN_WINDOW_MS, now });

  /** Does something as the user of the request's session, in one transaction; the value is null when nobody is logged in. */
  function visitAsUser<T>(c: TenantContext, work: (db: DatabaseSync, userName: string) => T): Visit<T | null> {
    const token = getCookie(c, COOKIE);
    return visitTenant(folder, c.req.param('instanceId'), (db) => {
      const userName = token === undefined ? null : sessionUser(db, token, now());
      return userName === null ? null : work(db, userName);
    });
  }

  function shut(c: Context, tenant: 'suspended' | 'absent'): Response | Promise<Response> {
    return tenant === 'suspended' ? c.html(pages.suspendedPage(), 403) : c.html(pages.absentPage(), 404);
  }

  const home = (c: TenantContext): Response => c.redirect(`/t/${c.req.param('instanceId')}`, 303);

  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
      // Not the default no-referrer: with that, browsers send `Origin: null` with the app's own forms.
      referrerPolicy: 'same-origin',
      // For whoever ends TLS to decide.
      strictTransportSecurity: false,
    }),
  );
  app.use(csrf({ origin: (origin, c) => origin === publicAddress.origin || origin === new URL(c.req.url).origin }));
  app.use(bodyLimit({ maxSize: BODY_BYTES, onError: (c) => c.html(pages.tooLargePage(), 413) }));
  app.use('/t/*', async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });

  app.get('/', (c) => c.html(pages.frontPage()));
  app.get('/style.css', (c) => c.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'max-age=300' }));

  app.get('/t/:instanceId{[A-Za-z0-9_-]{1,64}}', (c) => {
    const visit = visitAsUser(c, viewOf);
    if (visit.tenant !== 'open') return shut(c, visit.tenant);
    const instanceId = c.req.param('instanceId');
    return c.html(visit.value === null ? pages.logInPage(instanceId) : pages.notesPage(instanceId, visit.value));
  });

  app.post('/t/:instanceId{[A-Za-z0-9_-]{1,64}}/login', async (c) => {
    const instanceId = c.req.param('instanceId');
    const there = visitTenant(folder, instanceId, () => null);
    if (there.tenant !== 'open') return shut(c, there.tenant);
    const wait = limit.take(instanceId);
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000);
      c.header('Retry-After', String(seconds));
      return c.html(pages.logInPage(instanceId, `Too many attempts. Try again in ${seconds} seconds.`), 429);
    }
    const form = await c.req.parseBody();
    const visit = await logIn(folder, instanceId, {
      userName: text(form['userName']).trim(),
      password: text(form['password']).trim(),
      now: now(),
      ...(random === undefined ? {} : { random }),
    });
    if (visit.tenant !== 'open') return shut(c, visit.tenant);
    if (visit.value === null) return c.html(pages.logInPage(instanceId, 'User name or password is wrong.'), 401);
    limit.clear(instanceId);
    setCookie(c, COOKIE, visit.value.token, {
      path: `/t/${instanceId}`,
      httpOnly: true,
      sameSite: 'Lax',
      secure: publicAddress.protocol === 'https:',
      maxAge: SESSION_MS / 1000,
    });
    return home(c);
  });

  app.post('/t/:instanceId{[A-Za-z0-9_-]{1,64}}/notes', async (c) => {
    const draft = text((await c.req.parseBody())['text']).replaceAll('\r\n', '\n');
    const wrong = refusal(draft);
    const visit = visitAsUser(c, (db, userName) => {
      if (wrong === undefined) addNote(db, { text: draft, writtenBy: userName, writtenAt: now() });
      return viewOf(db, userName);
    });
    if (visit.tenant !== 'open') return shut(c, visit.tenant);
    const instanceId = c.req.param('instanceId');
    if (visit.value === null) return c.html(pages.logInPage(instanceId, 'You are no longer logged in.'), 401);
    if (wrong !== undefined) return c.html(pages.notesPage(instanceId, { ...visit.value, wrong, draft }), 422);
    return home(c);
  });

  app.post('/t/:instanceId{[A-Za-z0-9_-]{1,64}}/notes/:noteId{[0-9]{1,15}}/delete', (c) => {
    const visit = visitAsUser(c, (db) => deleteNote(db, Number(c.req.param('noteId'))));
    if (visit.tenant !== 'open') return shut(c, visit.tenant);
    return home(c);
  });

  app.post('/t/:instanceId{[A-Za-z0-9_-]{1,64}}/logout', (c) => {
    const token = getCookie(c, COOKIE);
    const instanceId = c.req.param('instanceId');
    const visit = visitTenant(folder, instanceId, (db) => token !== undefined && endSession(db, token));
    deleteCookie(c, COOKIE, { path: `/t/${instanceId}` });
    if (visit.tenant !== 'open') return shut(c, visit.tenant);
    return home(c);
  });

  app.notFound((c) => c.html(pages.absentPage(), 404));
  app.onError((error, c) => {
    if (error instanceof HTTPException && error.status === 403) return c.html(pages.foreignFormPage(), 403);
    onError(error);
    return c.html(pages.failedPage(), 500);
  });
  return app;
}

function viewOf(db: DatabaseSync, userName: string): pages.NotesView {
  return { userName, standing: readStanding(db), notes: listNotes(db) };
}

/** A form's field as text; a file, or nothing at all, is none. */
function text(field: unknown): string {
  return typeof field === 'string' ? field : '';
}

function refusal(draft: string): string | undefined {
  if (draft.trim() === '') return 'The note is empty.';
  if (draft.length > NOTE_LENGTH) return `The note is longer than ${NOTE_LENGTH} characters.`;
  return undefined;
}
