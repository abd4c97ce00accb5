import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { workflowBundle } from '../src/temporal/bundle.ts';
import { connectClient } from '../src/temporal/connect.ts';
import type { Figures, Findings } from './report.ts';
import { startSeller } from './seller.ts';
import type { Setting } from './setting.ts';
import type { TemporalServer } from './temporal-server.ts';
import { active, endTimes } from './through.ts';
import { startWorkerChild, type WorkerChild, type WorkerWork } from './worker-child.ts';
import type { bareSleep } from './workflows/bare-sleep.ts';

const CALLERS = 24;
/** Before the first reading, so that code is loaded and pools are filled. */
const WARM_UP = 50;
const LIMIT = 600_000;
/** The last timers are set, and the collectors have had a chance. */
const SETTLE = 3_000;

/** Resident memory, MB. */
interface Reading {
  readonly worker: number;
  readonly server: number;
}

/** A worker and its server, and how to send so many more instances to sleep. */
interface Sleepers {
  readonly server: TemporalServer;
  readonly work: WorkerWork;
  /** Resolves when all of them sleep. */
  send(count: number, worker: WorkerChild): Promise<void>;
}

/**
 * Resident memory (VmRSS) of a worker's process and of the Temporal server with 1,000 instances that are ready and sleep until their next clock,
 * beside 1,000 workflows with nothing in them but a timer. Each pair has a server with a database file and a worker process of its own, one after the other; API and marketplace
 * are other processes and are not counted, and the workflow code was bundled before. It is read with few instances (code loaded), with all, and once more after both were started again: what is left then is
 * what the sleepers themselves hold, and what was there before is also what the work of building them left behind.
 *
 * A worker keeps at most 500 workflows in memory (`src/temporal/worker.ts`), ours and the peer's alike, so beyond that its memory does not grow with the instances. Ours
 * holds its tenants in memory too, about as small as their names. Measured once, for memory hardly differs between two runs; not measured: the database, and instances that are woken.
 */
export async function benchMemory(setting: Setting): Promise<Findings> {
  const { progress, options } = setting;
  const rows: { name: string; cells: (readonly number[])[] }[] = [];
  const measure = async (name: string, open: (setting: Setting) => Promise<Sleepers>): Promise<void> => {
    progress(`memory: ${name}: starting server and worker`);
    const sleepers = await open(setting);
    const readings = await readAround(sleepers, options.sleeping, setting);
    await sleepers.server.stop();
    rows.push(...figuresOf(name, readings, options.sleeping));
  };
  await measure('ours', openOurs);
  await measure('bare sleeping workflow', openBare);
  const columns: Figures['columns'] = [`${WARM_UP} asleep, MB`, `${options.sleeping} asleep, MB`, 'per 1,000 more, MB', 'both started again, MB'];
  return { series: [], ratios: [], figures: { columns, rows } };
}

async function readAround({ server, work, send }: Sleepers, count: number, { progress, atEnd }: Setting): Promise<Reading[]> {
  let worker = await startWorkerChild(work);
  atEnd(() => worker.stop());
  const read = async (what: string): Promise<Reading> => {
    await pause(SETTLE);
    const reading = { worker: await residentOf(worker.pid), server: await residentOf(server.pid()) };
    progress(`memory: ${what}: worker ${Math.round(reading.worker)} MB, server ${Math.round(reading.server)} MB`);
    return reading;
  };
  await send(WARM_UP, worker);
  const few = await read(`${WARM_UP} asleep`);
  await send(count - WARM_UP, worker);
  const all = await read(`${count} asleep`);
  await worker.stop();
  await server.stop();
  await server.start();
  worker = await startWorkerChild(work);
  const again = await read('both started again');
  await worker.stop();
  return [few, all, again];
}

function figuresOf(name: string, readings: readonly Reading[], count: number) {
  const row = (part: keyof Reading) => {
    const [few = Number.NaN, all = Number.NaN, again = Number.NaN] = readings.map((reading) => reading[part]);
    return { name: `${name}: ${part}`, cells: [[few], [all], [((all - few) * 1000) / (count - WARM_UP)], [again]] };
  };
  return [row('worker'), row('server')];
}

async function openOurs(setting: Setting): Promise<Sleepers> {
  const marketplace = setting.marketplace();
  const server = await setting.temporalServer();
  const bundle = setting.file('life.js');
  await workflowBundle({ codePath: bundle });
  const { url, config, database, store, taskQueue } = await startSeller(setting, marketplace, server.target, { apiOnly: true });
  return {
    server,
    work: { be: 'ours', config, database, target: server.target, taskQueue, bundle },
    async send(count) {
      const before = await active(store);
      await endTimes(marketplace.buy(url, count, CALLERS), { count, through: async () => (await active(store)) - before, limit: LIMIT });
    },
  };
}

async function openBare(setting: Setting): Promise<Sleepers> {
  const server = await setting.temporalServer();
  const link = await connectClient(server.target);
  setting.atEnd(() => link.close());
  const bundle = setting.file('bare.js');
  await workflowBundle({ workflowsPath: fileURLToPath(new URL('./workflows/index.ts', import.meta.url)), codePath: bundle });
  const taskQueue = `bench-bare-${randomUUID()}-life`;
  return {
    server,
    work: { be: 'bare', target: server.target, taskQueue, bundle },
    async send(count, worker) {
      const before = worker.asleep();
      let left = count;
      const caller = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          await link.client.workflow.start<typeof bareSleep>('bareSleep', { workflowId: `bare/${randomUUID()}`, taskQueue });
        }
      };
      await endTimes(Promise.all(Array.from({ length: CALLERS }, caller)), { count, through: () => worker.asleep() - before, limit: LIMIT });
    },
  };
}

/** MB. Linux tells it in /proc. */
async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch((error: unknown) => {
    throw new Error('the memory of other processes is read from /proc, which this system does not have', { cause: error });
  });
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kilobytes === undefined) throw new Error(`process ${pid} has ended`);
  return Number(kilobytes) / 1024;
}
