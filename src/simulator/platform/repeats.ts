import type { Activity } from '../../marketplace/saas-v2/verbs.ts';
import { noteAccepted } from '../actions/accepted.ts';
import type { Play } from '../actions/play.ts';
import { accessOf } from '../actions/query.ts';
import { jsonObject, type Call } from '../call.ts';
import { newBusinessId } from '../ids.ts';
import type { Members } from '../request.ts';
import { RETRY_PLANS } from '../retry-plans.ts';
import { matterKey, pollingKey, type Matter, type Matters } from './matters.ts';

export interface RepeatsOptions {
  readonly play: Play;
  readonly matters: Matters;
  readonly speed: number;
  /** The plan is over and the seller has never accepted. */
  readonly exhausted: (matter: Matter) => Promise<void>;
  /** An instance's access data have come. */
  readonly ready: (matter: Matter) => Promise<void>;
}

export interface Repeats {
  /** Told of every live call once it is answered: plans its repeats, or ends them. */
  observe(call: Call): Promise<void>;
  /** Sends what is due of this matter once. */
  carryOut(matter: Matter): Promise<void>;
}

/** Repeats failed calls by their plans and polls after a create (saas.md §6.2, §6.4). */
export function createRepeats({ play, matters, speed, exhausted, ready }: RepeatsOptions): Repeats {
  const { books, send, now, random } = play;

  async function observe(call: Call): Promise<void> {
    const { verb, orderId, instanceId, verdict, at } = call;
    const key = matterKey(verb, orderId, instanceId);
    const purchaseId = key === null ? null : await purchaseOf(orderId, instanceId);
    if (key === null || purchaseId === null) return;
    if (verdict.ok) {
      await matters.close(key);
      if (verb === 'newInstance') await beginPolling(purchaseId, at);
      return;
    }
    const members = jsonObject(call.body) ?? {};
    const known = await matters.find(key);
    // A freeze after an unfreeze, or the other way round, is another matter with the same key.
    if (known !== null && known.members['status'] === members['status']) return matters.note(key, { reason: verdict.reason });
    const activity = verb as Activity;
    await matters.open({ key, verb: activity, members, orderId, instanceId, purchaseId, since: at, tries: 0, dueAt: dueAfter(activity, at, 0), reason: verdict.reason });
  }

  async function purchaseOf(orderId: string | null, instanceId: string | null): Promise<string | null> {
    const order = orderId === null ? null : await books.find(orderId);
    return order?.purchaseId ?? (instanceId === null ? null : ((await books.purchaseOf(instanceId))?.purchaseId ?? null));
  }

  async function beginPolling(purchaseId: string, at: number): Promise<void> {
    const key = pollingKey(purchaseId);
    const { status } = await books.asset(await books.order(purchaseId));
    // After 000000 too the query comes once, for the access data (saas.md §6.4).
    if (status === 'released' || status === 'frozen' || (await matters.find(key)) !== null) return;
    await matters.open({ key, verb: 'queryInstance', members: {}, orderId: purchaseId, instanceId: null, purchaseId, since: at, tries: 0, dueAt: dueAfter('queryInstance', at, 0), reason: 'not ready yet' });
  }

  /** UTC ms of the repeat number `tries` + 1; null when the plan has no more. */
  function dueAfter(verb: Activity, since: number, tries: number): number | null {
    const [{ every, during }] = RETRY_PLANS[verb];
    const after = every * (tries + 1);
    return every === 0 || after > during ? null : Math.ceil(since + after / speed);
  }

  async function carryOut(matter: Matter): Promise<void> {
    const { key, verb, since, tries } = matter;
    await matters.note(key, { tries: tries + 1, dueAt: dueAfter(verb, since, tries + 1) });
    if (verb === 'queryInstance') await poll(matter);
    else await repeat(matter);
    const left = await matters.find(key);
    if (left !== null && left.dueAt === null) await exhausted(left);
  }

  async function repeat({ verb, members }: Matter): Promise<void> {
    // A businessId of its own for every create call, repeats included (saas.md §3.2).
    const fresh: Members = verb === 'newInstance' && members['businessId'] !== undefined ? { ...members, businessId: newBusinessId(random) } : members;
    const call = await send({ body: fresh });
    if (call.verdict.ok) await noteAccepted(books, call);
  }

  async function poll(matter: Matter): Promise<void> {
    const { key, purchaseId, since } = matter;
    const order = await books.order(purchaseId);
    const { instanceId, status } = await books.asset(order);
    if (instanceId === null) return;
    const call = await send({ body: { activity: 'queryInstance', instanceId } });
    if (accessOf(call, instanceId) === null) {
      const reason = call.verdict.ok ? `queryInstance answers ${call.resultCode ?? 'no code'}` : call.verdict.reason;
      return matters.note(key, { reason });
    }
    await matters.close(key);
    if (status === 'ordered') await books.note(purchaseId, { status: 'active' });
    await ready({ ...matter, instanceId, since: now() - since });
  }

  return { observe, carryOut };
}
