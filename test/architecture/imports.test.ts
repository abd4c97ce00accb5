import { describe, expect, it } from 'vitest';
import { importsOf, violations } from './imports.ts';
import { ROOMS } from './rooms.ts';
import { sources } from './source.ts';

const source = sources('src');

describe('the import table', () => {
  it('holds for every import of every file in src', () => {
    expect(source.length).toBeGreaterThan(0);
    expect(violations(source)).toEqual([]);
  });

  it('knows every room there is', () => {
    const rooms = new Set(source.map(({ path }) => path.split('/')[1]));
    expect([...rooms].filter((room) => !Object.hasOwn(ROOMS, room ?? ''))).toEqual([]);
  });

  it('reads every kind of import and tells types from values', () => {
    const text = [
      `import a, {`,
      `  b,`,
      `} from './a.ts';`,
      `import type { C } from "./c.ts";`,
      `import type from './type.ts';`,
      `import { type D } from './d.ts';`,
      `export * from './e.ts';`,
      `export type { F } from './f.ts';`,
      `import './g.ts';`,
      `import data from './h.json' with { type: 'json' };`,
      `const i = await import('./i.ts');`,
      ` * import { j } from './j.ts';`,
      `// import('./k.ts')`,
      `export const from = 'l';`,
    ].join('\n');
    expect(importsOf(text)).toEqual([
      { from: './a.ts', typeOnly: false },
      { from: './c.ts', typeOnly: true },
      { from: './type.ts', typeOnly: false },
      { from: './d.ts', typeOnly: false },
      { from: './e.ts', typeOnly: false },
      { from: './f.ts', typeOnly: true },
      { from: './g.ts', typeOnly: false },
      { from: './h.json', typeOnly: false },
      { from: './i.ts', typeOnly: false },
    ]);
  });

  it.each([
    ['src/lifecycle/next.ts', `import { z } from 'zod';`, 'lifecycle may not import the package zod'],
    ['src/lifecycle/next.ts', `import { save } from '../store/save.ts';`, 'lifecycle may not import ../store/save.ts'],
    ['src/workflows/instance.ts', `import { build } from '../activities/build.ts';`, 'workflows may take only types from ../activities/build.ts'],
    ['src/workflows/instance.ts', `import { readFile } from 'node:fs/promises';`, 'workflows may not import the package node:fs/promises'],
    ['src/simulator/order.ts', `import type { Call } from '../store/call.ts';`, 'simulator may not import ../store/call.ts'],
    ['src/demo-saas/app.ts', `import { x } from '../provisioners/postgres-tenant.ts';`, 'demo-saas may not import ../provisioners/postgres-tenant.ts'],
    ['src/api/app.ts', `import { load } from '../config/load.ts';`, 'api may take only types from ../config/load.ts'],
    ['src/api/app.ts', `import { x } from '../../test/support/x.ts';`, '../../test/support/x.ts leads out of src'],
    ['src/nowhere/x.ts', `import 'zod';`, 'not in a room of the import table'],
  ])('refuses in %s: %s', (path, text, reason) => {
    expect(violations([{ path, text }])).toEqual([`${path}: ${reason}`]);
  });

  it.each([
    ['src/store/journal.ts', `import { defineEntity } from '@mikro-orm/core';`],
    ['src/demo-saas/app.ts', `import { open } from '../provisioners/sqlite-tenant.ts';`],
    ['src/demo-saas/app.ts', `import { open } from '../provisioners/sqlite-tenant/open.ts';`],
    ['src/activities/order.ts', `import { queryOrder } from '../marketplace/open-api/query-order.ts';`],
    ['src/delivery/bell.ts', `import type { Config } from '../config/schema.ts';`],
    ['src/marketplace/saas-v2/parse.ts', `import { times } from '../times.ts';`],
  ])('allows in %s: %s', (path, text) => {
    expect(violations([{ path, text }])).toEqual([]);
  });
});
