import { lockInstance, append } from '../../../src/store/mailbox.ts';
import { ProvisionRefused } from '../../../src/provisioners/provisioner.ts';
import type { Scene } from './stage.ts';

/** What a person does, by the updates of the Temporal UI. */
export const hand = {
  'frozen, held, released, taken back and released by a person': {
    clocks: { keep: '100ms' },
    async play({ buy, update, tenant, until, keep }) {
      const line = await buy();
      await update(line, 'freeze');
      await tenant(line, 'suspended');
      await update(line, 'unfreeze');
      await tenant(line, 'open');
      await update(line, 'hold');
      await update(line, 'release');
      await tenant(line, 'suspended');
      await until(line, ({ actual, desired }) => actual.tenant === 'closed' && desired.released && !actual.unsure);
      await update(line, 'cancelRelease');
      await tenant(line, 'open');
      await update(line, 'unhold');
      await until(line, ({ taken, actual }) => taken === 7 && actual.tenant === 'open');
      await update(line, 'release');
      await keep(line, 'ended');
    },
  },

  'suspended by hand after it kept failing': {
    async play({ buy, market, update, tenants, tenant, until, keep }) {
      const line = await buy();
      tenants.trouble.before = () => Promise.reject(new Error('the host does not answer'));
      await market.freeze(line.id);
      for (const rounds of [1, 2, 3]) {
        await until(line, ({ trouble }) => trouble?.rounds === rounds);
        if (rounds < 3) await update(line, 'retry');
      }
      await until(line, ({ announced }) => announced['effect-failing']);
      await update(line, 'complete');
      await until(line, ({ actual }) => actual.tenant === 'closed');
      tenants.trouble = {};
      await market.unfreeze(line.id);
      await tenant(line, 'open');
      await keep(line, 'waits');
    },
  },

  'refused, and retried by a person': {
    async play({ buy, update, tenants, tenant, until, keep }) {
      tenants.trouble.before = () => Promise.reject(new ProvisionRefused('000106', 'sold out'));
      const line = await buy({}, 'not');
      await until(line, ({ announced }) => announced['provision-refused']);
      tenants.trouble = {};
      await update(line, 'retry');
      await tenant(line, 'open');
      await keep(line, 'waits');
    },
  },

  abandoned: {
    clocks: { onFailing: 'wait' },
    async play({ buy, market, update, tenants, until, keep }) {
      tenants.trouble.before = () => Promise.reject(new Error('no machine is free'));
      const line = await buy({}, 'not');
      await until(line, ({ trouble }) => trouble?.rounds === 1);
      await update(line, 'abandon', { code: '000105', message: 'no machine will be free' });
      await until(line, ({ actual }) => actual.refusal);
      tenants.trouble = {};
      await market.release(line.id);
      await keep(line, 'ended');
    },
  },

  'told by the sweeper': {
    async play({ buy, engine: { store }, until, keep }) {
      const line = await buy();
      await store.em().transactional(async (em) => {
        const row = await lockInstance(em, { id: line.id });
        if (!row) throw new Error('no row');
        const instruction = { kind: 'tell', reason: 'change-unheard', detail: 'nobody asked for it again' } as const;
        await append(em, row, { at: Date.now(), key: null, attempt: 1, by: 'sweeper', instruction, callId: null }, Date.now());
      });
      await line.handle.signal('bell');
      await until(line, ({ announced }) => announced['change-unheard']);
      await keep(line, 'waits');
    },
  },
} satisfies Record<string, Scene>;
