import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listCalls } from '../../src/operations/list-calls.ts';
import { listInstances } from '../../src/operations/list-instances.ts';
import { listRefusals } from '../../src/operations/list-refusals.ts';
import { showCall } from '../../src/operations/show-call.ts';
import { showInstance } from '../../src/operations/show-instance.ts';
import { recordCall, recordRefusal } from '../../src/store/journal.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { putSealed } from '../../src/store/sealed.ts';
import { createSealer } from '../../src/store/sealer.ts';
import { storeState } from '../../src/store/state.ts';
import { emptyDatabase } from '../store/databases.ts';
import { callRow, create, identity, letter, nextState, NOW, write } from '../store/samples.ts';

describe('what a person can see', () => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    const empty = await emptyDatabase('sqlite');
    remove = () => empty.remove();
    store = await openStore(empty.at);
    await store.migrate();
  });
  afterEach(async () => {
    await store.close();
    await remove();
  });

  const refusal = { id: 'refused-1', receivedAt: NOW + 9, kit: 'saas-v2', resultCode: '000001', resultMsg: 'wrong signature', query: '{"nonce":"n"}', body: '{"activity":1}', mistake: null };

  it('calls as one line each, newest first, without body and signature', async () => {
    await recordCall(store.em(), callRow({ id: 'a' }));
    await recordCall(store.em(), callRow({ id: 'b', receivedAt: NOW + 1, instanceId: 'instance-1', verb: 'refreshInstance', kind: 'test', resultCode: '000003', resultMsg: 'unknown' }));
    expect(await listCalls(store, { limit: 10 })).toEqual([
      { id: 'b', receivedAt: NOW + 1, kit: 'saas-v2', verb: 'refreshInstance', kind: 'test', instanceId: 'instance-1', resultCode: '000003', resultMsg: 'unknown' },
      { id: 'a', receivedAt: NOW, kit: 'saas-v2', verb: 'newInstance', kind: 'live', instanceId: null, resultCode: '000000', resultMsg: 'success' },
    ]);
    expect((await listCalls(store, { limit: 1 })).map(({ id }) => id)).toEqual(['b']);
    expect((await listCalls(store, { limit: 10, verb: 'newInstance' })).map(({ id }) => id)).toEqual(['a']);
  });

  it('refused calls in the same shape, apart from the accepted ones, with the mistake that explains them', async () => {
    await recordCall(store.em(), callRow());
    await recordRefusal(store.em(), { ...refusal, body: '{"activity":"releaseInstance"}', mistake: 'kit-rule: what the sender did' });
    expect(await listRefusals(store, 10)).toEqual([
      { id: 'refused-1', receivedAt: NOW + 9, kit: 'saas-v2', verb: 'releaseInstance', kind: 'refused', instanceId: null, resultCode: '000001', resultMsg: 'wrong signature', mistake: 'kit-rule: what the sender did' },
    ]);
    expect(await showCall(store, 'refused-1')).toMatchObject({ mistake: 'kit-rule: what the sender did' });
    expect((await listCalls(store, { limit: 10 })).map(({ id }) => id)).toEqual(['call-1']);
  });

  it.each(['', 'not json', '{"activity":"new', '["activity"]', 'null', '{"activity":7}', '{"activity":""}', '{"activity":"two words"}', '{"activity":"\\u001b[31m"}', `{"activity":"${'n'.repeat(33)}"}`])(
    'no activity of a refused call whose body %j does not say one plainly',
    async (body) => {
      await recordRefusal(store.em(), { ...refusal, body });
      expect(await listRefusals(store, 10)).toMatchObject([{ verb: null, kind: 'refused', mistake: null }]);
    },
  );

  it('a call with everything that proves it, accepted or refused, and null for one that is not there', async () => {
    await recordCall(store.em(), callRow({ seq: 1, instanceId: 'instance-1' }));
    await recordRefusal(store.em(), refusal);
    expect({ ...(await showCall(store, 'call-1')) }).toEqual(callRow({ seq: 1, instanceId: 'instance-1' }));
    expect({ ...(await showCall(store, 'refused-1')) }).toEqual(refusal);
    expect(await showCall(store, 'call-2')).toBeNull();
  });

  it('instances newest first, with what waits and why a person is needed', async () => {
    await create(store, 'a');
    await create(store, 'b', NOW + 1);
    await write(store, 'b');
    const state = await nextState(store, { taken: 1, needsPerson: { 'unknown-product': { since: NOW, detail: 'SKU-9' }, 'stale-status': { since: NOW, detail: 'old' } } }, 'a');
    await storeState(store.em(), { ...state, desired: { ...state.desired, expireAt: NOW + 5 } }, 'run-1', NOW);
    const newest = { instanceId: 'instance-b', orderLine: 'CS1-b-000001', phase: 'creating', needsPerson: [], skuCode: null, productId: null, expireAt: null, waiting: 2, createdAt: NOW + 1, lostSince: null };
    expect(await listInstances(store, { limit: 10 })).toEqual([
      newest,
      { ...newest, instanceId: 'instance-a', orderLine: 'CS1-a-000001', needsPerson: ['unknown-product', 'stale-status'], expireAt: NOW + 5, waiting: 0, createdAt: NOW },
    ]);
    expect(await listInstances(store, { limit: 10, needsPerson: false })).toEqual([newest]);
    expect(await listInstances(store, { limit: 10, phase: 'active' })).toEqual([]);
  });

  it('an instance by each of its names, with its commands and how they ended, and null for one that is not there', async () => {
    await create(store);
    await write(store, '1', { ...letter(), by: 'person' });
    const state = await nextState(store, { taken: 1, settled: [{ seq: 1, outcome: 'done', at: NOW + 3 }] });
    await storeState(store.em(), state, 'run-1', NOW + 4);
    const { id, orderLineKey, orderLineId } = identity();
    const shown = await showInstance(store, id);
    expect(shown).toMatchObject({ instanceId: id, workflowId: `instance/${orderLineKey}`, updatedAt: NOW + 4, waiting: 1, state: { taken: 1, version: 1 } });
    expect(shown?.commands).toEqual([
      { seq: 1, at: NOW, by: 'marketplace', instruction: { kind: 'create', orderId: 'CS1-1', orderLineId }, outcome: 'done', settledAt: NOW + 3, detail: null },
      { seq: 2, at: NOW, by: 'person', instruction: { kind: 'freeze' }, outcome: null, settledAt: null, detail: null },
    ]);
    expect(await showInstance(store, orderLineKey)).toEqual(shown);
    expect(await showInstance(store, orderLineId)).toEqual(shown);
    expect(await showInstance(store, 'instance-2')).toBeNull();
  });

  it('no access data and nothing personal, anywhere', async () => {
    await create(store);
    const sealer = createSealer(['secret']);
    await putSealed(store.em(), sealer, 'instance-1', 'access', '{"password":"only-for-the-buyer"}', NOW);
    await putSealed(store.em(), sealer, 'instance-1', 'order', '{"phone":"only-for-the-seller"}', NOW);
    await recordCall(store.em(), callRow({ instanceId: 'instance-1' }));
    const shown = JSON.stringify([await listInstances(store, { limit: 10 }), await showInstance(store, 'instance-1'), await listCalls(store, { limit: 10 }), await showCall(store, 'call-1')]);
    expect(shown).toContain('instance-1');
    expect(shown).not.toContain('only-for');
  });
});
