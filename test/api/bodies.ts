import { randomUUID } from 'node:crypto';

let lines = 0;

/** An order line nobody has named before. */
export function freshLine(): { readonly orderId: string; readonly orderLineId: string } {
  const orderId = `CS${process.pid}T${(lines += 1)}`;
  return { orderId, orderLineId: `${orderId}-000001` };
}

/** The seven activities' bodies as the marketplace's examples have them, members in ascending order. */
export const bodies = {
  create: (line = freshLine()) => ({ activity: 'newInstance', businessId: randomUUID(), ...line }),
  query: (...instanceIds: readonly string[]) => ({ activity: 'queryInstance', instanceId: instanceIds.join(',') }),
  refresh: (instanceId: string, scene = 'RENEWAL', line = freshLine(), expireTime = '20270101000000') => ({
    activity: 'refreshInstance',
    expireTime,
    instanceId,
    ...line,
    productId: 'OFFI461867333479178240',
    scene,
  }),
  status: (instanceId: string, status: 'FREEZE' | 'UNFREEZE') => ({ activity: 'updateInstanceStatus', instanceId, status }),
  release: (instanceId: string, line: object = freshLine()) => ({ activity: 'releaseInstance', instanceId, ...line }),
  upgrade: (instanceId: string, line = freshLine()) => ({ activity: 'upgradeInstance', instanceId, ...line }),
  check: (instanceId: string) => ({ activity: 'changeInstanceCheck', instanceId, productInfo: { productId: 'OFFI1', skuCode: 'sku-1', linearValue: 5 } }),
} as const;
