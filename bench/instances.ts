import { randomUUID } from 'node:crypto';
import { apply, begin } from '../src/lifecycle/apply.ts';
import type { Effect, EffectResult } from '../src/lifecycle/effect.ts';
import { currentState } from '../src/lifecycle/current.ts';
import { foldAll } from '../src/lifecycle/fold.ts';
import { next } from '../src/lifecycle/next.ts';
import { Instance, Sealed, type InstanceRow } from '../src/store/entities.ts';
import { appendFirst, commandsAfter, insertInstance, type NewInstance } from '../src/store/mailbox.ts';
import type { Store } from '../src/store/open.ts';
import { contextOf } from '../src/store/sealed.ts';
import type { Sealer } from '../src/store/sealer.ts';
import { storeState } from '../src/store/state.ts';
import { newSecret } from './setting.ts';

/** Rows of one statement: SQLite binds 32,766 values at most. */
const AT_A_TIME = 500;

/**
 * Active instances with sealed access data; gives their ids. The first is brought there by the lifecycle's and the store's own functions; the others are copies
 * of its row under ids of their own, each with access data of its own, and without commands: a query reads none.
 */
export async function makeInstances(store: Store, sealer: Sealer, count: number): Promise<string[]> {
  const first = await makeFirst(store);
  const rows: InstanceRow[] = [first];
  while (rows.length < count) {
    const { id: instanceId, orderId, orderLineId, orderLineKey } = identity(rows.length);
    rows.push({ ...first, id: instanceId, orderId, orderLineId, orderLineKey, state: { ...first.state, instanceId, orderId, orderLineId } });
  }
  for (let from = 0; from < rows.length; from += AT_A_TIME) {
    const some = rows.slice(from, from + AT_A_TIME);
    await store.em().transactional(async (em) => {
      await em.insertMany(Instance, some.filter((row) => row !== first));
      await em.insertMany(Sealed, some.map(({ id, createdAt }) => ({ instanceId: id, kind: 'access', text: sealer.seal(access(id), contextOf(id, 'access')), sealedAt: createdAt })));
    });
  }
  // PostgreSQL plans by what it knows of the tables; SQLite has nothing to learn about a primary key.
  if (store.kind === 'postgres') await store.em().getConnection().execute('analyze instance, sealed');
  return rows.map(({ id }) => id);
}

async function makeFirst(store: Store): Promise<InstanceRow> {
  const [named, now] = [identity(0), Date.now()];
  const { id, orderId, orderLineId } = named;
  return store.em().transactional(async (em) => {
    const row = await insertInstance(em, named, now);
    if (!row) throw new Error(`${orderId} exists`);
    await appendFirst(em, id, { at: now, key: null, attempt: 1, by: 'marketplace', instruction: { kind: 'create', orderId, orderLineId }, callId: null }, now);
    let state = foldAll(currentState(row.state), await commandsAfter(em, id, 0));
    for (let step = next(state, now); step.do === 'effect'; step = next(state, now)) state = apply(begin(state, step.effect, now), step.effect, done(step.effect, now), now);
    const stored = await storeState(em, { ...state, version: row.version + 1 }, 'bench', now);
    if (!stored.stored) throw new Error(`the state of ${id} was not stored`);
    const { ...plain } = await em.findOneOrFail(Instance, { id });
    return plain;
  });
}

function identity(count: number): NewInstance {
  const orderId = `CS${count}`;
  const orderLineId = `${orderId}-000001`;
  return { id: randomUUID().replaceAll('-', ''), kit: 'saas-v2', orderLineKey: `${orderId}/${orderLineId}`, orderId, orderLineId };
}

function access(id: string): string {
  return JSON.stringify({ frontEndUrl: `https://crm.example.com/${id}`, adminUrl: 'https://crm.example.com/admin', userName: 'admin', password: newSecret() });
}

function done({ kind }: Effect, now: number): EffectResult {
  const plan = { skuCode: 'bench', productId: 'bench-month', quantity: 5, chargingMode: 'PERIOD', trial: false };
  return kind === 'order' ? { end: 'done', purchase: { plan, expireAt: now + 30 * 24 * 3_600_000, products: 1 } } : { end: 'done' };
}
