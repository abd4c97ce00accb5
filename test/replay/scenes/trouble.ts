import { ProvisionRefused } from '../../../src/provisioners/provisioner.ts';
import { eventually } from '../../support/engine.ts';
import { hang } from './changes.ts';
import type { Scene } from './stage.ts';

/** What goes wrong outside. */
export const trouble = {
  'refused and released': {
    async play({ buy, market, tenants, until, keep }) {
      tenants.trouble.before = () => Promise.reject(new ProvisionRefused('000106', 'sold out'));
      const line = await buy({}, 'not');
      await until(line, ({ announced }) => announced['provision-refused']);
      tenants.trouble = {};
      await market.release(line.id);
      await keep(line, 'ended');
    },
  },

  'released while a build hangs': {
    async play({ buy, market, tenants, keep }) {
      const { promise: begun, resolve } = Promise.withResolvers<void>();
      tenants.trouble.before = (verb, _id, options) => (verb === 'create' ? hang(options, resolve) : Promise.resolve());
      const line = await buy({}, 'not');
      await begun;
      await market.release(line.id);
      await keep(line, 'ended');
    },
  },

  'suspend fails, and succeeds after the back-off': {
    async play({ buy, market, tenants, tenant, until, keep }) {
      const line = await buy();
      tenants.trouble.before = () => Promise.reject(new Error('the host does not answer'));
      await market.freeze(line.id);
      await until(line, (state) => state.trouble?.rounds === 1);
      tenants.trouble = {};
      await tenant(line, 'suspended');
      await keep(line, 'waits');
    },
  },

  'suspend cut off at its time limit': {
    async play({ buy, market, tenants, tenant, until, update, keep }) {
      const line = await buy();
      tenants.trouble.before = (_verb, _id, options) => hang(options);
      await market.freeze(line.id);
      await until(line, (state) => state.trouble?.code === 'timed-out');
      tenants.trouble = {};
      await update(line, 'retry');
      await tenant(line, 'suspended');
      await keep(line, 'waits');
    },
  },

  'a notice that nobody hears': {
    // Nobody listens at the discard port.
    env: { KOOKEEPER_WEBHOOK_URL: 'http://127.0.0.1:9/', KOOKEEPER_WEBHOOK_PRIVATE: 'allow' },
    async play({ buy, until, keep }) {
      const line = await buy({ products: [{ productId: 'notes-month', skuCode: 'notes' }, { productId: 'files-month', skuCode: 'files' }] });
      await until(line, ({ untold }) => untold?.rounds === 1);
      await until(line, ({ untold }) => untold?.rounds === 2);
      await keep(line, 'waits');
    },
  },

  'database away': {
    async play({ buy, engine: { store }, market, tenant, record, keep }) {
      const line = await buy();
      const database = store.em().getConnection();
      const pending = (type: string) => eventually(async () => (await line.handle.describe()).raw.pendingActivities?.some(({ activityType }) => activityType?.name === type), 60_000);
      await database.execute(`create trigger out_of_order before update of version on instance begin select raise(abort, 'out of order'); end`);
      await market.freeze(line.id);
      await tenant(line, 'suspended');
      await pending('store');
      await database.execute('alter table command rename to command_away');
      await line.handle.signal('bell');
      await pending('pull');
      await database.execute('alter table command_away rename to command');
      await database.execute('drop trigger out_of_order');
      await eventually(async () => (await record(line)).phase === 'frozen', 120_000);
      await keep(line, 'waits');
    },
  },
} satisfies Record<string, Scene>;
