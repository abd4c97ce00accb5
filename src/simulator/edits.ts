import { verbs, type Activity } from '../marketplace/saas-v2/verbs.ts';
import type { Members } from './request.ts';

/** What a person wants different from what the marketplace would say: members to set, in place or added, and members to leave out. */
export interface Edits {
  readonly set: Members;
  readonly drop: readonly string[];
}

export const NO_EDITS: Edits = { set: {}, drop: [] };

type Place = 'order' | 'line' | 'product' | 'buyer';

/** Where the members of the order query's answer stand (open-api.md §3.2). */
const PLACES: ReadonlyMap<string, Place> = new Map<string, Place>([
  ...each('order', ['orderType', 'createTime']),
  ...each('line', ['chargingMode', 'periodType', 'periodNumber', 'expireTime', 'currency', 'currencyAfterDiscount']),
  ...each('product', ['productId', 'skuCode', 'linearValue', 'productName']),
  ...each('buyer', ['mobilePhone', 'email', 'customerId', 'customerName', 'customerRealName', 'customerType', 'userId', 'userName']),
]);

/** What is a number on the wire; everything else that a person types is text. */
export const NUMBERS: readonly string[] = ['linearValue', 'periodNumber', 'customerType'];

/** A call's body with the edits that concern it: every member but those that stand in the order alone. */
export function editBody(body: Members, { set, drop }: Edits): Members {
  const own = ownMembers(body['activity']);
  const concerns = (name: string): boolean => own.includes(name) || !PLACES.has(name);
  return edit(body, { set, drop }, concerns);
}

/** The successful answer of the order query with the edits that concern it. */
export function editOrderAnswer(answer: Members, edits: Edits): Members {
  const at = (place: Place) => (members: Members): Members => edit(members, edits, (name) => PLACES.get(name) === place);
  const info = answer['orderInfo'] as Members & { readonly orderLine: readonly (Members & { readonly productInfo: readonly Members[] })[]; readonly buyerInfo: Members };
  const orderLine = info.orderLine.map((line) => ({ ...at('line')(line), productInfo: line.productInfo.map(at('product')) }));
  return { ...answer, orderInfo: { ...at('order')(info), orderLine, buyerInfo: at('buyer')(info.buyerInfo) } };
}

function edit(members: Members, { set, drop }: Edits, concerns: (name: string) => boolean): Members {
  const kept = Object.entries(members).filter(([name]) => !(drop.includes(name) && concerns(name)));
  return Object.fromEntries([...kept, ...Object.entries(set).filter(([name]) => concerns(name))]);
}

function ownMembers(activity: unknown): readonly string[] {
  return typeof activity === 'string' && Object.hasOwn(verbs, activity) ? Object.keys(verbs[activity as Activity].schema.shape) : [];
}

function each(place: Place, names: readonly string[]): [string, Place][] {
  return names.map((name) => [name, place]);
}
