import type { Command, CommandOutcome, Instruction } from '../../src/lifecycle/command.ts';
import { foldAll } from '../../src/lifecycle/fold.ts';
import { judge, type Judgement } from '../../src/lifecycle/judge.ts';
import type { Purchase } from '../../src/lifecycle/plan.ts';
import { DEFAULT_RULES, type Rules } from '../../src/lifecycle/rules.ts';
import { runLife, type Doorbell, type LifeCore } from '../../src/lifecycle/run-life.ts';
import { newLife, type LifeState } from '../../src/lifecycle/state.ts';
import { DAY, IDENTITY, NOW, PLAN } from './samples.ts';
import { simulatedClock, type SimulatedClock } from './simulated-clock.ts';
import { simulatedTenant, type Rounds, type SimulatedTenant } from './simulated-tenant.ts';

export interface SimulationOptions {
  readonly seed?: number;
  readonly start?: number;
  readonly rules?: Partial<Rules>;
  readonly purchase?: Partial<Purchase>;
  readonly rounds?: Rounds;
  /** A run continues as new after so many turns of the loop; at least 2, for a fresh run never has to. */
  readonly continueAfter?: number;
  /** How long one pull or store takes, ms. Default 0: within the instant. */
  readonly pullTakes?: number;
  readonly storeTakes?: number;
  /** Whether the store answers now: `down` rejects, `lost` stores and rejects. */
  readonly store?: (now: number, nth: number) => 'up' | 'down' | 'lost';
}

/** `ring`: at once, never, twice, or so many ms late. */
export interface Sending {
  readonly ring?: 'once' | 'lost' | 'twice' | number;
  /** The command's own instant; default now. */
  readonly at?: number;
  readonly by?: Command['by'];
}

export interface Simulation {
  readonly clock: SimulatedClock;
  readonly tenant: SimulatedTenant;
  readonly mailbox: readonly Command[];
  readonly outcomes: ReadonlyMap<number, CommandOutcome>;
  /** Every state that people were shown, at its instant. */
  readonly shown: readonly { readonly at: number; readonly state: LifeState }[];
  /** What ended the runs: `closed`, or one `continue` after another. */
  readonly runs: readonly string[];
  readonly stores: number;
  state(): LifeState;
  stored(): LifeState;
  isClosed(): boolean;
  /** Appends to the mailbox without asking the door. */
  append(instruction: Instruction, sending?: Sending): Command;
  /** The door: judges by what is stored and what waits, appends what is admitted, rings. */
  call(instruction: Instruction, sending?: Sending): Judgement;
  ring(): void;
  /** Drops the run under way and starts one from an older state, as a reset of the workflow does. */
  resetTo(state: LifeState): void;
}

/** One instance with its mailbox, store, tenant and workflow, on a simulated clock. Starts its first run at once. */
export function simulate(options: SimulationOptions = {}): Simulation {
  const { start = NOW, seed = 1, pullTakes = 0, storeTakes = 0, continueAfter = Infinity } = options;
  const clock = simulatedClock(start, seed);
  const tenant = simulatedTenant(clock, { plan: PLAN, expireAt: start + 365 * DAY, products: 1, ...options.purchase }, options.rounds ?? {});
  const first = newLife(IDENTITY, { ...DEFAULT_RULES, ...options.rules });
  const mailbox: Command[] = [];
  const outcomes = new Map<number, CommandOutcome>();
  const shown: { at: number; state: LifeState }[] = [];
  const runs: string[] = [];
  let row = { state: first, runId: 0 };
  let runId = 0;
  let stores = 0;
  let shownState = first;
  let bell: Doorbell = { rung: false };
  let broken: Error | null = null;

  function coreOf(id: number): LifeCore {
    const alive = (): boolean => id === runId && broken === null;
    const pause = (ms: number): Promise<void> => clock.until(() => false, clock.now() + ms, alive);
    let turns = 0;
    return {
      now: clock.now,
      until: (predicate, at) => clock.until(predicate, at, alive),
      async pull(after) {
        await pause(pullTakes / 2);
        const read = mailbox.filter(({ seq }) => seq > after);
        await pause(pullTakes / 2);
        turns++;
        return read;
      },
      effect: (effect) => tenant.effect(effect, alive),
      async store(state) {
        // As over the wire: what is sent is a copy of that moment.
        const sent = structuredClone(state);
        await pause(storeTakes);
        const answers = options.store?.(clock.now(), stores) ?? 'up';
        stores++;
        if (answers === 'down') throw new Error('the store cannot be reached');
        const answer = storeIn(sent, id);
        if (answers === 'lost') throw new Error('the answer of the store got lost');
        return answer;
      },
      show(state) {
        shownState = state;
        shown.push({ at: clock.now(), state });
      },
      mustContinue: () => turns >= continueAfter,
    };
  }

  /** The rule of the store: only a newer version goes in, and the same version of the same run is known already. */
  function storeIn(state: LifeState, id: number): Awaited<ReturnType<LifeCore['store']>> {
    if (state.version > row.state.version) {
      row = { state: { ...state, settled: [] }, runId: id };
      for (const { seq, outcome } of state.settled) outcomes.set(seq, outcome);
      return { stored: true };
    }
    if (state.version === row.state.version && row.runId === id) return { stored: true };
    return { stored: false, ahead: row.state };
  }

  function begin(carried: LifeState): void {
    const id = ++runId;
    bell = { rung: false };
    shownState = carried;
    runLife(coreOf(id), bell, structuredClone(carried)).then(
      (ended) => {
        if (id !== runId) return;
        runs.push(ended.end);
        if (ended.end === 'continue') begin(ended.state);
      },
      (error: unknown) => {
        broken = error instanceof Error ? error : new Error(String(error));
      },
    );
  }

  const ring = (): void => {
    bell.rung = true;
  };

  function append(instruction: Instruction, { ring: rings = 'once', at = clock.now(), by = 'marketplace' }: Sending = {}): Command {
    const command: Command = { seq: mailbox.length + 1, at, receivedAt: clock.now(), key: null, attempt: 1, by, instruction };
    mailbox.push(command);
    if (typeof rings === 'number') clock.at(clock.now() + rings, ring);
    else for (let left = { once: 1, lost: 0, twice: 2 }[rings]; left > 0; left--) clock.at(clock.now(), ring);
    return command;
  }

  begin(first);
  return {
    clock: {
      ...clock,
      async runTo(instant) {
        await clock.runTo(instant);
        if (broken) throw broken;
      },
      async runUntil(predicate, limit) {
        await clock.runUntil(() => broken !== null || predicate(), limit);
        if (broken) throw broken;
      },
    },
    tenant,
    mailbox,
    outcomes,
    shown,
    runs,
    get stores() {
      return stores;
    },
    state: () => shownState,
    stored: () => row.state,
    isClosed: () => runs.at(-1) === 'closed',
    append,
    call(instruction, sending = {}) {
      const { at = clock.now(), by = 'marketplace' } = sending;
      if (instruction.kind === 'create' && mailbox.length === 0) {
        append(instruction, sending);
        return { verdict: 'admit' };
      }
      const judgement = judge(foldAll(row.state, mailbox), instruction, at, clock.now(), by);
      if (judgement.verdict === 'admit') append(instruction, sending);
      return judgement;
    },
    ring,
    resetTo(state) {
      begin(state);
    },
  };
}
