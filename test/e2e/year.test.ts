import { describe, expect, it } from 'vitest';
import { instantsOf } from '../../src/lifecycle/clocks.ts';
import { addPeriods } from '../../src/simulator/periods.ts';
import { Notice } from '../../src/store/entities.ts';
import { listCommands } from '../../src/store/mailbox.ts';
import type { InstanceStatus } from '../../src/workflows/instance.ts';
import { eventually } from '../support/engine.ts';
import { promised, signedAt, startLongLife, timelineOf, type LongLife } from '../support/long-life.ts';
import { fastForward, virtualNow } from '../../src/rehearsal/time-skipping.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const PURCHASE = { skuCode: 'notes', productId: 'notes-month' } as const;
/** What a product without clocks of its own is promised (architecture §3): written out, so that a changed default is noticed. */
const [WARN, GRACE_STATED, GRACE_ESTIMATED, RETENTION, KEEP] = [7 * DAY, 8 * DAY, 30 * DAY, 15 * DAY, 3 * DAY];

/** What the life does by its own clock. */
interface OwnStep {
  readonly step: string;
  /** UTC ms, from what the state holds long before. */
  readonly due: (status: InstanceStatus) => number | null;
  /** The instant at which it happened, as it is written down; null while it has not. */
  readonly at: (status: InstanceStatus, life: LongLife) => number | null | Promise<number | null>;
}

const WARNED: OwnStep = {
  step: 'warned',
  due: ({ state }) => instantsOf(state).warnAt ?? Number(state.desired.expireAt) - WARN,
  at: async ({ state }, { engine, instanceId, now }) => {
    const told = await engine.store.em().findOne(Notice, { instanceId, kind: 'expiry-warning', instant: Number(state.desired.expireAt) });
    return told?.sentAt ? now() : null;
  },
};

const EXPIRED: OwnStep = {
  step: 'expired: grace',
  due: ({ state }) => state.desired.expireAt,
  // Nothing changes for the buyer: the marketplace may still renew, and freezes by itself up to a week later.
  at: async ({ phase, state }, { now, asked }) => (now() >= Number(state.desired.expireAt) && phase === 'active' && (await asked()).access ? now() : null),
};

const FROZEN: OwnStep = {
  step: 'frozen by our own clock',
  due: ({ state }) => instantsOf(state).freezeAt,
  at: ({ phase, state }) => (phase === 'frozen' && state.desired.frozen.includes('clock') ? state.desired.endedAt : null),
};

/** What the clock brings when nobody renews, in this order. */
const AROUND_THE_END: readonly OwnStep[] = [WARNED, EXPIRED, FROZEN];

const RETENTION_OVER: OwnStep = {
  step: 'retention over: hold',
  due: ({ state }) => instantsOf(state).retentionOverAt,
  at: ({ state }) => state.needsPerson['retention-over']?.since ?? null,
};

const REMOVED: OwnStep = {
  step: 'removed',
  due: ({ state }) => instantsOf(state).removeAt,
  at: async ({ state }, { handle, tenantStands }) => {
    const { status, closeTime } = await handle.describe();
    return status.name === 'COMPLETED' && state.actual.tenant === 'removed' && !tenantStands() ? (closeTime?.getTime() ?? null) : null;
  },
};

/** An hour before its instant the step has not happened, and somebody who wakes the life then changes nothing; with the clock at its instant it happens. */
async function atItsInstant(life: LongLife, { step, due, at }: OwnStep): Promise<void> {
  const instant = due(await life.status());
  if (instant === null) throw new Error(`${step}: the state names no instant for it`);
  await life.passTo(instant - HOUR);
  const early = await life.until(() => true);
  expect(await at(early, life), `${step}, an hour early`).toBeNull();
  await life.wake();
  expect(promised((await life.status()).state), `${step}, woken an hour early`).toEqual(promised(early.state));
  await life.passTo(instant);
  const happenedAt = await eventually(async () => at(await life.status(), life));
  expect(happenedAt, `${step}, before its instant`).toBeGreaterThanOrEqual(instant);
  const status = await life.until(() => true);
  life.mark(step, happenedAt, seen(status), instant);
}

function seen({ phase, state }: InstanceStatus): string {
  const { frozen } = state.desired;
  const needs = Object.keys(state.needsPerson);
  return `${phase}${frozen.length > 0 ? ` (${frozen.join(', ')})` : ''}${needs.length > 0 ? `, needs a person: ${needs.join(', ')}` : ''}`;
}

