import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { HAND, type PersonKind } from '../../src/lifecycle/hand.ts';
import { showInstance, type InstanceRecord } from '../../src/operations/show-instance.ts';
import { complete } from '../../src/operations/complete.ts';
import { createSealer } from '../../src/store/sealer.ts';
import type { Order } from '../../src/simulator/books.ts';
import type { PersonAnswer } from '../../src/workflows/updates.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { memoryTenants, type MemoryTenants } from '../support/provisioners.ts';

const PURCHASE = { skuCode: 'notes', productId: 'notes-month' } as const;
const PACE = { every: 100, limit: 30_000 } as const;

interface Bought {
  readonly order: Order;
  readonly id: string;
  readonly handle: WorkflowHandle;
}

/** Fails at once: the activity's own attempts would only cost time here. */
const broken = () => Promise.reject(ApplicationFailure.nonRetryable('the machine room is full', 'no-room'));

function workbench(engine: () => Engine) {
  const buy = async (): Promise<Bought> => {
    const { order, call } = await engine().market.buy(PURCHASE);
    const handle = engine().temporal.client.workflow.getHandle(workflowIdOf(`${order.orderId}/${order.orderLineId}`));
    return { order, id: String(call.answer?.['instanceId']), handle };
  };
  return {
    buy,
    async ready(): Promise<Bought> {
      const bought = await buy();
      await engine().market.untilReady(bought.order, PACE);
      return bought;
    },
    update: ({ handle }: Bought, kind: PersonKind, input?: unknown) => handle.executeUpdate<PersonAnswer, [unknown]>(kind, { args: [input] }),
    /** Why the update was turned away; it left nothing in the history. */
    async turnedAway({ handle }: Bought, kind: PersonKind, input?: unknown): Promise<string> {
      const error = await handle.executeUpdate<PersonAnswer, [unknown]>(kind, { args: [input] }).then(() => null, (thrown: unknown) => thrown);
      if (!(error instanceof WorkflowUpdateFailedError)) throw new Error(`${kind} was not turned away: ${String(error)}`);
      return String(error.cause?.message);
    },
    shown: ({ id }: Bought): Promise<InstanceRecord | null> => showInstance(engine().store, id),
    async settled({ id }: Bought, seq: number) {
      return eventually(async () => {
        const command = (await showInstance(engine().store, id))?.commands.find((entry) => entry.seq === seq);
        return command?.outcome ? command : null;
      });
    },
    async history({ handle }: Bought): Promise<string> {
      const { events } = await handle.fetchHistory();
      return JSON.stringify(events, (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : typeof value === 'bigint' ? String(value) : value));
    },
  };
}

