import { describe, expect, it } from 'vitest';
import { phaseOf } from '../../src/lifecycle/phase.ts';
import { PROVISION_LIMIT } from '../../src/lifecycle/rules.ts';
import { CREATE, CUT_OFF, DAY, ERROR, FREEZE, HOUR, MINUTE, NO, NOW, RELEASE, RELEASE_UNNAMED, renew, SECOND, UNFREEZE } from './samples.ts';
import { simulate, type Simulation, type SimulationOptions } from './simulated-core.ts';
import type { Round } from './simulated-tenant.ts';

const END = NOW + 60 * DAY;
const HANGS: Round = { takes: PROVISION_LIMIT, result: CUT_OFF };
const failing = (rounds: number): Round[] => Array.from({ length: rounds }, () => ({ result: ERROR }));

const kinds = ({ tenant }: Simulation): string[] => tenant.performed.map(({ effect, end }) => `${effect.kind}${effect.kind === 'provision' && effect.suspended ? ' closed' : ''}${end === 'done' ? '' : ` ${end}`}`);
const begins = ({ tenant }: Simulation, kind: string): number[] => tenant.performed.filter(({ effect }) => effect.kind === kind).map(({ beganAt }) => beganAt - NOW);

/** Bought at NOW and built within two seconds. */
async function living(options: SimulationOptions = {}): Promise<Simulation> {
  const life = simulate(options);
  life.call(CREATE);
  await life.clock.runTo(NOW + MINUTE);
  expect(phaseOf(life.state())).toBe('active');
  return life;
}

describe('a whole life', () => {
  it('is lived as promised, to the millisecond, and closes with everything stored', async () => {
    const life = await living();
    life.call(FREEZE);
    await life.clock.runTo(NOW + HOUR);
    expect([life.tenant.status(), phaseOf(life.stored())]).toEqual(['suspended', 'frozen']);
    life.call(UNFREEZE);
    life.call(renew(END, { formal: true }));
    await life.clock.runTo(END + 8 * DAY - 1);
    expect([life.tenant.status(), phaseOf(life.stored())]).toEqual(['open', 'active']);
    // Nobody froze and nobody renewed: our own clock does, eight days after the stated end.
    await life.clock.runTo(END + 9 * DAY);
    expect([life.tenant.status(), life.state().desired.frozen]).toEqual(['suspended', ['clock']]);
    expect(begins(life, 'suspend').at(-1)).toBe(END + 8 * DAY - NOW);
    // Retention counts from the second in which access ended.
    await life.clock.runTo(END + 23 * DAY + SECOND - 1);
    expect(Object.keys(life.state().needsPerson)).toEqual(['clock-freeze']);
    await life.clock.runTo(END + 30 * DAY);
    expect(Object.keys(life.stored().needsPerson)).toEqual(['clock-freeze', 'retention-over']);
    life.call(RELEASE_UNNAMED);
    await life.clock.runTo(END + 33 * DAY - 1);
    expect([life.tenant.status(), life.isClosed(), Object.keys(life.state().needsPerson)]).toEqual(['suspended', false, []]);
    await life.clock.runTo(END + 34 * DAY);
    expect([life.tenant.status(), life.isClosed(), life.stored().actual.tenant]).toEqual(['absent', true, 'removed']);
    expect(kinds(life)).toEqual(['order', 'provision', 'suspend', 'resume', 'suspend', 'remove']);
    expect(life.tenant.removals).toEqual([END + 33 * DAY + SECOND]);
    expect([...life.outcomes]).toEqual([1, 2, 3, 4, 5].map((seq) => [seq, 'done']));
    expect(life.stored()).toMatchObject({ open: [], settled: [] });
  });

  it('set to release after retention ends by itself', async () => {
    const life = await living({ purchase: { expireAt: NOW + DAY }, rules: { onRetention: 'release' } });
    await life.clock.runTo(NOW + 400 * DAY);
    expect(life.isClosed()).toBe(true);
    expect(life.tenant.removals).toEqual([NOW + (1 + 30 + 15 + 3) * DAY + 2 * SECOND]);
  });

  it('of a refused order waits for its release, and a new create is a new attempt', async () => {
    const life = simulate({ rounds: { provision: [{ result: NO }, { result: NO }] } });
    life.call(CREATE);
    await life.clock.runTo(NOW + MINUTE);
    expect(life.call(CREATE)).toMatchObject({ verdict: 'refused', code: NO.code });
    await life.clock.runTo(NOW + 11 * MINUTE);
    expect(life.call(CREATE)).toEqual({ verdict: 'admit' });
    await life.clock.runTo(NOW + HOUR);
    expect(life.call(CREATE)).toEqual({ verdict: 'admit' });
    await life.clock.runTo(NOW + 2 * HOUR);
    expect([...life.outcomes]).toEqual([[1, 'failed'], [2, 'failed'], [3, 'done']]);
    expect(life.tenant.status()).toBe('open');
  });

  it('released before anything was begun builds nothing and closes', async () => {
    const life = simulate({ rounds: { order: [{ takes: HOUR }] } });
    life.call(CREATE);
    await life.clock.runTo(NOW + MINUTE);
    life.call(RELEASE);
    await life.clock.runTo(NOW + 2 * MINUTE);
    expect([kinds(life), life.isClosed(), life.tenant.builds]).toEqual([['order cancelled'], true, []]);
    expect([...life.outcomes]).toEqual([[1, 'superseded'], [2, 'done']]);
  });
});

