import { describe, expect, it } from 'vitest';
import { LONGEST_WAIT } from '../../src/lifecycle/rules.ts';
import { CREATE, DAY, FREEZE, HOUR, MINUTE, NOW, RELEASE, renew, SECOND, UNFREEZE } from './samples.ts';
import { simulate, type Simulation } from './simulated-core.ts';

const END = NOW + 60 * DAY;
const kinds = ({ tenant }: Simulation): string[] => tenant.performed.map(({ effect }) => effect.kind);
/** What is shown is not shown again for having been stored. */
const shown = (life: Simulation): object => ({ ...life.state(), settled: [], version: life.stored().version });
const downUntil = (end: number) => (now: number) => (now < end ? ('down' as const) : ('up' as const));

describe('a store that fails for an hour', () => {
  it('holds up no effect and no call, and has everything afterwards', async () => {
    const life = simulate({ store: downUntil(NOW + HOUR) });
    life.call(CREATE);
    await life.clock.runTo(NOW + MINUTE);
    life.append(FREEZE);
    await life.clock.runTo(NOW + 2 * MINUTE);
    life.append(UNFREEZE);
    await life.clock.runTo(NOW + 3 * MINUTE);
    expect([kinds(life), life.tenant.status(), life.stored().version]).toEqual([['order', 'provision', 'suspend', 'resume'], 'open', 0]);
    await life.clock.runTo(NOW + HOUR + MINUTE);
    expect([...life.outcomes.values()]).toEqual(['done', 'done', 'done']);
    expect(life.stored()).toEqual(shown(life));
  });

  it('is asked every 30 seconds, and not in between', async () => {
    const life = simulate({ store: downUntil(NOW + HOUR) });
    life.call(CREATE);
    await life.clock.runTo(NOW + HOUR - 1);
    expect(life.stores).toBe(120);
  });

  it('does not stop the life from ending, but it closes only after its last state is stored', async () => {
    const life = simulate({ store: downUntil(NOW + HOUR), rules: { keep: MINUTE } });
    life.call(CREATE);
    await life.clock.runTo(NOW + MINUTE);
    life.append(RELEASE);
    await life.clock.runTo(NOW + HOUR - 1);
    expect([life.tenant.status(), life.tenant.removals.length, life.isClosed()]).toEqual(['absent', 1, false]);
    await life.clock.runTo(NOW + HOUR + MINUTE);
    expect([life.isClosed(), life.stored().actual.tenant, [...life.outcomes.values()]]).toEqual([true, 'removed', ['done', 'done']]);
  });

  it('delays continue-as-new, but no freeze of our clock meanwhile', async () => {
    const life = simulate({ purchase: { expireAt: NOW - 30 * DAY + 10 * MINUTE }, store: downUntil(NOW + HOUR), continueAfter: 3 });
    life.call(CREATE);
    await life.clock.runTo(NOW + HOUR - 1);
    expect([life.runs, life.tenant.status(), life.state().desired.endedAt]).toEqual([[], 'suspended', NOW + 10 * MINUTE]);
    await life.clock.runTo(NOW + 2 * HOUR);
    expect(life.runs[0]).toBe('continue');
  });
});

