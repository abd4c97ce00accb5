import { beforeEach, expect, it } from 'vitest';
import { apply, begin } from '../../src/lifecycle/apply.ts';
import type { Instruction } from '../../src/lifecycle/command.ts';
import { foldAll } from '../../src/lifecycle/fold.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { act, type Desk } from '../../src/operations/act.ts';
import { awaitOutcome } from '../../src/operations/await-outcome.ts';
import { complete } from '../../src/operations/complete.ts';
import { showInstance } from '../../src/operations/show-instance.ts';
import { countInstances } from '../../src/store/instances.ts';
import { commandsAfter, listCommands } from '../../src/store/mailbox.ts';
import { claimNotice, markSent } from '../../src/store/notices.ts';
import { postByPerson } from '../../src/store/post.ts';
import { getSealed, hasSealed, putSealed } from '../../src/store/sealed.ts';
import { createSealer, SealBroken } from '../../src/store/sealer.ts';
import { storeState } from '../../src/store/state.ts';
import { stateOf } from '../../src/store/state-of.ts';
import { bought, ERROR, NO, ORDER, PROVISION } from '../lifecycle/samples.ts';
import { onBoth } from '../store/databases.ts';
import { create, identity, NOW, rowOf, write } from '../store/samples.ts';
import { createFakeBell, type FakeBell } from '../support/fake-bell.ts';

const RETRY: Instruction = { kind: 'retry' };
const sealer = createSealer(['a secret of this test']);
const ACCESS = JSON.stringify({ frontEndUrl: 'https://app.example', password: 'only-for-the-buyer' });
const { id, orderLineId, orderLineKey } = identity();