describe('a failing effect', () => {
  it('is tried again after 30 seconds, doubling to ten minutes, for as long as it takes', async () => {
    const life = simulate({ rounds: { provision: failing(8) } });
    life.call(CREATE);
    await life.clock.runTo(NOW + DAY);
    const at = begins(life, 'provision');
    expect(at.slice(1).map((begin, index) => (begin - at[index]!) / 1000 - 1)).toEqual([30, 60, 120, 240, 480, 600, 600, 600]);
    expect([life.tenant.status(), life.state().trouble, life.state().needsPerson]).toEqual(['open', null, {}]);
  });

  it('is tried at once for a new command, which cuts the back-off short', async () => {
    const life = simulate({ rounds: { provision: failing(6) } });
    life.call(CREATE);
    await life.clock.runUntil(() => life.state().trouble?.rounds === 6, NOW + HOUR);
    await life.clock.runTo(life.clock.now() + MINUTE);
    life.call(renew(END));
    const before = life.clock.now();
    await life.clock.runTo(before + 2 * SECOND);
    expect(begins(life, 'provision').at(-1)).toBe(before - NOW);
    expect(life.tenant.status()).toBe('open');
  });

  it('to provision is overtaken by a freeze: it is built closed, and was never open', async () => {
    const life = simulate({ rounds: { provision: failing(3) } });
    life.call(CREATE);
    await life.clock.runUntil(() => life.state().trouble?.rounds === 3, NOW + HOUR);
    life.call(FREEZE);
    await life.clock.runTo(NOW + HOUR);
    expect(kinds(life)).toEqual(['order', 'provision failed', 'provision failed', 'provision failed', 'provision closed']);
    expect([...life.outcomes.values()]).toEqual(['done', 'done']);
  });

  it('does not spin when a removal is refused', async () => {
    const life = await living({ rounds: { remove: [{ result: NO }, { result: NO }] } });
    life.call(RELEASE);
    await life.clock.runTo(NOW + 4 * DAY);
    const [first = 0, second, third] = begins(life, 'remove');
    expect([second, third]).toEqual([first + 31 * SECOND, first + 31 * SECOND + 61 * SECOND]);
    expect([life.isClosed(), life.tenant.status()]).toEqual([true, 'absent']);
  });
});