describe('updates in the Temporal UI', () => {
  let engine: Engine;
  let tenants: MemoryTenants;
  const { buy, ready, update, turnedAway, shown, settled, history } = workbench(() => engine);

  beforeAll(async () => {
    tenants = memoryTenants();
    engine = await startEngine({ provisioners: tenants, clocks: { keep: '1h', onFailing: 'wait' } });
  });
  beforeEach(() => {
    tenants.trouble = {};
  });
  afterAll(() => engine.stop());

  const failing = async (): Promise<Bought> => {
    tenants.trouble.before = (verb) => (verb === 'create' ? broken() : Promise.resolve());
    const bought = await buy();
    await eventually(async () => (await shown(bought))?.state.trouble?.effect === 'provision');
    return bought;
  };
  const noTaskFailed = async ({ handle }: Bought): Promise<void> => {
    const { events } = await handle.fetchHistory();
    expect(events?.filter(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes)).toEqual([]);
  };

  it('are listed with what they do, one for each row of the table', async () => {
    const { handle } = await ready();
    const { definition } = await handle.query<{ definition: { updateDefinitions: { name: string; description: string }[] } }>('__temporal_workflow_metadata');
    const listed = Object.fromEntries(definition.updateDefinitions.map(({ name, description }) => [name, description]));
    expect(listed).toEqual(Object.fromEntries(Object.entries(HAND).map(([kind, { does }]) => [kind, does])));
  });

  it('freeze and unfreeze: access ends and comes back, each numbered in the mailbox as a person’s', async () => {
    const bought = await ready();
    expect(await update(bought, 'freeze')).toEqual({ verdict: 'admitted', message: `command 2: ${HAND.freeze.does}` });
    expect(await settled(bought, 2)).toMatchObject({ by: 'person', outcome: 'done' });
    expect(tenants.tenants.get(bought.id)).toBe('suspended');
    expect(await update(bought, 'freeze', {})).toEqual({ verdict: 'done', message: 'it was so already' });
    expect(await update(bought, 'unfreeze', null)).toMatchObject({ verdict: 'admitted' });
    expect(await settled(bought, 3)).toMatchObject({ outcome: 'done' });
    expect(tenants.tenants.get(bought.id)).toBe('open');
    await noTaskFailed(bought);
  });

  it('release, hold, unhold and cancel-release: access ends, the data stay, and it opens again', async () => {
    const bought = await ready();
    await update(bought, 'release');
    await settled(bought, 2);
    expect((await shown(bought))?.phase).toBe('released');
    await update(bought, 'hold');
    expect((await eventually(async () => (await settled(bought, 3)) && (await shown(bought))))?.state.desired.held).toBe(true);
    await update(bought, 'unhold');
    await settled(bought, 4);
    await update(bought, 'cancelRelease');
    await settled(bought, 5);
    await eventually(async () => (await shown(bought))?.phase === 'active');
    expect(tenants.tenants.get(bought.id)).toBe('open');
    expect(await turnedAway(bought, 'cancelRelease')).toBe('it has not been released');
  });

  it('retry tries what fails at once; complete ends it; abandon gives it up', async () => {
    const [first, second, third] = [await failing(), await failing(), await failing()];
    tenants.trouble = {};
    await update(first, 'retry');
    await eventually(async () => (await shown(first))?.phase === 'active');
    expect(await turnedAway(first, 'abandon')).toBe('only an order that is still being provisioned can be abandoned');
    expect(await turnedAway(first, 'complete')).toBe('nothing is failing that could be done by hand (an order query cannot)');

    tenants.trouble.before = broken;
    expect(await update(second, 'complete')).toMatchObject({ verdict: 'no', message: expect.stringContaining('withoutAccess') as string });
    expect(await update(second, 'complete', { withoutAccess: true })).toMatchObject({ verdict: 'admitted' });
    await eventually(async () => (await shown(second))?.phase === 'active');
    expect(await update(third, 'abandon', { code: '000106', message: 'sold out' })).toMatchObject({ verdict: 'admitted' });
    await eventually(async () => (await engine.market.poll(third.id)).resultCode === '000106');
    for (const bought of [first, second, third]) await noTaskFailed(bought);
  });

  it.each([
    ['abandon', { code: '000200' }, 'code must be one of 000100 to 000107'],
    ['abandon', { code: 104 }, 'code must be one of 000100 to 000107'],
    ['abandon', { message: 12 }, 'message must be 1 to 200 characters of printable ASCII'],
    ['retry', 'now', 'the input must be an object, or left out'],
    ['hold', { until: 'tomorrow' }, 'hold takes no input'],
  ] as const)('%s with %j is turned away with the reason, and stands in no history', async (kind, input, reason) => {
    const bought = await ready();
    expect(await turnedAway(bought, kind, input)).toBe(reason);
    const told = await history(bought);
    expect(told).not.toContain('workflowExecutionUpdateAccepted');
    expect((await shown(bought))?.commands).toHaveLength(1);
    await noTaskFailed(bought);
  });

  it('are one command each, however often the same update is sent', async () => {
    const bought = await ready();
    const send = () => bought.handle.executeUpdate<PersonAnswer, []>('hold', { updateId: 'the-same' });
    const answers = await Promise.all([send(), send(), send()]);
    expect(new Set(answers.map(({ message }) => message)).size).toBe(1);
    expect(await send()).toEqual(answers[0]);
    expect((await shown(bought))?.commands.filter(({ instruction }) => instruction.kind === 'hold')).toHaveLength(1);
  });

  it('work after the Cancel button, which undoes no promise', async () => {
    const bought = await ready();
    await bought.handle.cancel();
    await eventually(async () => (await bought.handle.fetchHistory()).events?.some(({ workflowExecutionCancelRequestedEventAttributes: asked }) => asked));
    expect(await update(bought, 'freeze')).toMatchObject({ verdict: 'admitted' });
    await eventually(() => Promise.resolve(tenants.tenants.get(bought.id) === 'suspended'));
    await noTaskFailed(bought);
  });

  it('leave access data that the command line gave out of history, answer, details and log', async () => {
    const bought = await failing();
    const secret = 'the-password-a-person-chose';
    const desk = { store: engine.store, bell: null, now: () => Date.now() };
    const access = JSON.stringify({ frontEndUrl: 'https://by-hand.example', userName: 'buyer-by-hand', password: secret });
    await complete(desk, bought.id, { access, sealer: createSealer(engine.config.secrets) });
    await update(bought, 'hold');
    await eventually(async () => (await shown(bought))?.phase === 'active');
    const metadata = JSON.stringify(await bought.handle.query('__temporal_workflow_metadata'));
    const told = (await history(bought)) + metadata + engine.logged.join('\n') + JSON.stringify(await shown(bought));
    expect(told).toContain('complete');
    for (const word of [secret, 'buyer-by-hand', 'by-hand.example']) expect(told).not.toContain(word);
    expect(JSON.stringify((await engine.market.poll(bought.id)).answer)).toContain(secret);
  });
});