describe('a store whose answer gets lost', () => {
  it('loses no state and no outcome that came while it was out', async () => {
    const life = simulate({ store: (_, nth) => (nth === 0 ? 'lost' : 'up') });
    life.call(CREATE);
    await life.clock.runTo(NOW + DAY);
    expect([...life.outcomes]).toEqual([[1, 'done']]);
    expect(life.stored()).toEqual(shown(life));
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('whichever answers get lost (seed %i)', async (seed) => {
    const life = simulate({ seed, storeTakes: 700, store: () => (life.clock.random() < 0.5 ? 'lost' : 'up') });
    life.call(CREATE);
    for (let minute = 1; minute <= 6; minute++) {
      await life.clock.runTo(NOW + minute * MINUTE);
      life.append(minute % 2 ? FREEZE : UNFREEZE);
    }
    await life.clock.runTo(NOW + DAY);
    expect([...life.outcomes.keys()].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(life.stored()).toEqual(shown(life));
  });
});

describe('a slow store', () => {
  it('takes changes together, and sends each outcome', async () => {
    const life = simulate({ storeTakes: 10 * SECOND });
    life.call(CREATE);
    await life.clock.runTo(NOW + HOUR);
    expect([...life.outcomes]).toEqual([[1, 'done']]);
    // Begun, order known and building, built: with a store of ten seconds the first and the last only.
    expect([life.stores, life.stored().version]).toEqual([2, 2]);
  });

  it('is not asked again when nothing has changed', async () => {
    const life = simulate();
    life.call(CREATE);
    await life.clock.runTo(NOW + MINUTE);
    const { stores } = life;
    for (let ring = 0; ring < 5; ring++) {
      life.ring();
      await life.clock.runTo(life.clock.now() + MINUTE);
    }
    expect(life.stores).toBe(stores);
  });
});

describe('a run that was reset', () => {
  it('adopts the newer state of the store and folds no command twice', async () => {
    const life = simulate();
    life.call(CREATE);
    await life.clock.runTo(NOW + MINUTE);
    const old = life.stored();
    life.call(renew(END, { formal: true }));
    await life.clock.runTo(NOW + 2 * MINUTE);
    life.call(FREEZE);
    await life.clock.runTo(NOW + HOUR);
    const newest = life.stored();
    life.resetTo(old);
    await life.clock.runTo(NOW + 2 * HOUR);
    expect(life.stored()).toMatchObject({ taken: 3, open: [], desired: newest.desired, actual: { tenant: 'closed', unsure: false } });
    expect([life.tenant.status(), life.tenant.builds.length]).toEqual(['suspended', 1]);
    life.call(UNFREEZE);
    await life.clock.runTo(NOW + 3 * HOUR);
    expect([life.outcomes.get(4), life.tenant.status()]).toEqual(['done', 'open']);
  });

  it('after our own clock had the data removed leaves nothing of what it began to build', async () => {
    const life = simulate({
      purchase: { expireAt: NOW },
      rules: { onRetention: 'release' },
      storeTakes: 500,
      rounds: { provision: [{}, { takes: MINUTE, onCancel: { lands: true } }] },
    });
    const first = life.stored();
    life.call(CREATE);
    await life.clock.runUntil(() => life.isClosed(), NOW + 100 * DAY);
    const after = life.clock.now();
    // Back to the instant at which the plan was known and nothing was built.
    life.resetTo({ ...first, taken: 1, version: 1, desired: { ...first.desired, plan: life.stored().desired.plan } });
    await life.clock.runTo(after + HOUR);
    expect(kinds(life).slice(-2)).toEqual(['provision', 'remove']);
    expect([life.tenant.builds.length, life.tenant.status(), life.isClosed(), life.stored().actual.tenant]).toEqual([2, 'absent', true, 'removed']);
  });
});

describe('the doorbell', () => {
  it.each(['lost', 'twice', 5 * SECOND] as const)('%s does no harm', async (ring) => {
    const life = simulate();
    life.append(CREATE, { ring });
    life.append(FREEZE, { ring });
    await life.clock.runTo(NOW + LONGEST_WAIT + DAY);
    expect([...life.outcomes.values()]).toEqual(['done', 'done']);
    expect([life.tenant.status(), life.tenant.builds.length]).toEqual(['suspended', 1]);
    expect(kinds(life)).toEqual(['order', 'provision']);
  });

  it('that is lost is made good at the next wake, by whatever wakes', async () => {
    const life = simulate({ purchase: { expireAt: null } });
    life.call(CREATE);
    await life.clock.runTo(NOW + MINUTE);
    life.call(FREEZE, { ring: 'lost' });
    await life.clock.runTo(NOW + DAY);
    expect(life.tenant.status()).toBe('open');
    // No clock of its own at all: it looks every 30 days.
    await life.clock.runTo(NOW + LONGEST_WAIT + MINUTE);
    expect(life.tenant.status()).toBe('suspended');
    life.call(UNFREEZE, { ring: 'lost' });
    life.ring();
    await life.clock.runTo(life.clock.now() + MINUTE);
    expect(life.tenant.status()).toBe('open');
  });

  it('that rings while the mailbox is read is not forgotten', async () => {
    const life = simulate({ pullTakes: 100 });
    life.call(CREATE);
    await life.clock.runTo(NOW + MINUTE);
    life.ring();
    // The mailbox has been read, its answer is on the way.
    await life.clock.runTo(life.clock.now() + 75);
    life.call(FREEZE);
    await life.clock.runTo(life.clock.now() + MINUTE);
    expect(life.outcomes.get(2)).toBe('done');
  });

  it('silent at the very end: what was admitted before the release was stored is still answered', async () => {
    // Our own clock releases while the store is out of reach, so the door goes on admitting.
    const life = simulate({ purchase: { expireAt: NOW - 30 * DAY }, rules: { onRetention: 'release', retention: MINUTE, keep: 0 }, store: (now) => (now > NOW + 30 * SECOND && now < NOW + HOUR ? 'down' : 'up') });
    life.call(CREATE);
    await life.clock.runTo(NOW + 30 * MINUTE);
    expect([life.tenant.status(), life.isClosed()]).toEqual(['absent', false]);
    expect(life.call(renew(END), { ring: 'lost' })).toEqual({ verdict: 'admit' });
    await life.clock.runTo(NOW + 2 * HOUR);
    expect([life.isClosed(), life.outcomes.get(2), Object.keys(life.stored().needsPerson)]).toEqual([true, 'superseded', ['release-while-paid']]);
  });
});
