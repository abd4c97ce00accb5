import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutcomes } from '../../src/api/outcomes.ts';
import { MailboxCommand } from '../../src/store/entities.ts';
import { appendFirst, insertInstance } from '../../src/store/mailbox.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { freshLine } from './bodies.ts';
import { DATABASES, type TestDatabase } from './databases.ts';

const NOW = 1_767_225_600_000;
/** Longer than any test waits: what ends it is the outcome. */
const PATIENT = 50_000;

describe.each(DATABASES)('waiting for outcomes, on $name', ({ open }) => {
  let on: TestDatabase;
  let store: Store;
  let questions = 0;

  beforeAll(async () => {
    on = await open();
    store = await openStore(on.database);
    await store.migrate();
  });
  afterAll(async () => {
    await store.close();
    await on.drop();
  });

  /** An instance whose first command waits. */
  const waiting = async (): Promise<string> => {
    const line = freshLine();
    const id = `i-${line.orderId}`;
    await insertInstance(store.em(), { id, kit: 'saas-v2', orderLineKey: line.orderLineId, ...line }, NOW);
    await appendFirst(store.em(), id, { at: NOW, key: null, attempt: 1, by: 'marketplace', instruction: { kind: 'freeze' }, callId: null }, NOW);
    return id;
  };
  const settle = async (id: string, outcome: 'done' | 'failed' | 'superseded', detail: string | null = null): Promise<void> => {
    await store.em().nativeUpdate(MailboxCommand, { instanceId: id, seq: 1 }, { outcome, detail, settledAt: NOW });
  };
  const counted = { em: () => ((questions += 1), store.em()) };

  it.each([
    ['done', null],
    ['failed', 'too small'],
    ['superseded', null],
  ] as const)('answers %s with its detail, whether it comes before or after the question', async (outcome, detail) => {
    const id = await waiting();
    const outcomes = createOutcomes(store);
    const before = outcomes.wait(id, 1, PATIENT);
    await settle(id, outcome, detail);
    expect(await before).toEqual({ outcome, detail });
    expect(await outcomes.wait(id, 1, PATIENT)).toEqual({ outcome, detail });
  });

  it('answers null when nothing was settled in time, also for what is not there', async () => {
    const outcomes = createOutcomes(store);
    expect(await Promise.all([outcomes.wait(await waiting(), 1, 10), outcomes.wait('nobody', 1, 10)])).toEqual([null, null]);
    expect(await outcomes.wait(await waiting(), 1, 0)).toBeNull();
  });

  it('asks once for all who wait, each hears its own, and asks nothing once nobody waits', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, waiting));
    const outcomes = createOutcomes(counted);
    questions = 0;
    const told = Promise.all(ids.map((id) => outcomes.wait(id, 1, PATIENT)));
    await new Promise((resolve) => setTimeout(resolve, 250));
    const rounds = questions;
    for (const [index, id] of ids.entries()) await settle(id, index % 2 === 0 ? 'done' : 'failed', `number ${index}`);
    expect(await told).toEqual(ids.map((_, index) => ({ outcome: index % 2 === 0 ? 'done' : 'failed', detail: `number ${index}` })));
    // One statement a round, not one for each who waits.
    expect(rounds).toBeLessThan(ids.length);
    const after = questions;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(questions).toBe(after);
    // And begins anew for the next one.
    expect(await outcomes.wait(ids[0] ?? '', 1, PATIENT)).toMatchObject({ outcome: 'done' });
  });

  it('rejects for all who wait when the database cannot be read, and works again afterwards', async () => {
    const id = await waiting();
    await settle(id, 'done');
    let broken = true;
    const outcomes = createOutcomes({
      em: () => {
        if (broken) throw new Error('no database');
        return store.em();
      },
    });
    const failed = await Promise.allSettled([outcomes.wait(id, 1, PATIENT), outcomes.wait(id, 1, PATIENT)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    broken = false;
    expect(await outcomes.wait(id, 1, PATIENT)).toEqual({ outcome: 'done', detail: null });
  });
});
