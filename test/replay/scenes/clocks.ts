import type { Scene } from './stage.ts';

/** What the calls about time and our own clocks bring about. */
export const clocks = {
  active: {
    async play({ buy, keep }) {
      await keep(await buy(), 'waits');
    },
  },

  'frozen, unfrozen, renewed, frozen by our own clock, released': {
    clocks: { graceStated: '300ms', retention: '300ms', keep: '100ms' },
    async play({ buy, market, tenant, until, keep }) {
      const line = await buy({ expireAt: Date.now() + 1_000 });
      await market.freeze(line.id);
      await tenant(line, 'suspended');
      await market.unfreeze(line.id);
      await tenant(line, 'open');
      await market.renew(line.order, { expireAt: Date.now() + 2_000 });
      await tenant(line, 'suspended');
      await until(line, ({ announced }) => announced['retention-over']);
      await market.release(line.id);
      await keep(line, 'ended');
    },
  },

  'warned, expired, held after retention': {
    clocks: { warn: '20s', graceEstimated: '500ms', retention: '500ms', keep: '100ms' },
    async play({ buy, until, update, keep }) {
      const line = await buy({ expireAt: Date.now() + 15_000 });
      await until(line, ({ announced }) => announced['expiry-warning'] && announced['clock-freeze'] && announced['retention-over']);
      await update(line, 'release');
      await keep(line, 'ended');
    },
  },

  'released by our own clock': {
    clocks: { graceEstimated: '300ms', retention: '300ms', keep: '300ms', onRetention: 'release' },
    async play({ buy, keep }) {
      await keep(await buy({ expireAt: Date.now() + 2_000 }), 'ended');
    },
  },

  'expiry only told': {
    clocks: { graceEstimated: '300ms', onExpiry: 'tell' },
    async play({ buy, until, keep }) {
      const line = await buy({ expireAt: Date.now() + 2_000 });
      await until(line, ({ announced }) => announced['expiry-passed']);
      await keep(line, 'waits');
    },
  },

  'trial, formal, renewed, refunded': {
    async play({ buy, market, until, keep }) {
      const line = await buy({ trial: true });
      await market.toFormal(line.order);
      await until(line, ({ desired }) => desired.plan?.trial === false);
      const { order } = await market.renew(line.order);
      await until(line, ({ taken }) => taken === 3);
      await market.refundRenewal(order);
      await until(line, ({ desired, taken }) => taken === 4 && !desired.armed);
      await keep(line, 'waits');
    },
  },

  'create window over, asked for again': {
    clocks: { createWindow: '8s' },
    async play({ buy, market, tenants, tenant, until, keep }) {
      tenants.trouble = { before: () => Promise.reject(new Error('no machine is free')) };
      const line = await buy({}, 'not');
      await until(line, ({ announced }) => announced['create-window-over']);
      tenants.trouble = {};
      await market.create(line.order);
      await tenant(line, 'open');
      await keep(line, 'waits');
    },
  },
} satisfies Record<string, Scene>;
