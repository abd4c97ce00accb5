import { beforeAll, describe, expect, it } from 'vitest';
import { fixture } from './history.ts';
import { bundleWith } from './mutation.ts';
import { departures, quiet, replay } from './replay.ts';

const LIFE = 'frozen-unfrozen-renewed-frozen-by-our-own-clock-released';
const CHANGED = 'upgraded-renewed-with-a-change-unsubscribed';

/** Changes that replay lets pass: what is asked of the server is the same but for what it holds. */
const SILENT = [
  ['an argument of an effect', LIFE, 'src/workflows/effects.ts', 'plan: effect.plan, suspended: effect.suspended', 'plan: effect.plan, suspended: !effect.suspended', /activity \d+: args\.0\.suspended is now true/],
  ['a time limit of an effect', LIFE, 'src/workflows/effects.ts', `startToCloseTimeout: '4 minutes'`, `startToCloseTimeout: '5 minutes'`, /activity \d+: limits\.startToClose is now 300/],
  ['how often an effect is tried', LIFE, 'src/workflows/effects.ts', 'maximumAttempts: 3', 'maximumAttempts: 4', /activity \d+: limits\.attempts is now 4/],
  ['the queue of an effect', LIFE, 'src/workflows/effects.ts', 'taskQueue: provisionQueueOf(workflowInfo().taskQueue),', '', /activity \d+: limits\.queue is now "life"/],
  ['the instant of a clock', 'active', 'src/lifecycle/notices.ts', 'return expireAt - rules.warn;', 'return expireAt - rules.warn - 60_000;', /timer/],
  ['the length of the longest sleep', 'active', 'src/lifecycle/rules.ts', 'LONGEST_WAIT = 30 * DAY', 'LONGEST_WAIT = 20 * DAY', /timer/],
  ['the state that is stored', LIFE, 'src/lifecycle/fold.ts', 'takenAt: Math.max(state.takenAt, command.receivedAt)', 'takenAt: state.takenAt', /stored state/],
  ['the state that the next run is given', 'continued-as-new-first-run', 'src/lifecycle/fold.ts', 'takenAt: Math.max(state.takenAt, command.receivedAt)', 'takenAt: state.takenAt', /input of the next run/],
] as const;

/** Changes that replay itself refuses. */
const REFUSED = [
  ['another effect', CHANGED, 'src/lifecycle/next.ts', `case 'open':\n      return { kind: 'suspend', plan };`, `case 'open':\n      return { kind: 'remove', plan };`],
  ['an effect less', CHANGED, 'src/lifecycle/next.ts', `return order ? { kind: 'order', orderId: order.orderId, orderLineId: order.orderLineId } : null;`, 'return null;'],
  ['the order of two effects', CHANGED, 'src/lifecycle/next.ts', `  const [order] = desired.orders;`, `  if (state.open.some(({ kind }) => kind === 'change') && !actual.planUnsure && desired.plan && desired.orders.length > 0) return { kind: 'change', from: plan, plan: desired.plan };\n  const [order] = desired.orders;`],
  ['the end of a life', LIFE, 'src/lifecycle/next.ts', `return last && untold === null ?`, `return Number(untold) === 0 ? { do: 'wait', at: null } : last && untold === null ?`],
] as const;

describe('a change of the workflow code that nobody meant is noticed', () => {
  beforeAll(quiet);

  it.each(SILENT)('%s: replay alone lets it pass, what is fixed beside it does not', async (_what, scene, file, passage, instead, told) => {
    const bundle = await bundleWith(file, passage, instead);
    const captured = fixture(scene);
    await expect(replay(bundle, captured.history)).resolves.not.toEqual([]);
    expect((await departures(bundle, captured)).join('\n')).toMatch(told);
  });

  it.each(REFUSED)('%s: replay refuses it', async (_what, scene, file, passage, instead) => {
    const bundle = await bundleWith(file, passage, instead);
    const captured = fixture(scene);
    await expect(replay(bundle, captured.history)).rejects.toThrow(/TMPRL1100/);
    expect(await departures(bundle, captured)).toHaveLength(1);
  });
});