onBoth('a person’s hand', (database) => {
  let bell: FakeBell;
  let desk: Desk;
  beforeEach(async () => {
    bell = createFakeBell();
    desk = { store: database.store, bell, now: () => NOW };
    await create(database.store);
  });

  /** As the workflow does: takes what waits, lets something happen, and stores. */
  const carryOn = async (happens: (state: LifeState) => LifeState = (state) => state): Promise<void> => {
    const row = await rowOf(database.store);
    const taken = foldAll(stateOf(row), await commandsAfter(database.em(), id, row.taken));
    const after = happens(taken);
    await storeState(database.em(), { ...after, version: after.version + 1 }, 'run-1', NOW);
  };
  const known = (state: LifeState): LifeState => apply(state, ORDER, bought(null), NOW);
  const failing = (state: LifeState): LifeState => apply(begin(known(state), PROVISION, NOW), PROVISION, ERROR, NOW);
  const built = (state: LifeState): LifeState => apply(begin(known(state), PROVISION, NOW), PROVISION, { end: 'done' }, NOW);
  const kinds = async (): Promise<string[]> => (await listCommands(database.em(), id)).map(({ instruction }) => instruction.kind);

  it.each([id, orderLineId, orderLineKey])('finds the instance as %s, appends to its mailbox and rings', async (name) => {
    expect(await act(desk, name, RETRY)).toEqual({ instanceId: id, orderLine: orderLineId, verdict: 'admitted', seq: 2, rung: 'rung' });
    expect(bell.rung).toEqual([orderLineKey]);
    expect(await listCommands(database.em(), id)).toMatchObject([{ seq: 1 }, { seq: 2, by: 'person', key: null, at: NOW, receivedAt: NOW, instruction: RETRY, outcome: null }]);
    expect(await rowOf(database.store)).toMatchObject({ waiting: true, lastSeq: 2 });
  });

  it('is null for an instance that is not there, and rings for nobody', async () => {
    expect(await act(desk, 'CS1-9-000001', RETRY)).toBeNull();
    expect(await complete(desk, 'CS1-9-000001', { access: ACCESS, sealer })).toBeNull();
    expect(bell.rung).toEqual([]);
  });

  it.each([['down', 'unreachable'], ['lost answer', 'unreachable']] as const)('keeps the command when the server is %s, and says so', async (mood, rung) => {
    bell.mood = mood;
    expect(await act(desk, id, RETRY)).toMatchObject({ verdict: 'admitted', seq: 2, rung });
    expect(await kinds()).toEqual(['create', 'retry']);
  });

  it('keeps the command when a ring fails for another reason, when nobody knows where Temporal is, and when the life is lost', async () => {
    bell.refuse(orderLineKey, new Error('odd'));
    expect(await act(desk, id, RETRY)).toMatchObject({ seq: 2, rung: 'left' });
    expect(await act({ ...desk, bell: null }, id, RETRY)).toMatchObject({ seq: 3, rung: 'left' });
    bell.refuse(orderLineKey, null);
    await carryOn();
    expect(await act(desk, id, RETRY)).toMatchObject({ seq: 4, rung: 'gone' });
    expect(await kinds()).toEqual(['create', 'retry', 'retry', 'retry']);
  });

  it('appends nothing for what cannot be done now, or is so already, and rings for nobody', async () => {
    await carryOn(built);
    expect(await act(desk, id, { kind: 'cancelRelease' })).toEqual({ instanceId: id, orderLine: orderLineId, verdict: 'no', message: 'it has not been released' });
    expect(await act(desk, id, { kind: 'unhold' })).toEqual({ instanceId: id, orderLine: orderLineId, verdict: 'done', carriedOut: expect.any(Boolean) });
    expect(await kinds()).toEqual(['create']);
    expect(bell.rung).toEqual([]);
  });

  it('is judged by what was promised before it, taken or not', async () => {
    await carryOn(built);
    expect(await act(desk, id, { kind: 'release', unsubscribed: false })).toMatchObject({ verdict: 'admitted' });
    expect(await act(desk, id, { kind: 'freeze' })).toMatchObject({ verdict: 'no', message: 'nothing stands that could be frozen' });
    expect(await act(desk, id, { kind: 'cancelRelease' })).toMatchObject({ verdict: 'admitted' });
    expect(await act(desk, id, { kind: 'freeze' })).toMatchObject({ verdict: 'admitted' });
  });

  it('of many at once gives each its number, and admits one that only one can have', async () => {
    const given = await database.atOnce(12, (store, index) => act({ ...desk, store }, id, index % 2 === 0 ? RETRY : { kind: 'hold' }));
    expect(given.filter((acted) => acted?.verdict === 'done')).toHaveLength(5);
    expect((await listCommands(database.em(), id)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('given twice with one key is one command, whatever the second would be judged as', async () => {
    const post = () => postByPerson(database.em(), id, { kind: 'abandon', code: '000104', message: 'no' }, NOW, { key: 'update/1' });
    expect(await post()).toEqual({ verdict: 'admitted', seq: 2 });
    expect(await post()).toEqual({ verdict: 'admitted', seq: 2 });
    expect(await kinds()).toEqual(['create', 'abandon']);
    expect(await postByPerson(database.em(), id, RETRY, NOW, { key: 'k'.repeat(300) })).toEqual({ verdict: 'admitted', seq: 3 });
  });

  it('waits until the outcome is stored, and no longer than it was told', async () => {
    const acted = await act(desk, id, { kind: 'hold' });
    expect(acted).toMatchObject({ seq: 2 });
    expect(await awaitOutcome(database.store, id, 2, 0)).toBeNull();
    const waiting = awaitOutcome(database.store, id, 2, 30_000);
    await carryOn();
    expect(await waiting).toEqual({ outcome: 'done', detail: null });
  });

  it('that comes too late fails, and the mailbox says why', async () => {
    await carryOn(known);
    expect(await act(desk, id, { kind: 'abandon', code: '000104', message: 'no' })).toMatchObject({ seq: 2 });
    // Built, but not yet stored, when the person was asked.
    const row = await rowOf(database.store);
    const late = foldAll(built(stateOf(row)), await commandsAfter(database.em(), id, row.taken));
    await storeState(database.em(), { ...late, version: late.version + 1 }, 'run-1', NOW);
    expect(await awaitOutcome(database.store, id, 2, 0)).toEqual({ outcome: 'failed', detail: 'only an order that is still being provisioned can be abandoned' });
    expect((await showInstance(database.store, id))?.commands[1]).toMatchObject({ outcome: 'failed', detail: 'only an order that is still being provisioned can be abandoned' });
  });

  it('completes a purchase with access data that are sealed before the command counts', async () => {
    await carryOn(failing);
    expect(await complete(desk, orderLineId, { access: ACCESS, sealer })).toMatchObject({ verdict: 'admitted', seq: 2 });
    expect(await getSealed(database.em(), sealer, id, 'access')).toBe(ACCESS);
    expect(JSON.stringify(await listCommands(database.em(), id))).not.toContain('only-for-the-buyer');
    await carryOn();
    expect(await rowOf(database.store)).toMatchObject({ phase: 'active', needsPerson: false });
  });

  it('completes no purchase whose buyer would get nothing, unless that is meant, or an earlier attempt has sealed something', async () => {
    await carryOn((state) => apply(begin(known(state), PROVISION, NOW), PROVISION, NO, NOW));
    expect(await complete(desk, id, 'sealed before')).toMatchObject({ verdict: 'no', message: expect.stringContaining('--access') as string });
    expect(await kinds()).toEqual(['create']);
    expect(await complete(desk, id, 'nothing')).toMatchObject({ verdict: 'admitted' });
  });

  it('completes with what an earlier attempt has sealed', async () => {
    await carryOn(failing);
    await putSealed(database.em(), sealer, id, 'access', ACCESS, NOW);
    expect(await complete(desk, id, 'sealed before')).toMatchObject({ verdict: 'admitted' });
    expect(await getSealed(database.em(), sealer, id, 'access')).toBe(ACCESS);
  });

  it('seals nothing when there is nothing to complete, and refuses a secret that the API does not have', async () => {
    expect(await complete(desk, id, { access: ACCESS, sealer })).toMatchObject({ verdict: 'no', message: 'nothing is failing that could be done by hand (an order query cannot)' });
    expect(await hasSealed(database.em(), id, 'access')).toBe(false);
    await carryOn(failing);
    await putSealed(database.em(), createSealer(['the secret of the API']), id, 'order', '{}', NOW);
    await expect(complete(desk, id, { access: ACCESS, sealer })).rejects.toThrow(SealBroken);
    expect([await hasSealed(database.em(), id, 'access'), await kinds()]).toEqual([false, ['create']]);
  });

  it('releasing what was never built leaves nothing sealed of it: no removal runs that would drop it', async () => {
    await carryOn(known);
    await putSealed(database.em(), sealer, id, 'order', 'personal', NOW);
    await act(desk, id, { kind: 'release', unsubscribed: false });
    await carryOn();
    expect(await rowOf(database.store)).toMatchObject({ phase: 'released', living: false });
    expect(await hasSealed(database.em(), id, 'order')).toBe(false);
  });

  it('sees why a person is needed and what to do, what was told, what is held, and what waits', async () => {
    await carryOn(failing);
    await act(desk, id, { kind: 'hold' });
    await carryOn((state) => ({ ...state, needsPerson: { 'effect-failing': { since: NOW, detail: 'no room' }, 'of-another-release': { since: NOW, detail: 'odd' } } as LifeState['needsPerson'] }));
    await claimNotice(database.em(), { instanceId: id, kind: 'effect-failing', instant: NOW, detail: 'no room', now: NOW + 1 });
    await markSent(database.em(), { instanceId: id, kind: 'effect-failing', instant: NOW }, NOW + 2);
    await claimNotice(database.em(), { instanceId: 'instance-2', kind: 'effect-failing', instant: NOW, detail: 'of another', now: NOW + 1 });
    const shown = await showInstance(database.store, id);
    expect(shown?.reasons).toEqual([
      { reason: 'effect-failing', since: NOW, detail: 'no room', mend: 'read the last error, mend its cause, then retry; or do it by hand and complete' },
      { reason: 'of-another-release', since: NOW, detail: 'odd', mend: 'this release does not know the reason: read its detail' },
    ]);
    expect(shown?.notices).toEqual([{ kind: 'effect-failing', instant: NOW, detail: 'no room', claimedAt: NOW + 1, sentAt: NOW + 2 }]);
    expect(shown?.state.desired.held).toBe(true);
    expect(shown?.createWindowEnds).toBe(NOW + 3 * 60 * 60_000);
  });

  it('is counted by reason: one instance with two reasons for each, one that needs nobody for none', async () => {
    const needing = (...reasons: string[]) => (state: LifeState): LifeState => ({ ...state, needsPerson: Object.fromEntries(reasons.map((reason) => [reason, { since: NOW, detail: '' }])) });
    await carryOn(needing('effect-failing', 'odd-expiry'));
    await create(database.store, '2');
    await write(database.store, '2');
    const state = needing('odd-expiry')(stateOf(await rowOf(database.store, '2')));
    await storeState(database.em(), { ...state, version: 1 }, 'run-2', NOW);
    await create(database.store, '3');
    expect(await countInstances(database.em())).toMatchObject({ needsPerson: 2, reasons: { 'effect-failing': 1, 'odd-expiry': 2 } });
  });
});
