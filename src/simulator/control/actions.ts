import { z } from 'zod';
import { verbs, type Activity } from '../../marketplace/saas-v2/verbs.ts';
import { NoInstance } from '../errors.ts';
import type { Market } from '../market.ts';

/** An order id, or the id of the instance that it bought. */
const order = z.string().min(1).max(64).meta({ title: 'Order or instance' });
const word = z.string().min(1).max(64);
const count = z.int().min(1).max(1_000).meta({ title: 'How many periods' });
const sku = word.meta({ title: 'SKU code' });
const product = word.meta({ title: 'Product id' });
const size = z.int().min(1).meta({ title: 'Size (linearValue)' });
const periodType = z.enum(['year', 'month', 'day']).meta({ title: 'Period' });

/** What a person wants different; every action takes it. */
export const edits = z.object({ set: z.record(z.string(), z.json()).default({}), drop: z.array(z.string()).default([]) });

interface Done {
  /** The order that the action placed, or was about. */
  readonly orderId?: string;
}

/** What an action is about, and so where its button stands. */
export type Subject = 'market' | 'instance' | 'usage' | 'trial' | 'renewal' | 'order';

export interface ActionWords {
  readonly title: string;
  /** As the console or the kit has it; null where neither shows it. */
  readonly term: string | null;
  readonly about: Subject;
}

interface Action<S extends z.ZodObject> extends ActionWords {
  readonly input: S;
  readonly run: (market: Market, input: z.infer<S>) => Promise<Done>;
}

interface NamedAction extends ActionWords {
  /** What it takes; `run` checks what it is given against it. */
  readonly input: z.ZodObject;
  readonly run: (market: Market, input: unknown) => Promise<Done>;
}

function action<S extends z.ZodObject>(title: string, term: string | null, about: Subject, input: S, run: Action<S>['run']): NamedAction {
  return { title, term, about, input, run: (market, sent) => run(market, input.parse(sent)) };
}

const placed = async (placing: Promise<{ readonly order: { readonly orderId: string } }>): Promise<Done> => ({ orderId: (await placing).order.orderId });

async function ofInstance(market: Market, ref: string, run: (instanceId: string) => Promise<unknown>): Promise<Done> {
  const { instanceId } = await market.asset(ref);
  if (instanceId === null) throw new NoInstance(ref);
  await run(instanceId);
  return { orderId: ref };
}

const purchase = z.object({
  skuCode: sku.default('sku-standard'),
  linearValue: size.optional(),
  chargingMode: z.enum(['PERIOD', 'ONE_TIME', 'ON_DEMAND', 'ON_DEMAND_PKG']).default('PERIOD').meta({ title: 'Charging mode' }),
  periodType: periodType.optional(),
  periodNumber: count.optional(),
  productId: product.default('OFFI000000000000000001'),
  trial: z.boolean().default(false).meta({ title: 'As a trial' }),
});
const about = z.object({ order });
const extension = z.object({ order, periods: count.optional(), periodType: periodType.optional() });
const target = z.object({ linearValue: size.optional(), skuCode: sku.optional(), productId: product.optional() });
const changed = z.object({ ...extension.shape, ...target.shape });
const activities = Object.keys(verbs) as [Activity, ...Activity[]];

/** What a buyer, the marketplace's people, or the seller in its console can do; each by its name in the control API and on the command line. */
export const ACTIONS = {
  buy: action('Buy', '购买', 'market', purchase, (market, bought) => placed(market.buy(given(bought)))),
  renew: action('Renew', '续费', 'instance', extension, (market, { order: of, ...by }) => placed(market.renew(of, given(by)))),
  'renew-change': action('Renew with another size', '续费变更', 'instance', changed, (market, { order: of, periods, periodType: type, ...to }) => placed(market.renewChange(of, given(to), given({ periods, periodType: type })))),
  'to-formal': action('Turn the trial into a purchase', '试用转正', 'trial', extension, (market, { order: of, ...by }) => placed(market.toFormal(of, given(by)))),
  refund: action('Refund this renewal', '退续费', 'renewal', about, (market, { order: renewal }) => placed(market.refundRenewal(renewal))),
  upgrade: action('Upgrade', '实例升级', 'instance', z.object({ order, ...target.shape }), (market, { order: of, ...to }) => placed(market.upgrade(of, given(to)))),
  unsubscribe: action('Unsubscribe', '退订', 'instance', about, (market, { order: of }) => ofInstance(market, of, (id) => market.release(id, { unsubscribe: true }))),
  expire: action('Let expire', '到期', 'instance', about, (market, { order: of }) => ofInstance(market, of, (id) => market.expire(id))),
  violate: action('Freeze for a violation', '违规冻结', 'instance', about, (market, { order: of }) => ofInstance(market, of, (id) => market.freeze(id, 'violation'))),
  lift: action('Lift the freeze', '解冻', 'instance', about, (market, { order: of }) => ofInstance(market, of, (id) => market.unfreeze(id))),
  arrears: action('Fall into arrears', '欠费', 'usage', about, async (market, { order: of }) => {
    await market.arrears(of);
    return { orderId: of };
  }),
  pay: action('Pay what is owed', '充值', 'usage', about, async (market, { order: of }) => {
    await market.pay(of);
    return { orderId: of };
  }),
  release: action('Release', '释放', 'instance', about, (market, { order: of }) => ofInstance(market, of, (id) => market.release(id))),
  open: action('Open the resource details', '资源详情', 'instance', about, async (market, { order: of }) => {
    const found = await market.asset(of);
    if (found.instanceId === null) throw new NoInstance(of);
    await market.poll(found.instanceId);
    return { orderId: of };
  }),
  restart: action('Restart', '重新启动', 'order', about, async (market, { order: of }) => {
    await market.again(of);
    return { orderId: of };
  }),
  probe: action('Debug and save the cases', '调测并保存用例', 'market', z.object({ verbs: z.array(z.enum(activities)).min(1).default(activities).meta({ title: 'Calls' }) }), async (market, { verbs: asked }) => {
    for (const verb of asked) await market.probe(verb);
    return {};
  }),
  sell: action('Put on sale again', '重新上架', 'market', z.object({}), async (market) => {
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
