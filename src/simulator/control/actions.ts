import { z } from 'zod';
import { verbs, type Activity } from '../../marketplace/saas-v2/verbs.ts';
import { NoInstance } from '../errors.ts';
import type { Market } from '../market.ts';

/** An order id, or the id of the instance that it bought. */
const order = z.string().min(1).max(64);
const word = z.string().min(1).max(64);
const count = z.int().min(1).max(1_000);
const periodType = z.enum(['year', 'month', 'day']);

/** What a person wants different; every action takes it. */
export const edits = z.object({ set: z.record(z.string(), z.json()).default({}), drop: z.array(z.string()).default([]) });

interface Done {
  /** The order that the action placed, or was about. */
  readonly orderId?: string;
}

interface Action<S extends z.ZodType> {
  readonly input: S;
  readonly run: (market: Market, input: z.infer<S>) => Promise<Done>;
}

function action<S extends z.ZodType>(input: S, run: Action<S>['run']): { readonly run: (market: Market, input: unknown) => Promise<Done> } {
  return { run: (market, sent) => run(market, input.parse(sent)) };
}

const placed = async (placing: Promise<{ readonly order: { readonly orderId: string } }>): Promise<Done> => ({ orderId: (await placing).order.orderId });

async function ofInstance(market: Market, ref: string, run: (instanceId: string) => Promise<unknown>): Promise<Done> {
  const { instanceId } = await market.asset(ref);
  if (instanceId === null) throw new NoInstance(ref);
  await run(instanceId);
  return { orderId: ref };
}

const purchase = z.object({
  skuCode: word.default('sku-standard'),
  productId: word.default('OFFI000000000000000001'),
  linearValue: z.int().min(1).optional(),
  chargingMode: z.enum(['PERIOD', 'ONE_TIME', 'ON_DEMAND', 'ON_DEMAND_PKG']).default('PERIOD'),
  periodType: periodType.optional(),
  periodNumber: count.optional(),
  trial: z.boolean().default(false),
});
const about = z.object({ order });
const extension = z.object({ order, periods: count.optional(), periodType: periodType.optional() });
const target = z.object({ skuCode: word.optional(), productId: word.optional(), linearValue: z.int().min(1).optional() });
const changed = z.object({ ...extension.shape, ...target.shape });
const activities = Object.keys(verbs) as [Activity, ...Activity[]];

/** What a buyer, the marketplace's people, or the seller in its console can do; each by its name in the control API and on the command line. */
export const ACTIONS = {
  buy: action(purchase, (market, bought) => placed(market.buy(given(bought)))),
  renew: action(extension, (market, { order: of, ...by }) => placed(market.renew(of, given(by)))),
  'renew-change': action(changed, (market, { order: of, periods, periodType: type, ...to }) => placed(market.renewChange(of, given(to), given({ periods, periodType: type })))),
  'to-formal': action(extension, (market, { order: of, ...by }) => placed(market.toFormal(of, given(by)))),
  refund: action(about, (market, { order: renewal }) => placed(market.refundRenewal(renewal))),
  upgrade: action(z.object({ order, ...target.shape }), (market, { order: of, ...to }) => placed(market.upgrade(of, given(to)))),
  unsubscribe: action(about, (market, { order: of }) => ofInstance(market, of, (id) => market.release(id, { unsubscribe: true }))),
  expire: action(about, (market, { order: of }) => ofInstance(market, of, (id) => market.expire(id))),
  violate: action(about, (market, { order: of }) => ofInstance(market, of, (id) => market.freeze(id, 'violation'))),
  lift: action(about, (market, { order: of }) => ofInstance(market, of, (id) => market.unfreeze(id))),
  release: action(about, (market, { order: of }) => ofInstance(market, of, (id) => market.release(id))),
  open: action(about, async (market, { order: of }) => {
    const found = await market.asset(of);
    if (found.instanceId === null) throw new NoInstance(of);
    await market.poll(found.instanceId);
    return { orderId: of };
  }),
  restart: action(about, async (market, { order: of }) => {
    await market.again(of);
    return { orderId: of };
  }),
  probe: action(z.object({ verbs: z.array(z.enum(activities)).min(1).default(activities) }), async (market, { verbs: asked }) => {
    for (const verb of asked) await market.probe(verb);
    return {};
  }),
  sell: action(z.object({}), async (market) => {
    await market.platform?.sellAgain();
    return {};
  }),
} as const;

export type ActionName = keyof typeof ACTIONS;

export function isAction(name: string): name is ActionName {
  return Object.hasOwn(ACTIONS, name);
}

/** Without the members that were left out, as `exactOptionalPropertyTypes` wants it. */
function given<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