/** For the report; no test looks at how long it took. */
function tell({ marks }: LongLife, begun: number): void {
  console.log(`${timelineOf(marks)}\n\nwall time ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}

let clockMoves = false;
const NO_CLOCK = 'the clock cannot be moved on this server: see the first test of this file';

it('moves the clock of one workflow to where it is told and no further', async () => {
  const { engine, handle } = await startLongLife(PURCHASE);
  try {
    const before = await virtualNow(handle);
    await fastForward(handle, 10 * DAY);
    expect(await virtualNow(handle)).toBeGreaterThanOrEqual(before + 10 * DAY);
    expect(await virtualNow(handle)).toBeLessThan(before + 10 * DAY + HOUR);
    clockMoves = true;
  } finally {
    await engine.stop();
  }
});

describe('the years of one instance', () => {
  it('bring every step at its instant: freeze, renewal, refund, retention, hold, release, removal', { timeout: 300_000 }, async ({ skip }) => {
    skip(!clockMoves, NO_CLOCK);
    const begun = performance.now();
    const life = await startLongLife(PURCHASE);
    const { order, bought, instanceId, passTo, until, mark, asked, lastCommand } = life;
    const { market, store } = life.engine;
    try {
      const ready = await life.status();
      expect(await asked()).toEqual({ resultCode: '000000', access: true });
      // The order query states its estimate cut to seconds; what a call states counts to the millisecond.
      expect(ready.state.desired).toMatchObject({ expireAt: Math.floor(Number(order.expireAt) / 1000) * 1000, stated: false, armed: true });
      expect(instantsOf(ready.state).freezeAt).toBe(Number(ready.state.desired.expireAt) + GRACE_ESTIMATED);

      await passTo(life.now() + 10 * DAY);
      const extended = await market.renew(order, { periods: 11 });
      const yearEnd = addPeriods(Number(order.expireAt), 'month', 11);
      const paid = await until(({ state }) => state.desired.renewedAt === signedAt(extended.call));
      expect(paid.state.desired).toMatchObject({ expireAt: yearEnd, stated: true, armed: true, frozen: [] });
      expect(instantsOf(paid.state).freezeAt).toBe(yearEnd + GRACE_STATED);
      mark('extended to a year', signedAt(extended.call), seen(paid));

      for (const step of AROUND_THE_END) await atItsInstant(life, step);
      const clock = await until(({ phase }) => phase === 'frozen');
      const { closedAt } = clock.state.actual;
      const { endedAt } = clock.state.desired;
      expect(clock.state.needsPerson).toEqual({ 'clock-freeze': expect.objectContaining({ since: endedAt }) });
      expect(closedAt).toBeGreaterThanOrEqual(Number(endedAt));
      expect(instantsOf(clock.state)).toMatchObject({ freezeAt: null, retentionOverAt: Number(closedAt) + RETENTION, removeAt: null });
      expect(await asked()).toEqual({ resultCode: '000000', access: false });

      await passTo(life.now() + 5 * DAY);
      const renewal = await market.renew(order, { periodType: 'year' });
      const nextEnd = addPeriods(yearEnd, 'year', 1);
      const renewed = await until(({ phase }) => phase === 'active');
      expect(renewed.state.desired).toMatchObject({ expireAt: nextEnd, stated: true, armed: true, frozen: [], endedAt: null, renewedAt: signedAt(renewal.call) });
      expect(renewed.state.needsPerson).toEqual({});
      expect(instantsOf(renewed.state)).toMatchObject({ freezeAt: nextEnd + GRACE_STATED, retentionOverAt: null });
      expect(await asked()).toEqual({ resultCode: '000000', access: true });
      mark('renewed', signedAt(renewal.call), seen(renewed));

      await passTo(nextEnd - 60 * DAY);
      const later = await until(() => true);
      expect(later.state.desired).toEqual(renewed.state.desired);
      expect(later.state.actual).toEqual(renewed.state.actual);
      expect(later.state.needsPerson).toEqual({});
      mark('next year', life.now(), seen(later));

      const refund = await market.refundRenewal(renewal.order);
      const refunded = await until(({ state }) => state.desired.expireAt === yearEnd);
      expect(refund.call.resultCode).toBe('000000');
      expect(refunded.phase).toBe('active');
      expect(refunded.state.desired).toMatchObject({ stated: true, armed: false, frozen: [] });
      expect(instantsOf(refunded.state)).toMatchObject({ freezeAt: null, retentionOverAt: null });
      mark('renewal refunded', signedAt(refund.call), seen(refunded));

      // The paid end is ten months past: it is the marketplace that freezes now, up to a week later, and not our clock.
      await passTo(life.now() + 7 * DAY);
      expect((await until(() => true)).state.desired).toEqual(refunded.state.desired);
      const freeze = await market.freeze(instanceId);
      const frozen = await until(({ phase }) => phase === 'frozen');
      const frozenBy = await lastCommand();
      expect(frozenBy).toMatchObject({ at: signedAt(freeze), by: 'marketplace', instruction: { kind: 'freeze' }, outcome: 'done' });
      expect(frozen.state.desired).toMatchObject({ frozen: ['expiry'], statusAt: signedAt(freeze), endedAt: frozenBy.receivedAt });
      expect(frozen.state.needsPerson).toEqual({});
      expect(instantsOf(frozen.state).retentionOverAt).toBe(Math.max(Number(frozen.state.actual.closedAt), frozenBy.receivedAt) + RETENTION);
      mark('frozen by the marketplace', signedAt(freeze), seen(frozen));

      await atItsInstant(life, RETENTION_OVER);
      const held = await until(() => true);
      expect(Object.keys(held.state.needsPerson)).toEqual(['retention-over']);

      await passTo(life.now() + 90 * DAY);
      const waiting = await until(() => true);
      expect(waiting.state.desired).toEqual(held.state.desired);
      expect(waiting.state.actual).toEqual(held.state.actual);
      expect(waiting.state.needsPerson).toEqual(held.state.needsPerson);
      expect(life.tenantStands()).toBe(true);
      mark('still held', life.now(), seen(waiting));

      const release = await market.release(instanceId);
      const released = await until(({ phase }) => phase === 'released');
      const releasedBy = await lastCommand();
      expect(releasedBy).toMatchObject({ at: signedAt(release), instruction: { kind: 'release' }, outcome: 'done' });
      expect(released.state.desired.released).toEqual({ at: signedAt(release), removeAt: releasedBy.receivedAt + KEEP, by: 'marketplace' });
      expect(released.state.needsPerson).toEqual({});
      expect((await asked()).resultCode).toBe('000003');
      expect(life.tenantStands()).toBe(true);
      mark('released', signedAt(release), seen(released));

      await passTo(releasedBy.receivedAt + KEEP - HOUR);
      expect(life.tenantStands()).toBe(true);
      await atItsInstant(life, REMOVED);

      // The refund took the second end back before it was near, and an end that has passed needs no warning.
      const notices = await store.em().find(Notice, { instanceId }, { orderBy: { instant: 'asc' } });
      expect(notices.map(({ kind, instant }) => [kind, instant])).toEqual([
        ['expiry-warning', yearEnd],
        ['clock-freeze', endedAt],
        ['retention-over', held.state.needsPerson['retention-over']?.since],
      ]);
      expect(notices.every(({ sentAt }) => sentAt !== null)).toBe(true);

      const commands = await listCommands(store.em(), instanceId);
      expect(commands.map(({ instruction, outcome }) => [instruction.kind, outcome])).toEqual([
        ['create', 'done'],
        ['renew', 'done'],
        ['renew', 'done'],
        ['shorten', 'done'],
        ['freeze', 'done'],
        ['release', 'done'],
      ]);
      const calls = [bought, extended.call, renewal.call, refund.call, freeze, release];
      expect(commands.map(({ at }) => at)).toEqual(calls.map(signedAt));
      // Kept promises are dated by the life's clock too, not by the one of the machine that carried them out.
      for (const { receivedAt, settledAt } of commands) expect(Math.abs(Number(settledAt) - receivedAt)).toBeLessThan(HOUR);
    } finally {
      tell(life, begun);
      await life.engine.stop();
    }
  });

  it('keep the instant of the freeze over a new worker and a new run in the middle of grace', { timeout: 180_000 }, async ({ skip }) => {
    skip(!clockMoves, NO_CLOCK);
    const begun = performance.now();
    const life = await startLongLife(PURCHASE, { runs: { historyLimit: 25 } });
    const { engine, handle, passTo, until, mark, wake } = life;
    const run = async (): Promise<string> => (await handle.describe()).runId;
    const restartWorker = async (): Promise<void> => {
      await engine.stopWorker();
      await engine.startWorker();
    };
    try {
      const freezeAt = Number((await life.status()).state.desired.expireAt) + GRACE_ESTIMATED;
      await passTo(freezeAt - GRACE_ESTIMATED / 2);
      const { state } = await until(({ phase }) => phase === 'active');
      expect(instantsOf(state).freezeAt).toBe(freezeAt);

      const before = await run();
      await restartWorker();
      // A wake that finds nothing to do lengthens the history: the life continues as new when the limit is passed.
      await eventually(async () => {
        await wake();
        return (await run()) !== before;
      });
      await restartWorker();
      const carried = await until(({ phase }) => phase === 'active');
      expect(promised(carried.state)).toEqual(promised(state));
      mark('middle of grace', life.now(), 'a new worker, a new run, and a new worker again');

      await atItsInstant(life, FROZEN);
      expect(life.marks.at(-1)).toMatchObject({ step: FROZEN.step, due: freezeAt });
    } finally {
      tell(life, begun);
      await engine.stop();
    }
  });
});
