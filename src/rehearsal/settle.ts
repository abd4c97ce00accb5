import { setTimeout as delay } from 'node:timers/promises';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { nextInstant, tick } from '../lifecycle/clocks.ts';
import { next } from '../lifecycle/next.ts';
import { findInstance } from '../store/instances.ts';
import { stateOf } from '../store/state-of.ts';
import { tellUnheard } from '../store/unheard.ts';
import type { Stage } from './stage.ts';
import { fastForwardTo, virtualNow } from './time-skipping.ts';

/** What was begun did not come to its end: something hangs. Says nothing of whether it would have later. */
export class NotAtRest extends Error {
  override readonly name = 'NotAtRest';
  readonly code = 'NOT_AT_REST';
  constructor(what: string) {
    super(`the engine did not come to rest within ${LIMIT / 1000} s: ${what}`);
  }
}

const LIMIT = 60_000;
const LOOK_EVERY = 20;
const SOON = 500;
const DAY = 24 * 60 * 60_000;
const YEAR = 366 * DAY;

/** Moves every clock to `instant` (UTC ms), stopping where a failing effect is tried again and again, and lets the engine finish what that causes. */
export async function passTo(stage: Stage, instant: number): Promise<void> {
  const { clock } = stage;
  // Before the workflow's: what it does on the way is dated by this one.
  if (clock.now() < instant) clock.follow(instant);
  if (await isOpen(stage)) {
    const handle = stage.handle();
    for (let part = await virtualNow(handle); part < instant && (await isOpen(stage)); ) {
      // A server skips only so often at a stretch, and a failing effect is tried every ten minutes.
      part = Math.min(instant, part + ((await isFailing(stage)) ? DAY : YEAR));
      await fastForwardTo(handle, part);
    }
    if (await isOpen(stage)) clock.follow(Math.max(clock.now(), await virtualNow(handle)));
  }
  await settle(stage);
}

/** Resolves when the engine has done everything that there is to do at this moment. Throws NotAtRest. */
export async function settle(stage: Stage): Promise<void> {
  const { store, clock } = stage;
  // A delayed call has moved the marketplace's clock on alone.
  if ((await isOpen(stage)) && (await virtualNow(stage.handle())) < clock.now() - 1_000) await fastForwardTo(stage.handle(), clock.now());
  // The API does this once a minute, by the system's clock.
  if (stage.apiRuns()) await tellUnheard(store.em(), clock.now());
  const until = Date.now() + LIMIT;
  let before = '';
  for (;;) {
    const { busy, mark } = await glance(stage);
    if (busy === null && mark === before) return;
    before = busy === null ? mark : '';
    if (Date.now() > until) throw new NotAtRest(busy ?? 'it changes all the time');
    await delay(LOOK_EVERY);
  }
}

/** What the engine is busy with, or null; `mark` stays the same while nothing happens. */
async function glance({ store, handle, order }: Stage): Promise<{ readonly busy: string | null; readonly mark: string }> {
  const row = await findInstance(store.em(), order().orderLineId);
  if (row === null) return { busy: null, mark: 'nothing was promised' };
  if (row.waiting) return { busy: 'a command waits in the mailbox', mark: '' };
  const { raw, status, historyLength } = await handle().describe();
  const mark = `${row.version} ${historyLength}`;
  if (status.name !== 'RUNNING') return { busy: row.living && status.name !== 'COMPLETED' ? `the workflow is ${status.name}` : null, mark };
  const [running] = raw.pendingActivities ?? [];
  if (running) return { busy: `the activity ${running.activityType?.name ?? ''}`, mark };
  if (raw.pendingWorkflowTask) return { busy: 'a workflow task', mark };
  const state = stateOf(row);
  const now = optionalTsToMs(raw.workflowExtendedInfo?.timeSkippingInfo?.currentTime) ?? Date.now();
  const step = next(state, now);
  if (step.do !== 'wait') return { busy: step.do === 'close' ? 'its end' : step.effect.kind, mark };
  // What is due within moments is waited for: looked at in between, it would be half done.
  const soon = nextInstant(state, now);
  return { busy: tick(state, now) === state && (soon === null || soon > now + SOON) ? null : 'its own clock', mark };
}

/** Whether there is a workflow whose clock can be moved. */
async function isOpen({ store, handle, order }: Stage): Promise<boolean> {
  const row = await findInstance(store.em(), order().orderLineId);
  if (row === null || row.taken === 0) return false;
  return (await handle().describe()).status.name === 'RUNNING';
}

async function isFailing({ store, order }: Stage): Promise<boolean> {
  const row = await findInstance(store.em(), order().orderLineId);
  return row !== null && (stateOf(row).trouble !== null || stateOf(row).untold !== null);
}
