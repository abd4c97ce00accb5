import { catchUp } from '../../src/store/behind.ts';
import { commandsAfter, FIRST_SWEEP } from '../../src/store/mailbox.ts';
import { dropSealed, putSealed } from '../../src/store/sealed.ts';
import { storeState } from '../../src/store/state.ts';
import { DEFAULT_RULES } from '../../src/lifecycle/rules.ts';
import type { EffectResult } from '../../src/lifecycle/effect.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import type { Attempting, Work } from './activities.ts';
import { checkAtRest, checkClocks } from './at-rest.ts';
import type { Bench } from './bench.ts';
import { createDesk } from './desk.ts';
import type { Ledger } from './ledger.ts';
import { createMarketplace, endOf, KEYS, type Call } from './marketplace.ts';
import type { Facts } from './model.ts';
import { createPower } from './power.ts';
import { DAY, HOUR, SECOND, START, type Moment, type Round, type Schedule, type Step } from './schedule.ts';
import { createScheduler } from './scheduler.ts';
import { createApi, reachable } from './seller.ts';
import { createTemporal } from './temporal.ts';
import { createTenants } from './tenants.ts';
import type { Wiring } from './wiring.ts';

const HEALTHY: Round = { takes: 100, how: 'done', lands: null, onAbort: 'stops', onKill: 'nothing happens' };
const PLAN = { skuCode: 'sku-1', productId: 'OFFI1', quantity: 5, chargingMode: 'PERIOD', trial: false };

