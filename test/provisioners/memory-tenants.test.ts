import { memoryTenants } from '../support/provisioners.ts';
import { describeChanges, type ChangeSubject } from './change-contract.ts';

// The fake that the tests of the engine use: what they find with it must hold for a real adapter.
describeChanges('memory', (): Promise<ChangeSubject> => {
  const memory = memoryTenants();
  const notes = new Map<string, string[]>();
  return Promise.resolve({
    open: () => memory.of({ kind: 'sqlite-tenant', options: {} }),
    logIn: (instanceId) => {
      const open = (): boolean => memory.tenants.get(instanceId) === 'open';
      if (!open()) return Promise.resolve(null);
      return Promise.resolve({
        write: (text) => {
          if (open()) notes.set(instanceId, [...(notes.get(instanceId) ?? []), text]);
          return Promise.resolve(open());
        },
        read: () => Promise.resolve(open() ? (notes.get(instanceId) ?? []) : null),
        leave: () => Promise.resolve(),
      });
    },
    planOf: (instanceId) => Promise.resolve(memory.plans.get(instanceId)),
    outgrow: (outgrown) => {
      memory.fits = (instanceId, { quantity }) => (instanceId === outgrown && quantity === 1 ? { allowed: false, reason: '2 are in use, the target has 1' } : { allowed: true });
      return Promise.resolve({ skuCode: 'tiny', productId: 'OFFI1', quantity: 1, chargingMode: 'PERIOD', trial: false });
    },
    metered: (instanceId) => {
      memory.readings.set(instanceId, [{ value: 1.5, at: 1_000 }]);
      return Promise.resolve({ skuCode: 'by-use', productId: 'OFFI1', quantity: null, chargingMode: 'ON_DEMAND', trial: false });
    },
    close: () => memory.close(),
  });
});
