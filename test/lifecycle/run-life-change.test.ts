import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/lifecycle/effect.ts';
import { PROVISION_LIMIT } from '../../src/lifecycle/rules.ts';
import { answered, BIGGER, CREATE, CUT_OFF, DAY, ERROR, FREEZE, HOUR, MINUTE, NO, NOW, PLAN, RELEASE, renewChange, SECOND, upgrade } from './samples.ts';
import { simulate, type Simulation, type SimulationOptions } from './simulated-core.ts';
import type { Round } from './simulated-tenant.ts';

const ASKED = { result: answered() };
const THIRD = { ...BIGGER, quantity: 1 };

/** Built at once; the order query of the first upgrade brings `BIGGER`. */
async function living({ rounds = {}, ...options }: Omit<SimulationOptions, 'rounds'> & { readonly rounds?: { readonly [kind in Effect['kind']]?: readonly Round[] } } = {}): Promise<Simulation> {
  const life = simulate({ ...options, rounds: { order: [{}, ASKED, { result: answered(THIRD) }], ...rounds } });
  life.call(CREATE);
  await life.clock.runTo(NOW + MINUTE);
  return life;
}
const kinds = ({ tenant }: Simulation): string[] => tenant.performed.slice(2).map(({ effect, end }) => `${effect.kind}${end === 'done' ? '' : ` ${end}`}`);

describe('an upgrade on a clock', () => {
  it('is carried out in two seconds, and a second one after it', async () => {
    const life = await living();
    life.call(upgrade(2));
    life.call(upgrade(3));
    await life.clock.runTo(NOW + HOUR);
    expect([kinds(life), life.tenant.plan(), [...life.outcomes.values()]]).toEqual([['order', 'change', 'order', 'change'], THIRD, ['done', 'done', 'done']]);
    expect(life.tenant.performed.at(-1)?.endedAt).toBe(NOW + MINUTE + 4 * SECOND);
  });

  it('is stopped by a freeze, which ends access first, and then goes on', async () => {
    const life = await living({ rounds: { change: [{ takes: HOUR }] } });
    life.call(upgrade());
    await life.clock.runTo(NOW + 2 * MINUTE);
    life.call(FREEZE);
    await life.clock.runTo(NOW + HOUR);
    expect([kinds(life), life.tenant.status(), life.tenant.plan()]).toEqual([['order', 'change cancelled', 'suspend', 'change'], 'suspended', BIGGER]);
  });

  it('whose order is not answered holds up no freeze', async () => {
    const life = await living({ rounds: { order: [{}, { takes: HOUR }, ASKED] } });
    life.call(upgrade());
    await life.clock.runTo(NOW + 2 * MINUTE);
    life.call(FREEZE);
    await life.clock.runTo(NOW + 2 * MINUTE + 2 * SECOND);
    expect(life.tenant.status()).toBe('suspended');
    await life.clock.runTo(NOW + HOUR);
    expect([kinds(life), life.tenant.plan()]).toEqual([['order cancelled', 'suspend', 'order', 'change'], BIGGER]);
  });

  it.each([true, false])('is dropped by a release, whether or not it had happened (%s)', async (lands) => {
    const life = await living({ rounds: { change: [{ takes: HOUR, onCancel: { lands } }] } });
    life.call(upgrade());
    await life.clock.runTo(NOW + 2 * MINUTE);
    life.call(RELEASE);
    await life.clock.runTo(NOW + 4 * DAY);
    expect([kinds(life), life.isClosed(), [...life.outcomes.values()]]).toEqual([['order', 'change cancelled', 'suspend', 'remove'], true, ['done', 'superseded', 'done']]);
  });

  it('that was cut off and lands after it was refused is undone past its deadline', async () => {
    const life = await living({ rounds: { change: [{ takes: MINUTE, result: CUT_OFF, lands: 10 * MINUTE }, { result: NO }] } });
    life.call(upgrade());
    await life.clock.runTo(NOW + 12 * MINUTE);
    expect([life.outcomes.get(2), life.tenant.plan(), life.state().actual.plan]).toEqual(['failed', BIGGER, PLAN]);
    await life.clock.runTo(NOW + HOUR);
    expect([life.tenant.plan(), life.tenant.status(), life.state().needsPerson]).toEqual([PLAN, 'open', {}]);
    expect(life.tenant.performed.at(-1)!.beganAt - life.tenant.performed[3]!.beganAt).toBeGreaterThanOrEqual(PROVISION_LIMIT);
  });

  it('that keeps failing is told after three rounds and tried for as long as it takes, and a run that continues forgets nothing', async () => {
    const life = await living({ continueAfter: 2, rounds: { change: Array.from({ length: 8 }, () => ({ result: ERROR })) } });
    life.call(upgrade());
    await life.clock.runTo(NOW + DAY);
    expect(life.tenant.told.map(({ notice }) => notice.kind)).toEqual(['effect-failing']);
    expect([life.tenant.plan(), life.state().trouble, life.state().needsPerson, life.outcomes.get(2)]).toEqual([BIGGER, null, {}, 'done']);
    expect(life.runs.length).toBeGreaterThan(1);
  });
});

it('a renewal with change refused for good is told once, and the renewal stands', async () => {
  const end = NOW + 500 * DAY;
  const life = await living({ rounds: { change: [{ result: NO }] } });
  life.call(renewChange(end));
  await life.clock.runTo(NOW + DAY);
  expect(life.tenant.told.map(({ notice }) => [notice.kind, notice.detail])).toEqual([['change-refused', `${NO.code} ${NO.message}`]]);
  expect([life.state().desired.expireAt, life.tenant.plan(), life.outcomes.get(2)]).toEqual([end, PLAN, 'failed']);
});
