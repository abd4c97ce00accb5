import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startWorkerProcess } from '../../src/processes/worker.ts';
import { Usage } from '../../src/store/entities.ts';
import { hourlyScheduleId } from '../../src/temporal/schedule.ts';
import { dropHourly } from '../support/drop-hourly.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { runHourly } from '../support/hourly.ts';
import { memoryTenants } from '../support/provisioners.ts';

const PACE = { every: 50, limit: 30_000 };
const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

describe('the hourly reading of the meters', () => {
  const tenants = memoryTenants();
  /** Instances whose meter was asked, in that order. */
  let asked: string[] = [];
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ provisioners: tenants });
    tenants.trouble = { before: async (verb, instanceId) => void (verb === 'meter' && asked.push(instanceId)) };
  });
  afterAll(() => engine.stop());

  const buy = async (chargingMode: 'PERIOD' | 'ON_DEMAND' | 'ON_DEMAND_PKG'): Promise<string> => {
    const { order, call } = await engine.market.buy({ skuCode: 'notes', productId: 'notes-by-use', chargingMode });
    await engine.market.untilReady(order, PACE);
    return String(call.answer?.['instanceId']);
  };
  const usageOf = async (instanceId: string): Promise<unknown> => {
    const { answer } = await engine.market.poll(instanceId);
    const [info] = (answer?.['info'] ?? []) as { instanceId: string; usageInfo?: unknown }[];
    expect(info?.instanceId).toBe(instanceId);
    return info?.usageInfo;
  };

  it('brings what the provisioner counts to queryInstance; before it there is nothing, and nobody else is asked', async () => {
    const [byUse, inPackage, byMonth] = [await buy('ON_DEMAND'), await buy('ON_DEMAND_PKG'), await buy('PERIOD')];
    tenants.readings.set(byUse, [{ value: 1.5, at: AT, dashboardUrl: 'https://usage.example' }]);
    expect(await usageOf(byUse)).toBeUndefined();
    expect(await runHourly(engine)).toMatchObject({ readMeters: { read: 1, unmetered: 1, failed: 0 } });
    expect(new Set(asked)).toEqual(new Set([byUse, inPackage]));
    expect(await usageOf(byUse)).toEqual([{ usageValue: 1.5, statisticalTime: '20260102030405006', dashboardUrl: 'https://usage.example' }]);
    expect(await usageOf(inPackage)).toBeUndefined();
    expect(await usageOf(byMonth)).toBeUndefined();

    tenants.readings.set(byUse, [{ value: 2, at: AT + 1 }]);
    await engine.market.freeze(byUse);
    await eventually(() => Promise.resolve(tenants.tenants.get(byUse) === 'suspended'));
    await runHourly(engine);
    expect(await usageOf(byUse)).toEqual([{ usageValue: 2, statisticalTime: '20260102030405007' }]);
  });

  it('passes over an instance whose meter throws, hangs, or says what cannot be told, and says so in the log', async () => {
    const [broken, hung, absurd, good] = [await buy('ON_DEMAND'), await buy('ON_DEMAND'), await buy('ON_DEMAND'), await buy('ON_DEMAND')];
    for (const id of [broken, hung, good]) tenants.readings.set(id, [{ value: 3, at: AT }]);
    tenants.readings.set(absurd, [{ value: -3, at: AT }]);
    const { trouble } = tenants;
    tenants.trouble = {
      before(verb, instanceId) {
        if (verb === 'meter' && instanceId === broken) return Promise.reject(new Error(`no counter here ${'x'.repeat(1_000)}`));
        // Does not listen to its signal either.
        return verb === 'meter' && instanceId === hung ? new Promise(() => undefined) : Promise.resolve();
      },
    };
    expect(await runHourly(engine)).toMatchObject({ readMeters: { failed: 3 } });
    tenants.trouble = trouble;
    expect(await usageOf(good)).toMatchObject([{ usageValue: 3 }]);
    for (const id of [broken, hung, absurd]) expect(await usageOf(id)).toBeUndefined();
    const reasons = await eventually(() => {
      const told = engine.logged
        .map((line) => JSON.parse(line) as { msg: string; instanceId: string; reason: string })
        .filter(({ msg }) => msg.startsWith('the meter of an instance could not be read'));
      return Promise.resolve(told.length >= 3 && Object.fromEntries(told.map(({ instanceId, reason }) => [instanceId, reason])));
    });
    expect(reasons).toEqual({
      [broken]: `no counter here ${'x'.repeat(284)}`,
      [hung]: 'no answer within 10000 ms',
      [absurd]: `the meter of instance ${absurd} cannot be reported: value -3 is not between 0 and 99999999.9999`,
    });
    for (const id of [broken, hung, absurd]) tenants.readings.delete(id);
  });

  it('goes on where it was when its worker is stopped in the middle', async () => {
    while (tenants.tenants.size < 20) {
      const id = await buy('ON_DEMAND');
      tenants.readings.set(id, [{ value: 4, at: AT }]);
    }
    const metered = [...tenants.tenants.keys()].filter((id) => tenants.plans.get(id)?.chargingMode !== 'PERIOD').toSorted((a, b) => (a < b ? -1 : 1));
    const stuck = metered[12];
    const { trouble } = tenants;
    asked = [];
    let tripped = false;
    tenants.trouble = {
      async before(verb, instanceId, options) {
        await trouble.before?.(verb, instanceId, options);
        if (verb !== 'meter' || instanceId !== stuck || tripped) return;
        tripped = true;
        await new Promise((_, reject) => options.signal.addEventListener('abort', () => reject(options.signal.reason as Error)));
      },
    };
    const running = runHourly(engine);
    running.catch(() => undefined);
    const { client, connection } = engine.temporal;
    // The first page is done, and the server knows it.
    await eventually(async () => {
      const query = `WorkflowType = 'hourly' AND TaskQueue = '${engine.taskQueue}' AND ExecutionStatus = 'Running'`;
      for await (const execution of client.workflow.list({ query })) {
        const { pendingActivities } = await connection.workflowService.describeWorkflowExecution({ namespace: engine.temporal.namespace, execution: { workflowId: execution.workflowId, runId: execution.runId } });
        const details = pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0]?.data;
        if (details && Buffer.from(details).toString().includes(`"after":"${metered[7]}"`)) return true;
      }
      return false;
    });
    await engine.stopWorker();
    await engine.startWorker();
    expect(await running).toMatchObject({ readMeters: { failed: 0 } });
    tenants.trouble = trouble;
    for (const id of metered.slice(0, 8)) expect(asked.filter((each) => each === id)).toHaveLength(1);
    expect(new Set(asked)).toEqual(new Set(metered));
    expect(await engine.store.em().count(Usage, {})).toBe(metered.filter((id) => tenants.readings.has(id)).length);
  });

  it('is scheduled by the worker process, once for its task queue, however often one starts', async () => {
    const { config, store, temporal } = engine;
    const taskQueue = `test-${randomUUID()}-life`;
    const target = { address: inject('temporalAddress'), namespace: inject('temporalNamespace'), development: true };
    try {
      for (let start = 1; start <= 2; start += 1) {
        const worker = await startWorkerProcess({ config, store, target, log: pino({ level: 'silent' }), taskQueue, provisioners: memoryTenants() });
        await worker.stop();
      }
      // The list lags a little behind.
      const ids = await eventually(async () => {
        const listed: string[] = [];
        for await (const { scheduleId } of temporal.client.schedule.list()) listed.push(scheduleId);
        const ours = listed.filter((id) => id.includes(taskQueue));
        return ours.length > 0 && ours;
      });
      expect(ids).toEqual([hourlyScheduleId(taskQueue)]);
      const { state, action } = await temporal.client.schedule.getHandle(hourlyScheduleId(taskQueue)).describe();
      expect({ state, action }).toMatchObject({ state: { paused: false }, action: { workflowType: 'hourly', taskQueue } });
    } finally {
      await dropHourly({ temporal, taskQueue });
    }
  });
});
