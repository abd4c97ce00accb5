import type { Ask, Refusal } from '../../../src/marketplace/dialect.ts';
import { isJsonObject, readJson } from '../../../src/marketplace/json.ts';
import { parse } from '../../../src/marketplace/saas-v2/parse.ts';
import type { Activity } from '../../../src/marketplace/saas-v2/verbs.ts';

/** A row of a table of saas.md §3: presence M or O, and the largest number of characters (null: the table's limit is not enforced, or there is none). */
export interface Row {
  readonly section: string;
  readonly activity: Activity;
  readonly member: string;
  readonly presence: 'M' | 'O';
  readonly max: number | null;
}

type Body = Readonly<Record<string, unknown>>;

/** A complete body of each activity, as saas.md §3.2 to §3.8 has them. */
export const complete: { readonly [A in Activity]: Body } = {
  newInstance: { orderId: 'CS1', orderLineId: 'CS1-000001', businessId: 'b-1' },
  queryInstance: { instanceId: 'i-1' },
  refreshInstance: { scene: 'RENEWAL', orderId: 'CS2', orderLineId: 'CS2-000001', instanceId: 'i-1', productId: 'OFFI1', expireTime: '20270101000000' },
  updateInstanceStatus: { instanceId: 'i-1', status: 'FREEZE' },
  releaseInstance: { instanceId: 'i-1', orderId: 'CS3', orderLineId: 'CS3-000001' },
  upgradeInstance: { instanceId: 'i-1', orderId: 'CS4', orderLineId: 'CS4-000001' },
  changeInstanceCheck: { instanceId: 'i-1', productInfo: { productId: 'OFFI2', skuCode: 'sku-b', linearValue: 10 } },
};

export const sections: { readonly [A in Activity]: string } = {
  newInstance: '§3.2',
  queryInstance: '§3.3',
  refreshInstance: '§3.4',
  updateInstanceStatus: '§3.5',
  releaseInstance: '§3.6',
  upgradeInstance: '§3.7',
  changeInstanceCheck: '§3.8',
};

export const activities = Object.keys(sections) as readonly Activity[];

const M = 'M';
const O = 'O';
const members: { readonly [A in Activity]: readonly (readonly [member: string, presence: 'M' | 'O', max: number | null])[] } = {
  newInstance: [['orderId', M, 64], ['orderLineId', M, 64], ['businessId', M, 64], ['testFlag', O, 2]],
  // 100 characters in the table, and up to 100 ids in the text (saas.md 8.6).
  queryInstance: [['instanceId', M, null], ['testFlag', O, 2]],
  refreshInstance: [['scene', M, 64], ['orderId', M, 64], ['orderLineId', M, 64], ['instanceId', M, 64], ['productId', O, 64], ['expireTime', M, 20], ['testFlag', O, 2]],
  updateInstanceStatus: [['instanceId', M, 64], ['status', M, 32], ['testFlag', O, 2]],
  releaseInstance: [['instanceId', M, 64], ['orderId', O, 64], ['orderLineId', O, 64], ['testFlag', O, 2]],
  upgradeInstance: [['instanceId', M, 64], ['orderId', M, 64], ['orderLineId', M, 64], ['testFlag', O, 2]],
  changeInstanceCheck: [['instanceId', M, 64], ['productInfo', M, null], ['testFlag', O, 2]],
};

/** Every row of the request tables, `activity` itself apart. */
export const requestRows: readonly Row[] = activities.flatMap((activity) =>
  members[activity].map(([member, presence, max]) => ({ section: sections[activity], activity, member, presence, max })),
);

/** How the test of a row is found: `saas.md §3.4 refreshInstance · expireTime`. */
export function nameOf({ section, activity, member }: Row): string {
  return `saas.md ${section} ${activity} · ${member}`;
}

export function parsed(text: string): Ask | Refusal {
  const body = readJson(text);
  if (!isJsonObject(body)) throw new Error('not an object');
  return parse({ body });
}

/** What a complete body is read as, with some members changed. */
export function ask(activity: Activity, change: Body = {}): Ask | Refusal {
  return parsed(JSON.stringify({ activity, ...complete[activity], ...change }));
}

export function refusal(message: string) {
  return { refused: true, code: '000002', message };
}
