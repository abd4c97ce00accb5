import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSealer } from '../../src/store/sealer.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { memoryTenants } from '../support/provisioners.ts';
import { createLedger, table } from './ledger.ts';
import { createLane, type Lane } from './over-http.ts';
import { DAY, schedules } from './schedule.ts';

/** The schedules of the seeded simulation over HTTP against the real server, a few dozen of them side by side. `KOOKEEPER_SEED` as there. */
const seed = Number(process.env['KOOKEEPER_SEED'] ?? 20_261_122);
const LANES = 30;
const AT_ONCE = 6;
/** A restart takes about a second; all lanes feel each. */
const RESTARTS = { api: 5, worker: 3 };
const PATIENCE = 5 * 60_000;

describe('the same schedules over HTTP against the real server', () => {
  const tenants = memoryTenants();
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ provisioners: tenants });
  });
  afterAll(() => engine.stop());

  it('leave every invariant standing that can be seen from here', { timeout: PATIENCE }, async () => {
    const ledger = createLedger();
    const sealer = createSealer(engine.config.secrets);
    const left = { ...RESTARTS };
    let restarting = Promise.resolve();
    const restart = (what: 'api' | 'worker'): Promise<void> => {
      if (left[what] === 0) return Promise.resolve();
      left[what] -= 1;
      restarting = restarting.then(async () => {
        await (what === 'api' ? engine.stopApi() : engine.stopWorker());
        await (what === 'api' ? engine.startApi() : engine.startWorker());
      });
      // A worker's absence is played through; without an API there is nothing to play against.
      return what === 'api' ? restarting : Promise.resolve();
    };

    // The first attempt of every third tenant fails, before or after it happened.
    const attempted = new Set<string>();
    const fails = (instanceId: string, when: number): boolean => !attempted.has(`${instanceId} ${when}`) && Number.parseInt(instanceId.slice(0, 4), 16) % 6 === when && Boolean(attempted.add(`${instanceId} ${when}`));
    tenants.trouble = {
      before: async (verb, instanceId) => {
        if (verb === 'create' && fails(instanceId, 0)) throw new Error('connection reset');
      },
      after: async (verb, instanceId) => {
        if (verb === 'create' && fails(instanceId, 1)) throw new Error('connection reset');
      },
    };

    const expireAt = Math.floor((Date.now() + 30 * DAY) / 1000) * 1000;
    const waiting = fc.sample(schedules, { seed, numRuns: LANES }).map((schedule, index) => ({ schedule, index }));
    const lanes: Lane[] = [];
    const one = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const lines = [];
        for (const place of [0, 1]) {
          const { order } = await engine.market.buy({ skuCode: 'notes', productId: `notes-${place}`, expireAt });
          // A purchase that met a restart is bought by its repeat.
          if (!(await engine.market.create(order)).answer) await engine.market.retryUntil(order, { every: 200, limit: 30_000 });
          const { orderId, orderLineId } = order;
          lines.push({ orderId, orderLineId, instanceId: sealer.instanceId(`${orderId}/${orderLineId}`) });
        }
        const lane = createLane({ engine, ledger, schedule: next.schedule, name: `seed-${seed}-lane-${next.index}`, lines, probeId: sealer.probeId, estimate: expireAt, restart });
        lanes.push(lane);
        await lane.play();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    await restarting;

    await eventually(async () => {
      const open = await engine.store.em().getConnection().execute<{ n: number }[]>('select count(*) as n from command where outcome is null');
      return Number(open[0]?.n) === 0;
    }, 120_000);
    for (const lane of lanes) await lane.check((instanceId) => tenants.tenants.get(instanceId) ?? 'absent');
    const built = tenants.effects.filter((effect) => effect.startsWith('create '));
    ledger.check(1, new Set(built).size === built.length, () => `built twice: ${built.length} for ${new Set(built).size}`);
    const ours = new Set(lanes.flatMap(({ instanceIds }) => instanceIds));
    ledger.check(10, [...tenants.tenants.keys()].every((id) => ours.has(id)), () => 'a tenant that nobody ordered');
    process.stdout.write(`${table(ledger.counts)}\nover HTTP: seed ${seed}, ${lanes.length} schedules, all invariants held\n`);
    expect([1, 2, 3, 5, 8, 10].filter((number) => ledger.counts[number as 1] === 0)).toEqual([]);
  });
});