/** Plays a schedule from an empty database, heals everything, and checks what has come of it. Throws Broken. */
export async function play(bench: Bench, schedule: Schedule, ledger: Ledger, wiring: Wiring = {}, tell?: (line: string) => void): Promise<void> {
  const { store, sealer, empty, rows } = bench;
  await empty();
  const scheduler = createScheduler(START, schedule.order);
  const power = createPower(scheduler);
  const marketplace = createMarketplace(sealer);
  let early: Error | null = null;
  const tenants = createTenants(scheduler, wiring, ({ instanceId, to, at }) => {
    if (to !== 'absent') return;
    try {
      desk.removed(marketplace.lines.findIndex((line) => line.instanceId === instanceId), at);
    } catch (error) {
      early ??= error instanceof Error ? error : new Error(String(error));
    }
  });
  const database = reachable(store, power);
  const stored = new Map<string, LifeState>();
  const ordered = new Set<string>();
  const rounds = [...schedule.rounds];
  let healed = false;
  let writesOn: number | null = null;
  let calls = 0;
  const sent: Call[] = [];
  let armed: { at: Moment; cut: () => void }[] = [];
  scheduler.watch((name) => {
    if (early !== null) throw early;
    const due = armed.find(({ at }) => at === name);
    armed = armed.filter((other) => other !== due);
    due?.cut();
  });

  const factsOf = (line: number): Facts => {
    const id = marketplace.lines[line]?.instanceId ?? '';
    const state = stored.get(id);
    return { tenant: state?.actual.tenant ?? 'none', refusal: state?.actual.refusal ?? null, released: state ? state.desired.released !== null : false, landed: tenants.builds(id) > 0, ordered: ordered.has(id) };
  };
  const estimate = schedule.estimate === null ? null : endOf(schedule.estimate);
  const desk = createDesk({ ledger, rows, marketplace, tenants, estimate, factsOf });

  /** The activities of `src/activities`, without Temporal's context around them. */
  const perform = async (work: Work, { instanceId, runId }: { instanceId: string; runId: string }, attempting: Attempting | null): Promise<unknown> => {
    const now = scheduler.now();
    if ('asking' in work) {
      const { asking } = work;
      if (asking.ask === 'pull') {
        await catchUp(database.em(), instanceId, asking.carried, now);
        const commands = await commandsAfter(database.em(), instanceId, asking.after);
        return wiring.pulled ? wiring.pulled(commands) : commands;
      }
      const em = database.em();
      if (wiring.storing) await wiring.storing(asking.state, bench);
      const answer = await storeState(em, asking.state, runId, asking.at);
      const [row] = await rows<{ state: string }>('select state from instance where id = ?', instanceId);
      if (row) stored.set(instanceId, JSON.parse(row.state) as LifeState);
      if (power.losesAnswer('store')) throw new Error('the answer of the database got lost');
      return answer;
    }
    const { effect } = work;
    const round = (healed ? undefined : rounds.shift()) ?? HEALTHY;
    if (!attempting) throw new Error('an effect is no local activity');
    if (effect.kind === 'order') {
      await tenants.asked(attempting, round);
      await putSealed(database.em(), sealer, instanceId, 'order', 'personal', scheduler.now());
      ordered.add(instanceId);
      const rules = wiring.rules ? wiring.rules(DEFAULT_RULES) : DEFAULT_RULES;
      return { end: 'done', purchase: { plan: PLAN, expireAt: estimate, products: 1 }, rules } satisfies EffectResult;
    }
    if (effect.kind === 'change') throw new Error('no schedule asks for a change yet');
    if (effect.kind === 'notify') return { end: 'done' } satisfies EffectResult;
    const access = await tenants.attempt({ verb: effect.kind, instanceId, suspended: effect.kind === 'provision' && effect.suspended, ...attempting }, round);
    if (effect.kind === 'provision') await putSealed(database.em(), sealer, instanceId, 'access', JSON.stringify(access), scheduler.now());
    if (effect.kind === 'remove') await dropSealed(database.em(), instanceId);
    return { end: 'done' } satisfies EffectResult;
  };

  const temporal = createTemporal({ scheduler, power, continueAfter: schedule.continueAfter, perform, writesOn: () => writesOn, wiring });
  const nextRingAt = async (): Promise<number | null> => {
    // A workflow whose worker is away has been rung for often enough.
    const enough = power.worker ? 1e9 : 3;
    const [row] = await rows<{ at: number | null }>('select min(ring_at) as at from instance where waiting = 1 and rings < ?', enough);
    return row?.at ?? null;
  };
  const apis = [0, 1].map(() => createApi({ scheduler, power, bench, bell: temporal.bell, keys: KEYS, wiring }, nextRingAt));
  const wake = (after: number): void => apis.forEach((api) => api.wake(after));
  power.onChange(() => wake(0));
  apis.forEach((api) => api.start());

  const deliver = async (call: Call, api: number): Promise<void> => {
    const callId = `call-${(calls += 1)}`;
    const now = scheduler.now();
    const unavailable = !power.database.up;
    let committed = false;
    const answer = await apis[api]?.answer(call.raw, callId, () => {
      committed = true;
      wake(FIRST_SWEEP);
    });
    tell?.(`${new Date(now).toISOString()} ${callId} ${call.body} signed ${now - call.at} ms ago → ${answer ? answer.reply.resultCode : 'no answer'}`);
    await desk.arrived({ call, callId, now, committed, reply: answer?.reply ?? null, unavailable });
  };

  const send = (call: Call, api: number, late: number, times = 1): void => {
    sent.push(call);
    scheduler.after(late, `call ${call.asked.kind}`, async () => {
      for (let time = 0; time < times; time += 1) await deliver(call, (api + time) % 2);
    });
  };

  const take = (step: Step): void => {
    const now = scheduler.now();
    switch (step.do) {
      case 'call': {
        const call = marketplace.call(step.line, step.asked, step.probe, now);
        send(call, step.api, step.late);
        // The marketplace repeats what it heard no answer to.
        if (step.lost) scheduler.after(step.late + 5 * SECOND, 'the marketplace repeats', () => send(marketplace.anew(call, scheduler.now()), step.api, 0));
        break;
      }
      case 'repeat': {
        const call = sent.at(-1 - step.of);
        if (!call) break;
        const again = { 'same bytes': () => call, 'same bytes twice at once': () => call, 'new nonce': () => marketplace.anew(call, now), 'other bytes': () => marketplace.altered(call, now), forged: () => marketplace.forged(call, now) }[step.how]();
        send(again, step.api, step.late, step.how === 'same bytes twice at once' ? 2 : 1);
        break;
      }
      case 'kill api':
        apis[step.api]?.kill(step.point);
        scheduler.after(step.for, 'api starts', () => {
          apis[step.api]?.kill('now');
          apis[step.api]?.start();
        });
        break;
      case 'kill worker':
      case 'down': {
        const what = step.do === 'down' ? step.what : 'worker';
        const cut = (): void => {
          if (step.do === 'kill worker') writesOn = step.writesOn;
          power.cut(what);
          scheduler.after(step.for, `${what} is back`, () => power.restore(what));
        };
        if (step.at === 'now') cut();
        else armed.push({ at: step.at, cut });
        break;
      }
      case 'lose answers':
        power.loseAnswers(step.of, step.count);
        break;
    }
  };

  const heal = (): void => {
    healed = true;
    armed = [];
    power.loseAnswers('ring', 0);
    power.loseAnswers('store', 0);
    power.restore('database');
    power.restore('temporal');
    power.restore('worker');
    for (const api of apis) {
      api.kill('now');
      api.start();
    }
  };

  try {
    for (const step of schedule.steps) {
      await scheduler.runTo(scheduler.now() + step.after);
      take(step);
    }
    await scheduler.runTo(scheduler.now() + 2 * HOUR);
    heal();
    await scheduler.runTo(scheduler.now() + 2 * HOUR);
    const scene = { ledger, desk, marketplace, tenants, temporal, power, scheduler, rows, factsOf, estimate };
    await checkAtRest(scene);
    await checkClocks(scene);
    await scheduler.runTo(scheduler.now() + 31 * DAY);
    await checkAtRest(scene);
  } catch (error) {
    if (tell) for (const { at, name } of scheduler.trace.slice(-400)) tell(`${new Date(at).toISOString()} ${name}`);
    throw error;
  }
}
