/** The import table of the architecture (docs of the rooms: one folder under `src/` each), as data. */
export interface Room {
  /** Rooms whose files it may import; `room/folder` or `room/file` opens only that part. Its own files are always open. */
  readonly rooms: readonly string[];
  /** Rooms it may only take types from. */
  readonly types: readonly string[];
  /** Packages; `@scope/*` for a whole scope, `node:*` for every built-in. */
  readonly packages: readonly string[];
}

/** Types that every room may take. */
export const TYPES_FOR_ALL: readonly string[] = ['config'];

const ALL = ['*'];
const TEMPORAL_CLIENT = ['@temporalio/client', '@temporalio/common'];
// What both sides of the sandbox must agree on stands in workflows, which can import hardly anything itself.
const SHARED_WITH_SANDBOX = ['workflows/search-attributes', 'workflows/task-queues'];
const MIKRO_ORM = ['@mikro-orm/*'];

export const ROOMS: Readonly<Record<string, Room>> = {
  lifecycle: { rooms: [], types: [], packages: [] },
  marketplace: { rooms: ['lifecycle'], types: [], packages: ['node:crypto', 'zod'] },
  workflows: { rooms: ['lifecycle'], types: ['activities'], packages: ['@temporalio/workflow', '@temporalio/common'] },
  activities: {
    rooms: ['provisioners', 'store', 'notices', 'marketplace/open-api'],
    types: ['lifecycle', 'marketplace'],
    packages: ['@temporalio/activity', '@temporalio/common'],
  },
  provisioners: { rooms: [], types: ['lifecycle'], packages: ['node:*', 'pg', 'zod'] },
  notices: { rooms: [], types: [], packages: ['node:*', 'pino'] },
  store: { rooms: ['lifecycle'], types: ['marketplace'], packages: ['node:*', 'kysely', ...MIKRO_ORM] },
  delivery: { rooms: ['store', 'lifecycle', ...SHARED_WITH_SANDBOX], types: ['workflows'], packages: ['pino', ...TEMPORAL_CLIENT] },
  api: { rooms: ['marketplace', 'lifecycle', 'store', 'delivery'], types: [], packages: ['node:*', 'hono', '@hono/*', 'zod', 'pino'] },
  operations: { rooms: ['store', 'delivery', 'lifecycle'], types: ['workflows'], packages: TEMPORAL_CLIENT },
  temporal: {
    rooms: SHARED_WITH_SANDBOX,
    types: ['activities', 'workflows', 'lifecycle'],
    packages: ['node:*', '@temporalio/*', 'fflate', 'zod'],
  },
  simulator: { rooms: ['marketplace', 'lifecycle'], types: [], packages: ['node:*', 'hono', '@hono/*', 'zod', ...MIKRO_ORM] },
  conformance: { rooms: ['simulator', 'marketplace'], types: [], packages: ['node:*', 'zod'] },
  console: { rooms: ['operations'], types: ['lifecycle'], packages: ['node:*', 'hono', '@hono/*'] },
  'demo-saas': { rooms: ['provisioners/sqlite-tenant'], types: [], packages: ['node:*', 'hono', '@hono/*'] },
  config: { rooms: [], types: [], packages: ['node:*', 'zod'] },
  // Where the rooms become processes: the only room besides cli that sees both sides of the engine.
  processes: {
    rooms: ['activities', 'api', 'config', 'delivery', 'demo-saas', 'marketplace', 'notices', 'provisioners', 'store', 'temporal', 'lifecycle', ...SHARED_WITH_SANDBOX],
    types: [],
    packages: ['node:*', '@hono/*', 'pino'],
  },
  // The story that `npm run demo` plays: market and engine side by side.
  demo: { rooms: ['config', 'delivery', 'marketplace', 'processes', 'provisioners/sqlite-tenant', 'simulator', 'temporal'], types: [], packages: ['node:*', '@temporalio/client'] },
  // What `kookeeper rehearse` plays: market, engine and Temporal on one clock that skips time. It reads what each of them knows, and changes nothing behind their backs.
  rehearsal: {
    rooms: ['config', 'delivery', 'lifecycle', 'operations', 'processes', 'provisioners', 'simulator', 'store', 'temporal'],
    types: [],
    packages: ['node:*', 'pino', 'zod', ...TEMPORAL_CLIENT],
  },
  cli: { rooms: ALL, types: [], packages: ALL },
};
