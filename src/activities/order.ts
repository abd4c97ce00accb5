import type { Purchase } from '../lifecycle/plan.ts';
import type { Rules } from '../lifecycle/rules.ts';
import { OrderRefused, SignatureRefused } from '../marketplace/open-api/errors.ts';
import { askBreaker, closeBreaker, openBreaker } from '../store/breaker.ts';
import { putSealed } from '../store/sealed.ts';
import { atWork } from './at-work.ts';
import type { ActivityDeps } from './deps.ts';
import { permanent } from './failure.ts';

/** All order queries share one breaker: the gateway locks the AK, not the order. */
export const ORDER_BREAKER = 'order-query';

/** Asks the marketplace what an order line holds; the personal part goes sealed into the store and never further. */
export const order =
  ({ store, sealer, orders, rulesFor, now }: ActivityDeps) =>
  async ({ instanceId, orderId, orderLineId }: { instanceId: string; orderId: string; orderLineId: string }): Promise<{ purchase: Purchase; rules: Rules }> =>
    atWork(async (signal) => {
      const leave = await askBreaker(store.em(), ORDER_BREAKER, orders.keys, now());
      if (leave.open) throw permanent('signature-refused', `order queries are stopped after a refused signature (${leave.reason}): check KOOGALLERY_AK and KOOGALLERY_SK`);
      try {
        const { purchase, personal } = await orders.query({ orderId, orderLineId, signal });
        if (leave.trial) await closeBreaker(store.em(), ORDER_BREAKER);
        if (personal !== null) await putSealed(store.em(), sealer, instanceId, 'order', personal, now());
        return { purchase, rules: rulesFor(purchase.plan) };
      } catch (error) {
        if (error instanceof SignatureRefused) {
          await openBreaker(store.em(), ORDER_BREAKER, orders.keys, error.message, now());
          throw permanent('signature-refused', error.message);
        }
        if (error instanceof OrderRefused) throw permanent('order-refused', error.message);
        throw error;
      }
    });
