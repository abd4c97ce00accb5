import type { Call } from '../simulator/call.ts';
import { MarketError } from '../simulator/errors.ts';
import type { Outcome } from './check.ts';
import type { Context } from './context.ts';
import { infoOf } from './info.ts';
import { answerOf, complete } from './judge.ts';
import type { Bought, Life } from './life.ts';
import { until } from './until.ts';

/** What a live check works with: one order, and the instance that was given for it. */
export interface Played extends Context {
  readonly life: Life;
  readonly market: Life['market'];
  readonly orderId: string;
  /** The instance's; `instanceId()` makes one that nobody has given. */
  readonly id: string;
  readonly call: Call;
}

type Run = (played: Played) => Promise<Outcome>;

export const withBought = (run: Run) => (context: Context) => withOrder(context, (life) => life.bought(), run);
export const withCopied = (run: Run) => (context: Context) => withOrder(context, (life) => life.copied(), run);
export const withUnwanted = (run: Run) => (context: Context) => withOrder(context, (life) => life.unwanted(), run);
export const withTrial = (run: Run) => (context: Context) => withOrder(context, (life) => life.trial(), run);

async function withOrder(context: Context, buy: (life: Life) => Promise<Bought>, run: Run): Promise<Outcome> {
  const life = lifeOf(context);
  const { orderId, call, instanceId } = await buy(life);
  if (instanceId === null) return { call, finding: `the create gave no instanceId: answered ${answerOf(call)}` };
  return told(() => run({ ...context, life, market: life.market, orderId, id: instanceId, call }));
}

export function lifeOf({ life }: Context): Life {
  if (life === null) throw new TypeError('a live check was begun without a market');
  return life;
}

/** What the market says of a story that cannot go on is a finding; anything else is a fault of ours. */
export async function told(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof MarketError) return { call: null, finding: error.message };
    throw error;
  }
}

/** The answer to a create: a success, with the id given before. The id is noted in any case, to be released at the end. */
export function same(life: Life, instanceId: string, call: Call): Outcome {
  life.made(call);
  const given = call.answer?.['instanceId'];
  const outcome = complete(call);
  return outcome.finding !== null || given === instanceId ? outcome : { call, finding: `instanceId ${JSON.stringify(given)}, before it ${JSON.stringify(instanceId)}` };
}

/** Whether a query gives access data, or no longer gives any. */
export function accessible(call: Call, wanted: boolean): Outcome {
  const there = infoOf(call).some(({ appInfo }) => appInfo['frontEndUrl'] !== undefined);
  if (there && wanted) return complete(call);
  return { call, finding: there === wanted ? null : there ? 'the access data are still there' : `answered ${answerOf(call)} without access data` };
}

/** Queries at the run's pace until the access data are there. */
export function ready(context: Pick<Context, 'now' | 'wait'>, { market, pace }: Life, instanceId: string): Promise<Outcome> {
  return until(context, pace, async () => accessible(await market.poll(instanceId), true));
}

/** A release is a promise: it may take a moment until it is kept. */
export function gone(context: Pick<Context, 'now' | 'wait'>, { market, pace }: Life, instanceId: string): Promise<Outcome> {
  return until(context, pace, async () => accessible(await market.poll(instanceId), false));
}
