import { eventually } from '../../support/engine.ts';
import type { CallOptions } from '../../../src/provisioners/provisioner.ts';
import type { Scene } from './stage.ts';

/** Other sizes, and several products at once. */
export const changes = {
  'upgraded, renewed with a change, unsubscribed': {
    clocks: { keep: '100ms' },
    async play({ buy, market, tenants, keep }) {
      const line = await buy();
      const plan = (skuCode: string) => eventually(() => Promise.resolve(tenants.plans.get(line.id)?.skuCode === skuCode));
      await market.upgrade(line.order, { skuCode: 'notes-team' });
      await plan('notes-team');
      await market.renewChange(line.order, { skuCode: 'notes-large' });
      await plan('notes-large');
      await market.release(line.id, { unsubscribe: true });
      await keep(line, 'ended');
    },
  },

  'changes refused': {
    async play({ buy, market, tenants, record, until, keep }) {
      const line = await buy();
      tenants.fits = () => ({ allowed: false, reason: 'more notes than fit' });
      await market.upgrade(line.order, { skuCode: 'notes-small' });
      await eventually(async () => (await record(line)).commands.some(({ outcome }) => outcome === 'failed'));
      await market.renewChange(line.order, { skuCode: 'notes-small' });
      await until(line, ({ announced }) => announced['change-refused']);
      await keep(line, 'waits');
    },
  },

  'frozen while a change hangs': {
    async play({ buy, market, tenants, tenant, until, keep }) {
      const line = await buy();
      const { promise: begun, resolve } = Promise.withResolvers<void>();
      tenants.trouble.before = (verb, _id, options) => (verb === 'change' ? hang(options, resolve) : Promise.resolve());
      void market.upgrade(line.order, { skuCode: 'notes-team' });
      await begun;
      await market.freeze(line.id);
      await tenant(line, 'suspended');
      tenants.trouble = {};
      await market.unfreeze(line.id);
      await until(line, ({ actual }) => actual.plan?.skuCode === 'notes-team' && actual.tenant === 'open');
      await keep(line, 'waits');
    },
  },

  'several products': {
    async play({ buy, until, keep }) {
      const line = await buy({ products: [{ productId: 'notes-month', skuCode: 'notes' }, { productId: 'files-month', skuCode: 'files' }] });
      await until(line, ({ announced }) => announced['several-products']);
      await keep(line, 'waits');
    },
  },
} satisfies Record<string, Scene>;

/** Until it is cancelled. */
export function hang({ signal }: CallOptions, begun: () => void = () => undefined): Promise<void> {
  begun();
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }));
}
