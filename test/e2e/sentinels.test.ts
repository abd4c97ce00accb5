import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { workflowIdOf } from '../../src/delivery/temporal-bell.ts';
import { act } from '../../src/operations/act.ts';
import { showInstance, type InstanceRecord } from '../../src/operations/show-instance.ts';
import type { SentinelSku } from '../../src/provisioners/sentinels/sentinels.ts';
import { withSentinels } from '../../src/provisioners/sentinels/with-sentinels.ts';
import { tenantPath } from '../../src/provisioners/sqlite-tenant/tenant-file.ts';
import { sqliteTenant } from '../../src/provisioners/sqlite-tenant/sqlite-tenant.ts';
import type { Order } from '../../src/simulator/books.ts';
import { eventually, startEngine, type Engine } from '../support/engine.ts';
import { fastForward } from '../../src/rehearsal/time-skipping.ts';

const PACE = { every: 100, limit: 30_000 } as const;
/** The loop's back-off before the second and the third round (architecture §3), ms. */
const BACK_OFFS = [30_000, 60_000] as const;

interface Bought {
  readonly order: Order;
  readonly instanceId: string;
}

/** As `serve` has it without a configuration file: every SKU is served by the demo app's provisioner. */
describe('a sentinel SKU, bought', { timeout: 180_000 }, () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ clocks: { keep: '100ms' } });
  });
  afterAll(() => engine.stop());

  const buy = async (skuCode: SentinelSku, at = engine): Promise<Bought> => {
    const { order, call } = await at.market.buy({ skuCode, productId: 'any' });
    expect(call.resultCode).toBe('000004');
    return { order, instanceId: String(call.answer?.['instanceId']) };
  };
  const until = (instanceId: string, as: (record: InstanceRecord) => boolean, at = engine): Promise<InstanceRecord> =>
    eventually(async () => {
      const record = await showInstance(at.store, instanceId);
      return record !== null && as(record) && record;
    });
  const needs = ({ reasons }: InstanceRecord): string[] => reasons.map(({ reason }) => reason);
  const asked = async (instanceId: string, at = engine): Promise<string | null> => (await at.market.poll(instanceId)).resultCode;
  const handleOf = ({ orderId, orderLineId }: Order, at = engine) => at.temporal.client.workflow.getHandle(workflowIdOf(`${orderId}/${orderLineId}`));
  const retry = (instanceId: string) => act({ store: engine.store, bell: null, now: () => Date.now() }, instanceId, { kind: 'retry' });
  const stands = (instanceId: string): boolean => existsSync(tenantPath(engine.tenants, instanceId));

  it('fail-once and loses-answer: served a little later, with one tenant, and nobody is needed', async () => {
    for (const sku of ['kookeeper-fail-once', 'kookeeper-loses-answer'] as const) {
      const { order, instanceId } = await buy(sku);
      expect((await engine.market.untilReady(order, PACE)).frontEndUrl).toContain(instanceId);
      const record = await until(instanceId, ({ phase }) => phase === 'active');
      expect([needs(record), record.state.trouble, stands(instanceId)]).toEqual([[], null, true]);
      const { events } = await handleOf(order).fetchHistory();
      const attempts = (events ?? []).map(({ activityTaskStartedEventAttributes }) => activityTaskStartedEventAttributes?.attempt ?? 0);
      expect(Math.max(...attempts)).toBe(2);
    }
  });

  it('fail-round: the error and the next try can be seen, and a person who retries does not wait for it', async () => {
    const { order, instanceId } = await buy('kookeeper-fail-round');
    const { state } = await until(instanceId, (record) => record.state.trouble !== null);
    expect(state.trouble).toMatchObject({ effect: 'provision', rounds: 1, code: 'SENTINEL', message: expect.stringContaining('kookeeper-fail-round') });
    expect(state.trouble?.nextTryAt).toBeGreaterThan(Number(state.trouble?.since));
    expect(await asked(instanceId)).toBe('000004');
    await retry(instanceId);
    await engine.market.untilReady(order, PACE);
    expect((await until(instanceId, ({ phase }) => phase === 'active')).state.trouble).toBeNull();
  });

  it('fail-always: a person is needed after three rounds, and again when the window is over; abandoned, the marketplace is told', async () => {
    const { order, instanceId } = await buy('kookeeper-fail-always');
    for (const [rounds, backOff] of BACK_OFFS.entries()) {
      await until(instanceId, ({ state }) => state.trouble?.rounds === rounds + 1);
      await fastForward(handleOf(order), backOff);
    }
    expect(needs(await until(instanceId, ({ state }) => state.trouble?.rounds === 3))).toEqual(['effect-failing']);
    expect(await asked(instanceId)).toBe('000004');
    await fastForward(handleOf(order), 3 * 60 * 60_000);
    expect(needs(await until(instanceId, (record) => needs(record).includes('create-window-over')))).toContain('create-window-over');
    await act({ store: engine.store, bell: null, now: () => Date.now() }, instanceId, { kind: 'abandon', code: '000104', message: 'given up' });
    await until(instanceId, ({ phase }) => phase === 'failed');
    expect([await asked(instanceId), (await engine.market.create(order)).resultCode, stands(instanceId)]).toEqual(['000104', '000104', false]);
  });

  it('refuse: the marketplace hears the code on the query and on the repeat, and a person why', async () => {
    const { order, instanceId } = await buy('kookeeper-refuse');
    const record = await until(instanceId, ({ phase }) => phase === 'failed');
    expect([needs(record), record.state.actual.refusal?.code]).toEqual([['provision-refused'], '000106']);
    expect([await asked(instanceId), (await engine.market.create(order)).resultCode]).toEqual(['000106', '000106']);
  });

  it('never-finishes: nothing but 000004, until a person is needed; the release cuts it off and leaves nothing', async () => {
    const impatient = await startEngine({ clocks: { keep: '100ms', createWindow: '3s' } });
    onTestFinished(() => impatient.stop());
    const { order, instanceId } = await buy('kookeeper-never-finishes', impatient);
    const record = await until(instanceId, (shown) => needs(shown).includes('create-window-over'), impatient);
    expect([record.phase, record.state.actual.tenant, await asked(instanceId, impatient)]).toEqual(['creating', 'maybe', '000004']);
    expect((await impatient.market.release(instanceId, { unsubscribe: true })).resultCode).toBe('000000');
    await eventually(async () => (await handleOf(order, impatient).describe()).status.name === 'COMPLETED');
    expect([await asked(instanceId, impatient), existsSync(tenantPath(impatient.tenants, instanceId))]).toEqual(['000003', false]);
  });

  it('slow: 000004 for as long as it takes, then the access data, and nobody is needed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kookeeper-slow-'));
    const { promise: built, resolve: build } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const provisioner = withSentinels(sqliteTenant({ folder, publicUrl: 'http://localhost:1' }), { folder, wait: () => (begin(), built) });
    const patient = await startEngine({ provisioners: { of: () => provisioner, close: () => provisioner.close() } });
    onTestFinished(async () => {
      build();
      await patient.stop();
      await rm(folder, { recursive: true });
    });
    const { order, instanceId } = await buy('kookeeper-slow', patient);
    await begun;
    expect(await asked(instanceId, patient)).toBe('000004');
    build();
    await patient.market.untilReady(order, PACE);
    expect(needs(await until(instanceId, ({ phase }) => phase === 'active', patient))).toEqual([]);
  });

  it('bought as an upgrade strikes the change: the buyer’s size is kept, and the caller hears of it', async () => {
    const { order } = await engine.market.buy({ skuCode: 'plain', productId: 'any' });
    await engine.market.untilReady(order, PACE);
    const { order: upgrade } = await engine.market.upgrade(order, { skuCode: 'kookeeper-refuse' });
    const { resultCode, answer } = await eventually(async () => {
      const call = await engine.market.again(upgrade);
      return String(call.answer?.['resultMsg']).includes('asks to be refused') && call;
    });
    expect([resultCode, answer?.['resultMsg']]).toEqual(['000005', 'the SKU kookeeper-refuse asks to be refused']);
    expect((await until((await engine.market.asset(order)).instanceId ?? '', ({ state }) => state.desired.orders.length === 0)).state.actual.plan?.skuCode).toBe('plain');
  });

  it('is an SKU like any other where products are listed: nothing in a seller’s own catalogue can be struck', async () => {
    const listed = await startEngine({ products: [{ skuCode: 'kookeeper-refuse', provisioner: { kind: 'sqlite-tenant' } }] });
    onTestFinished(() => listed.stop());
    const { order, instanceId } = await buy('kookeeper-refuse', listed);
    await listed.market.untilReady(order, PACE);
    expect((await until(instanceId, ({ phase }) => phase === 'active', listed)).reasons).toEqual([]);
  });
});
