import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Command, Instruction } from '../../src/lifecycle/command.ts';
import type { Effect, EffectResult } from '../../src/lifecycle/effect.ts';
import { phaseOf } from '../../src/lifecycle/phase.ts';
import { answered, CREATE, CUT_OFF, DAY, ERROR, FREEZE, HOUR, IDENTITY, NO, NOW, PLAN, RELEASE, RELEASE_UNNAMED, renew, renewChange, shorten, UNFREEZE, upgrade } from './samples.ts';
import { randomFrom } from './simulated-clock.ts';
import { simulate, type Sending, type Simulation } from './simulated-core.ts';
import type { Round } from './simulated-tenant.ts';

// On a busy machine hundreds of lives take longer than one test is usually given.
vi.setConfig({ testTimeout: 120_000 });

/** One thing that comes to the door, `after` the one before it, all in ms. `skew`: signed so long before it arrives. */
interface Step {
  readonly instruction: Instruction;
  readonly after: number;
  readonly skew: number;
  readonly ring: NonNullable<Sending['ring']>;
  readonly by: Command['by'];
  readonly twice: boolean;
}

const ends = fc.integer({ min: -5, max: 400 }).map((days) => NOW + days * DAY);
const instruction: fc.Arbitrary<Instruction> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(FREEZE, UNFREEZE) },
  { weight: 2, arbitrary: ends.map((end) => renew(end)) },
  { weight: 2, arbitrary: fc.oneof(fc.integer({ min: 2, max: 9 }).map((order) => upgrade(order)), fc.tuple(ends, fc.integer({ min: 2, max: 9 })).map(([end, order]) => renewChange(end, order))) },
  { weight: 1, arbitrary: fc.oneof(fc.constantFrom(CREATE, RELEASE, RELEASE_UNNAMED), ends.map(shorten), ends.map((end) => renew(end, { formal: true }))) },
);
const step: fc.Arbitrary<Step> = fc.record({
  instruction,
  after: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 5 * DAY })),
  skew: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12_000 })),
  ring: fc.oneof(fc.constantFrom<'once' | 'lost' | 'twice'>('once', 'lost', 'twice'), fc.integer({ min: 1, max: 60_000 })),
  by: fc.constantFrom('marketplace', 'marketplace', 'marketplace', 'person'),
  twice: fc.boolean(),
});
const steps = fc.array(step, { maxLength: 12 });
const world = fc.record({ seed: fc.nat(), trouble: fc.constantFrom(0, 0.3, 0.7), continueAfter: fc.constantFrom(2, 3, 1e9), storeTakes: fc.constantFrom(0, 2_000), pullTakes: fc.constantFrom(0, 300) });
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** Up to seven troubled rounds, then everything works: whatever was promised must then come about. */
function roundsOf(seed: number, trouble: number, refusals: boolean) {
  const random = randomFrom(seed);
  return (effect: Effect, nth: number): Round => {
    const takes = Math.floor(random() * 20_000);
    const onCancel = random() < 0.3 ? null : { takes: Math.floor(random() * 3_000), lands: random() < 0.5 };
    if (nth > 6 || random() > trouble) return { takes, onCancel, ...(effect.kind === 'order' && effect.orderId !== IDENTITY.orderId ? { result: sized(effect.orderId) } : {}) };
    if (effect.kind === 'change' && refusals && random() < 0.3) return { takes, onCancel, result: NO };
    if (effect.kind === 'provision' && refusals && nth === 0 && random() < 0.5) return { takes, onCancel, result: NO };
    const cut = random() < 0.5;
    const late = cut ? takes + Math.floor(random() * 10 * 60_000) : takes;
    return { takes, onCancel, result: cut ? CUT_OFF : ERROR, lands: random() < 0.5 ? late : null };
  };
}

/** The order of a change brings its own number as the quantity. */
function sized(orderId: string): EffectResult {
  return answered({ ...PLAN, quantity: Number(orderId.slice(2)) });
}

/** What the table of architecture §3 promises, in the fewest words: fed with what the door admitted. There is no estimated end here. */
function model() {
  const causes = new Set<string>();
  let expireAt: number | null = null;
  let statusAt = 0;
  let released = false;
  let held: 'yes' | 'no' | 'perhaps' = 'no';
  let { quantity } = PLAN;
  return {
    /** `built`: the store knows it as built; otherwise it may be or not. */
    take({ instruction: { kind, ...rest }, at, by }: Command, built: boolean): void {
      // A person's second word: what waited for one is removed.
      if (released && kind === 'release' && by === 'person') held = 'no';
      if (released) return;
      const stale = by === 'marketplace' && at < statusAt - 5_000;
      if (kind === 'release') {
        released = true;
        const paid = by === 'marketplace' && !(rest as { unsubscribed: boolean }).unsubscribed && expireAt !== null && expireAt > at;
        if (paid) held = built ? 'yes' : 'perhaps';
      }
      if (kind === 'change' || kind === 'renewChange') quantity = Number((rest as { orderId: string }).orderId.slice(2));
      if (kind === 'renew' || kind === 'renewChange' || kind === 'shorten') {
        const { expireAt: end, formal } = rest as { expireAt: number; formal?: boolean };
        expireAt = kind === 'shorten' || formal ? end : Math.max(end, expireAt ?? 0);
        if (kind !== 'shorten' && expireAt > at) causes.delete('expiry');
      }
      if ((kind !== 'freeze' && kind !== 'unfreeze') || stale) return;
      if (by === 'marketplace') statusAt = Math.max(statusAt, at);
      if (kind === 'freeze') causes.add(by === 'person' ? 'person' : expireAt !== null && at >= expireAt - 48 * HOUR ? 'expiry' : 'violation');
      else for (const cause of by === 'person' ? ['person'] : ['expiry', 'violation']) causes.delete(cause);
    },
    frozen: () => [...causes].toSorted(),
    /** As the last admitted change says. */
    quantity: () => quantity,
    released: () => released,
    /** Whether removal waits for a person: released without an unsubscription while a stated end lies ahead. */
    held: () => held,
  };
}

