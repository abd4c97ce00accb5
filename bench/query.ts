import { randomUUID } from 'node:crypto';
import { apply, begin } from '../src/lifecycle/apply.ts';
import type { Effect, EffectResult } from '../src/lifecycle/effect.ts';
import { currentState } from '../src/lifecycle/current.ts';
import { foldAll } from '../src/lifecycle/fold.ts';
import { next } from '../src/lifecycle/next.ts';
import { appendFirst, commandsAfter, insertInstance } from '../src/store/mailbox.ts';
import type { Store } from '../src/store/open.ts';
import { putSealed } from '../src/store/sealed.ts';
import { createSealer, type Sealer } from '../src/store/sealer.ts';
import { storeState } from '../src/store/state.ts';
import { openDoor } from './door.ts';
import type { Findings } from './report.ts';
import { inProcess, interleave, ratioOf, withProcessorTime, type Subject } from './rounds.ts';
import { newSecret, type Setting } from './setting.ts';

const INSTANCES = 1_000;
const CALLERS = [1, 32] as const;
/** The most that one queryInstance may name. */
const PER_CALL = [1, 100] as const;

const doorOf = (perCall: number): string => `queryInstance, ${perCall} ${perCall === 1 ? 'id' : 'ids'}`;
const peerOf = (perCall: number): string => `bare select of ${perCall} ${perCall === 1 ? 'row' : 'rows'}`;

/** The buyer's polling, beside a bare select of the same rows. */
export async function benchQuery(setting: Setting): Promise<Findings> {
  const { options, progress } = setting;
  const phase = (callers: number) => ({ callers, seconds: options.seconds / 2, warmUp: 0.3 });
  progress(`query: making ${INSTANCES} instances`);
  const marketplace = setting.marketplace();
  const store = await setting.store();
  const [key, sealer] = [newSecret(), createSealer([newSecret()])];
  const ids = await seed(store, sealer);
  const door = await openDoor(setting, { store, sealer, key, bell: null });
  setting.atEnd(() => door.close());

  let from = 0;
  const select = async (perCall: number): Promise<void> => {
    const asked = Array.from({ length: perCall }, (_, index) => ids[(from + index) % ids.length]);
    from += perCall;
    const sql = `select i.id, i.phase, i.state, s.text from instance i left join sealed s on s.instance_id = i.id and s.kind = 'access' where i.id in (${asked.map(() => '?').join(', ')})`;
    const rows = await store.em().getConnection().execute<unknown[]>(sql, asked, 'all');
    if (rows.length !== perCall) throw new Error(`${rows.length} rows of ${perCall}`);
  };
  const subjects = CALLERS.flatMap((callers) =>
    PER_CALL.flatMap((perCall): Subject[] => [
      { name: doorOf(perCall), callers, run: () => withProcessorTime(() => marketplace.query(door.url, key, phase(callers), ids, perCall)) },
      { name: peerOf(perCall), callers, run: () => inProcess(phase(callers), () => select(perCall)) },
    ]),
  );
  progress('query: warming up');
  for (const { run } of subjects) await run();
  const series = await interleave(subjects, options.rounds, progress);
  return {
    series,
    ratios: CALLERS.flatMap((callers) =>
      PER_CALL.map((perCall) => ({ of: doorOf(perCall), to: peerOf(perCall), callers, ratio: ratioOf(series, doorOf(perCall), peerOf(perCall), callers), aim: null })),
    ),
  };
}

/** Active instances with sealed access data, brought there by the lifecycle's own functions. */
async function seed(store: Store, sealer: Sealer): Promise<string[]> {
  const ids: string[] = [];
  for (let count = 0; count < INSTANCES; count += 1) {
    const [id, orderId, now] = [randomUUID().replaceAll('-', ''), `CS${count}`, Date.now()];
    const orderLineId = `${orderId}-000001`;
    await store.em().transactional(async (em) => {
      const row = await insertInstance(em, { id, kit: 'saas-v2', orderLineKey: `${orderId}/${orderLineId}`, orderId, orderLineId }, now);
      if (!row) throw new Error(`${orderId} exists`);
      await appendFirst(em, id, { at: now, key: null, attempt: 1, by: 'marketplace', instruction: { kind: 'create', orderId, orderLineId }, callId: null }, now);
      let state = foldAll(currentState(row.state), await commandsAfter(em, id, 0));
      for (let step = next(state, now); step.do === 'effect'; step = next(state, now)) state = apply(begin(state, step.effect, now), step.effect, done(step.effect, now), now);
      const access = { frontEndUrl: `https://crm.example.com/${id}`, adminUrl: 'https://crm.example.com/admin', userName: 'admin', password: newSecret() };
      await putSealed(em, sealer, id, 'access', JSON.stringify(access), now);
      const stored = await storeState(em, { ...state, version: row.version + 1 }, 'bench', now);
      if (!stored.stored) throw new Error(`the state of ${id} was not stored`);
    });
    ids.push(id);
  }
  return ids;
}

function done({ kind }: Effect, now: number): EffectResult {
  const plan = { skuCode: 'bench', productId: 'bench-month', quantity: 5, chargingMode: 'PERIOD', trial: false };
  return kind === 'order' ? { end: 'done', purchase: { plan, expireAt: now + 30 * 24 * 3_600_000, products: 1 } } : { end: 'done' };
}
