import type { MarketProcess } from './market.ts';

/** One step of a subscription's life: what a person types, and the calls that the seller must have answered well by then. */
export interface Step {
  /** `{order}` is the purchase, `{last}` the order of the step before. */
  readonly types: string;
  /** In the order of sending, as `verb code`, with scene or status where the verb has one. */
  readonly calls: readonly string[];
  /** A line that the market prints by itself, waited for before the next step. */
  readonly until?: RegExp;
}

const READY = /queryInstance +000000 .* ok$/m;

/** Bought, made, and used. */
export const YOUNG: readonly Step[] = [
  { types: 'buy --sku notes --product notes-month --size 10', calls: ['newInstance 000004'], until: READY },
  { types: 'restart {order}', calls: ['newInstance 000000'] },
  {
    types: 'probe',
    calls: ['newInstance 000000', 'queryInstance 000000', 'refreshInstance RENEWAL 000000', 'updateInstanceStatus FREEZE 000000', 'releaseInstance 000000', 'upgradeInstance 000000', 'changeInstanceCheck 000000'],
  },
  { types: 'renew {order} --periods 2', calls: ['refreshInstance RENEWAL 000000'] },
  { types: 'restart {last}', calls: ['refreshInstance RENEWAL 000000'] },
  { types: 'refund {last}', calls: ['refreshInstance UNSUBSCRIBE_RENEWAL_PERIOD 000000'] },
  { types: 'upgrade {order} --size 20', calls: ['upgradeInstance 000000'] },
  { types: 'renew-change {order} --size 30', calls: ['refreshInstance RENEWAL_CHANGE 000000'] },
];

/** After a restart of the market: it knows what it sold. */
export const OLD: readonly Step[] = [
  { types: 'open {order}', calls: ['queryInstance 000000'] },
  { types: 'violate {order}', calls: ['updateInstanceStatus FREEZE 000000'] },
  { types: 'lift {order}', calls: ['updateInstanceStatus UNFREEZE 000000'] },
  { types: 'expire {order}', calls: ['updateInstanceStatus FREEZE 000000'] },
  { types: 'renew {order} --period year', calls: ['refreshInstance RENEWAL 000000', 'updateInstanceStatus UNFREEZE 000000'] },
  { types: 'unsubscribe {order}', calls: ['releaseInstance 000000'] },
  { types: 'release {order}', calls: ['releaseInstance 000000'] },
];

/** Plays the steps one after another and gives what was said in each, for comparing with its `calls`; and the purchase. */
export async function play(market: MarketProcess, steps: readonly Step[], purchase = ''): Promise<{ readonly order: string; readonly said: readonly (readonly string[])[] }> {
  let [order, last] = [purchase, purchase];
  const said: (readonly string[])[] = [];
  for (const { types, until } of steps) {
    const done = await market.act(...types.replace('{order}', order).replace('{last}', last).split(' '));
    last = done.order?.orderId ?? last;
    if (order === '') order = last;
    said.push(done.calls.map(({ verb, body, resultCode }) => [verb, /"(?:scene|status)":"([A-Z_]+)"/.exec(body)?.[1], resultCode].filter((word) => word !== undefined).join(' ')));
    if (until !== undefined) await market.until(until);
  }
  return { order, said };
}
