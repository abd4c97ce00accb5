import { instantsOf } from '../lifecycle/clocks.ts';
import type { LifeState } from '../lifecycle/state.ts';
import type { EngineAct } from './history.ts';
import type { Look } from './look.ts';

/** Something that the engine did because its own clock said so. Instants are UTC ms. */
export interface ClockAct {
  readonly clock: string;
  /** As the state named it before; null when it was due from the moment on that it came up. */
  readonly due: number | null;
  readonly at: number;
}

type Name = keyof ReturnType<typeof instantsOf>;

interface Clock {
  readonly named: string;
  readonly instant: Name;
  /** When it acted between two looks, as the state or the history wrote it down; null when it did not. */
  readonly acted: (before: LifeState, now: LifeState, acts: readonly EngineAct[]) => number | null;
}

const CLOCKS: readonly Clock[] = [
  { named: 'warn', instant: 'warnAt', acted: (_before, _now, acts) => begun(acts, ({ notice }) => notice === 'expiry-warning') },
  {
    named: 'grace over: freeze',
    instant: 'freezeAt',
    acted: (before, now) => (now.desired.frozen.includes('clock') && !before.desired.frozen.includes('clock') ? now.desired.endedAt : null),
  },
  { named: 'grace over: tell', instant: 'freezeAt', acted: reason('expiry-passed') },
  { named: 'retention over: hold', instant: 'retentionOverAt', acted: reason('retention-over') },
  {
    named: 'retention over: release',
    instant: 'retentionOverAt',
    acted: (before, now) => (before.desired.released === null && now.desired.released?.by === 'clock' ? now.desired.released.at : null),
  },
  // One that is done over is no act of the clock again: its instant is gone once the first has begun.
  { named: 'keep over: remove', instant: 'removeAt', acted: (before, _now, acts) => (instantsOf(before).removeAt === null ? null : begun(acts, ({ activity }) => activity === 'remove')) },
  { named: 'create window over', instant: 'createWindowOverAt', acted: reason('create-window-over') },
  { named: 'violation left: tell', instant: 'violationTellAt', acted: reason('violation-after-renewal') },
];

function reason(name: 'expiry-passed' | 'retention-over' | 'create-window-over' | 'violation-after-renewal'): Clock['acted'] {
  return (before, now) => (before.needsPerson[name] === undefined ? (now.needsPerson[name]?.since ?? null) : null);
}

function begun(acts: readonly EngineAct[], wanted: (act: EngineAct) => boolean): number | null {
  return acts.find(wanted)?.begunAt ?? null;
}

/** Tells, look after look, what the engine's own clock did since the look before. */
export function followClocks(): (before: Look | null, now: Look, acts: readonly EngineAct[]) => ClockAct[] {
  /** What each clock was set to last, and when it was first seen so: what was past already then was due from the moment on that it came up. */
  const set = new Map<Name, { readonly to: number; readonly seenAt: number }>();

  function actsBetween(earlier: LifeState, later: LifeState, acts: readonly EngineAct[]): ClockAct[] {
    const instants = instantsOf(earlier);
    return CLOCKS.flatMap(({ named, instant, acted }) => {
      const at = acted(earlier, later, acts);
      if (at === null) return [];
      const known = set.get(instant);
      return [{ clock: named, due: known !== undefined && known.to === instants[instant] && known.to > known.seenAt ? known.to : null, at }];
    });
  }

  return (before, now, acts) => {
    const found = before?.state && now.state ? actsBetween(before.state, now.state, acts) : [];
    for (const [name, to] of now.state === null ? [] : (Object.entries(instantsOf(now.state)) as [Name, number | null][])) {
      if (to === null) set.delete(name);
      else if (set.get(name)?.to !== to) set.set(name, { to, seenAt: now.at });
    }
    return found;
  };
}

/** Clocks of the state that should have acted by `now`, and have not. */
export function overdue({ state, at }: Look, slack: number): string[] {
  if (state === null) return [];
  const { freezeAt, retentionOverAt, createWindowOverAt, violationTellAt } = instantsOf(state);
  return Object.entries({ freezeAt, retentionOverAt, createWindowOverAt, violationTellAt }).flatMap(([name, instant]) => (instant !== null && instant < at - slack ? [name] : []));
}

/** The next instant, UTC ms, at which the engine's own clock acts if nothing else happens before; null when only a call can change anything. */
export function nextOwn({ state, at }: Look): number | null {
  if (state === null || state.actual.tenant === 'removed') return null;
  const ahead = Object.values(instantsOf(state)).filter((instant): instant is number => instant !== null && instant > at);
  return ahead.length > 0 ? Math.min(...ahead) : null;
}
