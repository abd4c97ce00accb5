import { jsonObject } from '../call.ts';
import type { PushCode } from './usage-codes.ts';
import { USAGE_MEMBERS, type PushedRecord, type UsageInterface, type UsageMember } from './usage-interfaces.ts';

/** Records in one push; older revisions of the page say 100 (open-api.md §6.3). */
export const MOST_RECORDS = 1_000;

const LONGEST = 64;

export type ReadPush = { readonly records: readonly PushedRecord[] } | { readonly code: PushCode; readonly detail: string };

/** The records of a body, or why the push is refused whole. What is wrong with the value of one record is for the rules of records. */
export function readPush(body: string, { list, members }: UsageInterface, most: number): ReadPush {
  const object = jsonObject(body);
  if (object === null) return { code: '0100', detail: 'the body is not a JSON object' };
  const records = object[list];
  const surplus = Object.keys(object).find((name) => name !== list);
  if (surplus !== undefined) return { code: '0101', detail: `${surplus} is not a member of this interface` };
  if (!Array.isArray(records) || records.length === 0) return { code: '0199', detail: `${list} is missing or empty` };
  if (records.length > most) return { code: '9003', detail: `${records.length} records, at most ${most}` };

  const places = Object.values(members);
  const read: PushedRecord[] = [];
  for (const [index, record] of records.entries()) {
    const at = `${list}[${index}]`;
    if (typeof record !== 'object' || record === null || Array.isArray(record)) return { code: '0100', detail: `${at} is not an object` };
    const flat = flattened(record, places);
    const unknown = Object.keys(flat).find((name) => !places.includes(name));
    if (unknown !== undefined) return { code: '0101', detail: `${at}.${unknown} is not a member of this interface` };
    for (const [name, value] of Object.entries(flat)) {
      const isText = typeof value === 'string' || (typeof value === 'number' && name === members.value) || value === null;
      if (!isText) return { code: '0100', detail: `${at}.${name} is not a text` };
      if (String(value).length > LONGEST || /\p{Cc}/u.test(String(value))) return { code: '0100', detail: `${at}.${name} is longer than ${LONGEST} or holds control characters` };
    }
    const texts = textsOf(flat, members);
    if ((texts.instanceId ?? '') === '') return { code: '0101', detail: `${at}.${members.instanceId} is missing` };
    if (members.productId !== undefined && (texts.productId ?? '') === '') return { code: '0101', detail: `${at}.${members.productId} is missing` };
    read.push({
      ...texts,
      instanceId: texts.instanceId ?? '',
      recordTime: texts.recordTime ?? '',
      beginTime: texts.beginTime ?? '',
      endTime: texts.endTime ?? '',
      value: texts.value ?? '',
    });
  }
  return { records: read };
}

function textsOf(flat: Readonly<Record<string, unknown>>, members: UsageInterface['members']): Record<UsageMember, string | null> {
  const text = (member: UsageMember): string | null => {
    const place = members[member];
    const value = place === undefined ? undefined : flat[place];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  return Object.fromEntries(USAGE_MEMBERS.map((member) => [member, text(member)])) as Record<UsageMember, string | null>;
}

/** One level deep, and only where the interface has nested members: `usageEntity.times`. */
function flattened(record: object, places: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]): [string, unknown][] => {
      const nested = places.some((place) => place.startsWith(`${name}.`)) && typeof value === 'object' && value !== null;
      return nested ? Object.entries(value as object).map(([inner, held]): [string, unknown] => [`${name}.${inner}`, held]) : [[name, value]];
    }),
  );
}