interface Played {
  readonly life: Simulation;
  readonly expected: ReturnType<typeof model>;
}

/** After the create window nothing is begun without a person, who was told: what was promised of it waits, and what an attempt left is removed. */
const waitsForPerson = (life: Simulation): boolean => life.stored().needsPerson['create-window-over'] !== undefined;

/** Plays the steps at the door, then lets everything come to rest. `clocks`: whether our own clock has an end to act on. */
async function play(all: readonly Step[], { seed, trouble, ...options }: World, { clocks = false, refusals = false } = {}): Promise<Played> {
  const life = simulate({
    ...options,
    seed,
    rounds: roundsOf(seed, trouble, refusals),
    purchase: { expireAt: clocks ? NOW + 10 * DAY : null },
    rules: clocks ? { onRetention: seed % 2 ? 'hold' : 'release' } : { graceStated: 9_999 * DAY },
    store: (now) => (life.clock.random() < trouble / 2 && now < NOW + 70 * DAY ? (life.clock.random() < 0.5 ? 'down' : 'lost') : 'up'),
  });
  const expected = model();
  life.call(CREATE, { ring: 'once' });
  for (const { instruction: said, after, skew, ring, by, twice } of all) {
    await life.clock.runTo(life.clock.now() + after);
    for (let call = twice ? 2 : 1; call > 0; call--) {
      const { tenant } = life.stored().actual;
      const at = life.clock.now() - skew;
      const before = life.mailbox.length;
      life.call(said, { ring, by, at });
      const admitted = life.mailbox[before];
      if (admitted) expected.take(admitted, tenant === 'open' || tenant === 'closed');
    }
  }
  // The longest wait is 30 days: after two of them no lost bell, no back-off and no deadline is left. Not whole days, as the ends are:
  // the last instant would now and then be that of a clock, and what it begins not yet stored.
  await life.clock.runTo(life.clock.now() + 200 * DAY + 12 * HOUR);
  return { life, expected };
}

const check = (runs: number, body: (steps: readonly Step[], world: World) => Promise<void>): Promise<void> => fc.assert(fc.asyncProperty(steps, world, body), { numRuns: runs });

describe('whatever is called, in whatever order, and whatever fails on the way', () => {
  it('what is actual becomes what was promised', async () => {
    await check(150, async (all, options) => {
      const { life, expected } = await play(all, options);
      if (waitsForPerson(life)) return expect(life.tenant.status()).toBe('absent');
      if (expected.released()) expect({ yes: ['suspended'], no: ['absent'], perhaps: ['absent', 'suspended'] }[expected.held()]).toContain(life.tenant.status());
      else {
        expect(life.state().desired.frozen).toEqual(expected.frozen());
        expect(life.tenant.status()).toBe(expected.frozen().length > 0 ? 'suspended' : 'open');
        expect([life.tenant.plan()?.quantity, life.state().actual.plan?.quantity]).toEqual([expected.quantity(), expected.quantity()]);
      }
      expect(life.isClosed()).toBe(life.tenant.status() === 'absent');
    });
  });

  it('every command is settled, once taken, and what is stored is what is', async () => {
    await check(100, async (all, options) => {
      const { life } = await play(all, options, { clocks: true, refusals: true });
      // A create that was read after its window (its rings were all lost) waits for a person.
      const waiting = life.stored().open.map(({ seq }) => seq);
      expect([...life.outcomes.keys(), ...waiting].toSorted((a, b) => a - b)).toEqual(life.mailbox.map(({ seq }) => seq));
      expect(life.stored()).toMatchObject({ taken: life.mailbox.length, settled: [] });
      if (!waitsForPerson(life)) expect(life.stored().open).toEqual([]);
      expect(life.stored().desired).toEqual(life.state().desired);
    });
  });

  it('nothing is usable at rest while frozen, released or refused, and the phase tells what is', async () => {
    await check(100, async (all, options) => {
      const { life } = await play(all, options, { clocks: true, refusals: true });
      const { desired, actual } = life.state();
      const usable = life.tenant.status() === 'open';
      if (desired.frozen.length > 0 || desired.released || actual.refusal) expect(usable).toBe(false);
      expect(phaseOf(life.stored()) === 'active').toBe(usable);
    });
  });

  it('what is paid for is never removed, and nothing twice', async () => {
    await check(100, async (all, options) => {
      const { life, expected } = await play(all, options);
      if (expected.held() === 'yes') expect(life.tenant.removals).toEqual([]);
      // A second time only for an attempt that landed after the first removal.
      expect(life.tenant.removals.length).toBeLessThanOrEqual(life.tenant.builds.length);
      if (options.trouble === 0) expect(life.tenant.removals.length).toBeLessThanOrEqual(1);
      expect(life.tenant.performed.filter(({ effect, end }) => effect.kind === 'remove' && end === 'done').length).toBeLessThanOrEqual(2);
    });
  });

  it('the same seed gives the same life', async () => {
    await check(20, async (all, options) => {
      const [first, second] = [await play(all, options, { clocks: true }), await play(all, options, { clocks: true })];
      expect(first.life.tenant.performed).toEqual(second.life.tenant.performed);
      expect(first.life.stored()).toEqual(second.life.stored());
    });
  });
});
