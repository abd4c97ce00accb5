import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cachedCliPath, installExecutable } from '../../../src/temporal/dev-server/cache.ts';
import { emptyMachine } from './hosts.ts';

let machine: ReturnType<typeof emptyMachine>;
beforeEach(() => {
  machine = emptyMachine();
});
afterEach(() => machine.remove());

test('the executable is never seen half written', async () => {
  const bytes = new Uint8Array(48 * 1024 * 1024);
  const sizes = new Set<number | undefined>();
  let done = false;
  const look = (): void => {
    sizes.add(statSync(machine.cachedCli, { throwIfNoEntry: false })?.size);
    if (!done) setImmediate(look);
  };
  look();
  await Promise.all([installExecutable(bytes, machine.cachedCli), installExecutable(bytes, machine.cachedCli)]);
  done = true;
  look();
  expect(sizes).toEqual(new Set([undefined, bytes.length]));
  expect(readdirSync(dirname(machine.cachedCli))).toEqual(['temporal']);
});

test("the cache lies where the platform keeps a user's caches", () => {
  const path = (platform: string, env: Record<string, string>): string => cachedCliPath({ platform, env });
  expect(path('linux', { HOME: '/home/li', XDG_CACHE_HOME: '/var/cache/li' })).toBe('/var/cache/li/kookeeper/temporal-cli-1.9.1/temporal');
  expect(path('darwin', { HOME: '/Users/li' })).toBe('/Users/li/.cache/kookeeper/temporal-cli-1.9.1/temporal');
  expect(path('linux', { HOME: '/home/li', XDG_CACHE_HOME: 'relative' })).toBe('/home/li/.cache/kookeeper/temporal-cli-1.9.1/temporal');
  expect(path('linux', {})).toBe(join(homedir(), '.cache/kookeeper/temporal-cli-1.9.1/temporal'));
  expect(path('win32', { LOCALAPPDATA: '/local' })).toBe('/local/kookeeper/temporal-cli-1.9.1/temporal.exe');
});
