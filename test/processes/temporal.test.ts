import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { useTemporal } from '../../src/processes/temporal.ts';
import { eventually } from '../support/engine.ts';

const log = pino({ level: 'silent' });
const childrenOf = (pid: number): number[] => execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n').flatMap((line) => {
  const [child, parent, ...args] = line.trim().split(/\s+/);
  return Number(parent) === pid && !args.includes('-A') ? [Number(child)] : [];
});

it('a development server that ends by itself is told, one that was asked to is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kookeeper-ended-'));
  const config = { temporal: { address: null, namespace: 'default' }, dataFolder: folder };
  try {
    const before = childrenOf(process.pid);
    const killed = await useTemporal(config, log);
    const [guard = 0] = childrenOf(process.pid).filter((pid) => !before.includes(pid));
    const [server = 0] = childrenOf(guard);
    process.kill(server, 'SIGKILL');
    await expect(killed.failed).rejects.toMatchObject({ code: 'DEV_SERVER_ENDED', message: expect.stringContaining('temporal.log') });
    await killed.stop();

    const asked = await useTemporal(config, log);
    let told = false;
    asked.failed.catch(() => (told = true));
    await asked.stop();
    await expect(eventually(() => Promise.resolve(told), 300)).rejects.toThrow('did not happen');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