describe('a release during provisioning', () => {
  it('cancels it, cleans up what was begun, and closes', async () => {
    const life = simulate({ rounds: { provision: [{ takes: HOUR, onCancel: { takes: 5 * SECOND, lands: true } }] } });
    life.call(CREATE);
    await life.clock.runTo(NOW + MINUTE);
    life.call(RELEASE);
    await life.clock.runTo(NOW + MINUTE + 7 * SECOND);
    expect([kinds(life), life.tenant.status(), life.isClosed()]).toEqual([['order', 'provision cancelled', 'remove'], 'absent', true]);
    // The cancellation is waited for: nothing is removed under an attempt that still runs.
    expect(begins(life, 'remove')).toEqual([MINUTE + 5 * SECOND]);
  });

  it('that was cut off looks again past its deadline, and removes what landed in between', async () => {
    const late: Round = { takes: MINUTE, result: CUT_OFF, lands: 14 * MINUTE };
    const life = simulate({ rounds: { provision: [late, { takes: HOUR }] } });
    life.call(CREATE);
    await life.clock.runTo(NOW + 2 * MINUTE);
    life.call(RELEASE);
    await life.clock.runTo(NOW + 14 * MINUTE + 2 * SECOND);
    expect([life.tenant.status(), phaseOf(life.stored()), life.isClosed()]).toEqual(['open', 'released', false]);
    await life.clock.runTo(NOW + HOUR);
    expect(kinds(life)).toEqual(['order', 'provision failed', 'provision cancelled', 'remove', 'remove']);
    expect([life.tenant.status(), life.isClosed(), life.tenant.removals.length]).toEqual(['absent', true, 1]);
    expect(begins(life, 'remove')[1]! - begins(life, 'provision')[0]!).toBe(PROVISION_LIMIT);
  });

  it('that succeeds all the same ends access and removes it at once', async () => {
    const life = simulate({ rounds: { provision: [{ takes: 2 * MINUTE, onCancel: null }] } });
    life.call(CREATE);
    await life.clock.runTo(NOW + MINUTE);
    life.call(RELEASE);
    await life.clock.runTo(NOW + HOUR);
    expect([kinds(life), life.tenant.status(), life.isClosed()]).toEqual([['order', 'provision', 'suspend', 'remove'], 'absent', true]);
  });
});

describe('a freeze', () => {
  it.each([true, false])('cancels a resume, and suspends again whether or not it had opened (%s)', async (lands) => {
    const life = await living({ rounds: { resume: [{ takes: MINUTE, onCancel: { lands } }] } });
    life.call(FREEZE);
    await life.clock.runTo(NOW + 2 * MINUTE);
    life.call(UNFREEZE);
    await life.clock.runTo(NOW + 2 * MINUTE + SECOND);
    life.call(FREEZE);
    await life.clock.runTo(NOW + HOUR);
    expect(kinds(life).slice(2)).toEqual(['suspend', 'resume cancelled', 'suspend']);
    expect(life.tenant.status()).toBe('suspended');
  });

  it('lets a running provision end, and then ends access', async () => {
    const life = simulate({ rounds: { provision: [{ takes: MINUTE }] } });
    life.call(CREATE);
    await life.clock.runTo(NOW + 30 * SECOND);
    life.call(FREEZE);
    await life.clock.runTo(NOW + HOUR);
    expect([kinds(life), life.tenant.status()]).toEqual([['order', 'provision', 'suspend'], 'suspended']);
  });

  it('comes from our clock even while another effect hangs', async () => {
    const life = simulate({ purchase: { expireAt: NOW - 30 * DAY + MINUTE }, rounds: { provision: [HANGS] } });
    life.call(CREATE);
    await life.clock.runTo(NOW + 30 * SECOND);
    life.ring();
    await life.clock.runTo(NOW + 2 * MINUTE);
    expect([life.state().desired.frozen, life.state().desired.endedAt]).toEqual([['clock'], NOW + MINUTE]);
    await life.clock.runTo(NOW + HOUR);
    expect(kinds(life)).toEqual(['order', 'provision failed', 'provision closed']);
  });

  it('of our own clock is beaten by a renewal that waits in the mailbox unrung', async () => {
    const life = await living({ purchase: { expireAt: NOW + 10 * DAY } });
    await life.clock.runTo(NOW + 39 * DAY);
    life.call(renew(END), { ring: 'lost' });
    await life.clock.runTo(NOW + 40 * DAY);
    expect([life.outcomes.get(2), life.tenant.status(), life.state().desired.frozen, life.state().needsPerson]).toEqual(['done', 'open', [], {}]);
  });
});
