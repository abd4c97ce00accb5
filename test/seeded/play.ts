import { instructionOf } from '../../src/lifecycle/person-input.ts';
import type { LifeState } from '../../src/lifecycle/state.ts';
import { append, FIRST_SWEEP, lockInstance } from '../../src/store/mailbox.ts';
import { postByPerson } from '../../src/store/post.ts';
import { tellUnheard } from '../../src/store/unheard.ts';
import { checkAtRest, checkClocks } from './at-rest.ts';
import type { Bench } from './bench.ts';
import { createDesk } from './desk.ts';
import type { Ledger } from './ledger.ts';
import { createMarketplace, endOf, KEYS, type Call } from './marketplace.ts';
import type { Facts } from './model.ts';
import { createPeople } from './notices.ts';
import { createPerform } from './perform.ts';
import { createPower } from './power.ts';
import { DAY, HOUR, SECOND, START, type ByHand, type Moment, type Round, type Schedule, type Step } from './schedule.ts';
import { createScheduler } from './scheduler.ts';
import { createApi, reachable } from './seller.ts';
import { createTemporal } from './temporal.ts';
import { createTenants } from './tenants.ts';
import type { Wiring } from './wiring.ts';

const HEALTHY: Round = { takes: 100, how: 'done', lands: null, onAbort: 'stops', onKill: 'nothing happens' };

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
  const changes = [...schedule.changes];
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
    return { tenant: state?.actual.tenant ?? 'none', refusal: state?.actual.refusal ?? null, released: state ? state.desired.released !== null : false, ordered: ordered.has(id), lapsed: state?.needsPerson['create-window-over'] !== undefined };
  };
  const estimate = schedule.estimate === null ? null : endOf(schedule.estimate);
  const desk = createDesk({ ledger, rows, marketplace, tenants, estimate, factsOf });

  const people = createPeople(scheduler, ledger, (instanceId, instant) => desk.isEnd(marketplace.lines.findIndex((line) => line.instanceId === instanceId), instant));
  const perform = createPerform({
    scheduler,
    power,
    bench,
    database,
    tenants,
    people,
    wiring,
    estimate,
    round: (kind) => (healed ? undefined : (kind === 'change' ? changes : rounds).shift()) ?? HEALTHY,
    stored: (instanceId, state) => stored.set(instanceId, state),
    ordered: (instanceId) => ordered.add(instanceId),
  });

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

  const caught = (error: unknown): void => {
    early ??= error instanceof Error ? error : new Error(String(error));
  };
  /** Until the call is answered, or waits for what it has brought about: time goes on meanwhile. */
  const deliver = async (call: Call, api: number): Promise<void> => {
    const callId = `call-${(calls += 1)}`;
    const now = scheduler.now();
    const unavailable = !power.database.up;
    const before = await desk.before(call, now);
    const { promise: waits, resolve: wait } = Promise.withResolvers<void>();
    let committed = false;
    const serve = async (): Promise<void> => {
      const answer = await apis[api]?.answer(call.raw, callId, {
        committed() {
          committed = true;
          desk.committed(call, now);
          wake(FIRST_SWEEP);
        },
        wait,
      });
      tell?.(`${new Date(now).toISOString()} ${callId} ${call.body} signed ${now - call.at} ms ago → ${answer ? answer.reply.resultCode : 'no answer'} at ${new Date(scheduler.now()).toISOString()}`);
      await desk.arrived({ call, callId, now, committed, reply: answer?.reply ?? null, unavailable, before });
    };
    await Promise.race([serve().catch(caught), waits]);
  };

  const byPerson = async (line: number, does: ByHand): Promise<void> => {
    const id = marketplace.lines[line]?.instanceId ?? '';
    if (!power.database.up) return;
    const now = scheduler.now();
    const { verdict } = await postByPerson(database.em(), id, instructionOf(does), now);
    tell?.(`${new Date(now).toISOString()} a person: ${does} line ${line} → ${verdict}`);
    desk.person(line, does, verdict, now);
    wake(FIRST_SWEEP);
  };

  const sweeperTells = async (line: number): Promise<void> => {
    const id = marketplace.lines[line]?.instanceId ?? '';
    const now = scheduler.now();
    if (!power.database.up) return;
    await tellUnheard(database.em(), now);
    await database.em().transactional(async (em) => {
      const row = await lockInstance(em, { id });
      const instruction = { kind: 'tell', reason: 'store-behind', detail: 'told by the schedule' } as const;
      if (row?.living) await append(em, row, { at: now, key: null, attempt: 1, by: 'sweeper', instruction, callId: null }, now);
    });
    wake(FIRST_SWEEP);
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
      case 'person':
        scheduler.after(0, `a person: ${step.does}`, () => byPerson(step.line, step.does));
        break;
      case 'tell':
        scheduler.after(0, 'the sweeper tells', () => sweeperTells(step.line));
        break;
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
    const scene = { ledger, desk, marketplace, tenants, people, temporal, power, scheduler, rows, factsOf, estimate };
    await checkAtRest(scene);
    await checkClocks(scene);
    await scheduler.runTo(scheduler.now() + 31 * DAY);
    await checkAtRest(scene);
  } catch (error) {
    if (tell) for (const { at, name } of scheduler.trace.slice(-400)) tell(`${new Date(at).toISOString()} ${name}`);
    throw error;
  }
}
