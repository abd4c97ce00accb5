import { describe, expect, it } from 'vitest';
import { CREATE, DAY, ERROR, FREEZE, HOUR, MINUTE, NOW, RELEASE, renew, UNFREEZE } from './samples.ts';
import { simulate, type Simulation, type SimulationOptions } from './simulated-core.ts';

const END = NOW + 60 * DAY;

/** A life with back-offs, clocks, retention and a release that waits for its keep. */
async function play(options: SimulationOptions = {}): Promise<Simulation> {
  const rounds = { provision: [{ result: ERROR }, { result: ERROR }], suspend: [{ result: ERROR }] };
  const life = simulate({ rounds, ...options });
  life.call(CREATE);
  await life.clock.runTo(NOW + 10 * MINUTE);
  life.call(FREEZE);
  await life.clock.runTo(NOW + HOUR);
  life.call(UNFREEZE);
  life.call(renew(END, { formal: true }));
  await life.clock.runTo(END + 30 * DAY);
  life.call(RELEASE);
  await life.clock.runTo(END + 40 * DAY);
  return life;
}

describe('continue-as-new', () => {
  it.each([2, 3, 5, 8])('after every %i turns changes no effect, no instant and no outcome', async (continueAfter) => {
    const whole = await play();
    const parts = await play({ continueAfter });
    expect(parts.tenant.performed).toEqual(whole.tenant.performed);
    expect([...parts.outcomes]).toEqual([...whole.outcomes]);
    expect({ ...parts.stored(), version: 0 }).toEqual({ ...whole.stored(), version: 0 });
    expect(whole.runs).toEqual(['closed']);
    expect(parts.runs.length).toBeGreaterThan(1);
    expect([parts.isClosed(), new Set(parts.runs.slice(0, -1))]).toEqual([true, new Set(['continue'])]);
  });

  it('fires every timer at its original instant', async () => {
    const life = await play({ continueAfter: 2 });
    const begins = (kind: string): number[] => life.tenant.performed.filter(({ effect }) => effect.kind === kind).map(({ beganAt }) => beganAt);
    expect(begins('suspend').at(-1)).toBe(END + 8 * DAY);
    expect(begins('remove')).toEqual([END + 33 * DAY]);
  });

  it('waits for the effect under way, and takes the back-off of a failing one along', async () => {
    const life = simulate({ continueAfter: 2, rounds: { provision: [{ takes: 5 * MINUTE, result: ERROR }, { result: ERROR }] } });
    life.call(CREATE);
    await life.clock.runTo(NOW + 4 * MINUTE);
    expect(life.tenant.performed.at(-1)).toMatchObject({ end: null, cancelledAt: null });
    await life.clock.runTo(NOW + HOUR);
    const begins = life.tenant.performed.filter(({ effect }) => effect.kind === 'provision').map(({ beganAt, endedAt }) => [beganAt, endedAt]);
    expect(begins[1]![0]! - begins[0]![1]!).toBe(30_000);
    expect(begins[2]![0]! - begins[1]![1]!).toBe(60_000);
    expect(life.tenant.builds.length).toBe(1);
  });

  it('happens only when everything is stored, so that a new run never meets a newer state than its own', async () => {
    const life = simulate({ continueAfter: 2, storeTakes: 5 * MINUTE });
    life.call(CREATE);
    await life.clock.runTo(NOW + DAY);
    expect(life.runs.length).toBeGreaterThan(0);
    expect(life.stored().version).toBe(life.stores);
    expect([...life.outcomes]).toEqual([[1, 'done']]);
  });

  it('forgets no bell that rang on the way', async () => {
    const life = simulate({ continueAfter: 2, storeTakes: MINUTE, pullTakes: 100 });
    life.call(CREATE);
    for (let turn = 1; turn <= 20; turn++) {
      await life.clock.runTo(NOW + turn * 7_777);
      life.append(turn % 2 ? FREEZE : UNFREEZE);
    }
    await life.clock.runTo(NOW + DAY);
    expect(life.outcomes.size).toBe(21);
    expect(life.tenant.status()).toBe('open');
  });
});