describe('updates to a workflow that continues as new at every few events', () => {
  let engine: Engine;
  let tenants: MemoryTenants;
  const { ready, update, shown } = workbench(() => engine);

  beforeAll(async () => {
    tenants = memoryTenants();
    engine = await startEngine({ provisioners: tenants, runs: { historyLimit: 25 }, clocks: { keep: '100ms' } });
  });
  afterAll(() => engine.stop());

  const wentOn = async ({ handle }: Bought): Promise<boolean> => {
    const { raw, runId } = await handle.describe();
    return raw.workflowExecutionInfo?.firstRunId !== runId;
  };

  it('none is lost or taken twice, and what was answered stands in the mailbox', { timeout: 120_000 }, async () => {
    const bought = await ready();
    const answered: PersonAnswer[] = [];
    // Three at a time: a run takes ten unfinished ones at most.
    const one = async (index: number): Promise<void> => {
      for (let round = 0; round < 12; round += 1) answered.push(await update(bought, index === 0 ? 'retry' : index === 1 ? 'hold' : 'unhold'));
    };
    await Promise.all([one(0), one(1), one(2)]);
    expect(answered).toHaveLength(36);
    const admitted = answered.flatMap(({ verdict, message }) => (verdict === 'admitted' ? [Number(/command (\d+)/.exec(message)?.[1])] : []));
    const record = await eventually(async () => {
      const now = await shown(bought);
      return now?.commands.every(({ outcome }) => outcome !== null) && now;
    });
    expect(admitted.toSorted((a, b) => a - b)).toEqual(record.commands.slice(1).map(({ seq }) => seq));
    expect(record.commands.map(({ outcome }) => outcome)).not.toContain('failed');
    await eventually(() => wentOn(bought));
  });

  it('a life whose Cancel button was pressed goes on in the next run, and ends by its release', { timeout: 120_000 }, async () => {
    const bought = await ready();
    await bought.handle.cancel();
    for (let round = 0; round < 4; round += 1) {
      await update(bought, 'freeze');
      await eventually(() => Promise.resolve(tenants.tenants.get(bought.id) === 'suspended'));
      await update(bought, 'unfreeze');
      await eventually(() => Promise.resolve(tenants.tenants.get(bought.id) === 'open'));
    }
    await eventually(() => wentOn(bought));
    expect((await bought.handle.describe()).status.name).toBe('RUNNING');
    // The cancel is of the first run alone: here it is asked of the last.
    await bought.handle.cancel();
    await update(bought, 'release');
    await eventually(async () => (await bought.handle.describe()).status.name !== 'RUNNING');
    expect((await bought.handle.describe()).status.name).toBe('COMPLETED');
    expect(tenants.tenants.has(bought.id)).toBe(false);
  });
});
