import { problemOf, type UsageReading } from '../../lifecycle/usage.ts';
import type { AccessData, FoundInstance } from '../dialect.ts';
import { writeExpireTime } from '../times.ts';

/** Members of `appInfo` with their longest texts in UTF-16 units (saas.md §3.3); the first is mandatory. `encryptType` stays out, since V2.0 encrypts nothing (8.14). */
export const appInfoLimits = { frontEndUrl: 512, adminUrl: 512, userName: 128, password: 128, memo: 1024 } as const satisfies Record<keyof AccessData, number>;

/** `usageValue` is a Double(12,4) (saas.md §2.8). */
const USAGE_DECIMALS = 4;

/**
 * One element of a query's `info` (saas.md §3.3), with the members of its tables and no others. Provisioning refuses access data that do not
 * fit; should any have been stored all the same, or a meter say what the table cannot hold, the member or reading is left out rather than cut:
 * one instance must not spoil the answer for a hundred.
 */
export function info({ instanceId, access, usage = [] }: FoundInstance): Record<string, unknown> {
  const appInfo = texts({ ...access }, appInfoLimits);
  const usageInfo = usage.flatMap(reading);
  return { instanceId, ...('frontEndUrl' in appInfo ? { appInfo } : {}), ...(usageInfo.length > 0 ? { usageInfo } : {}) };
}

function reading({ value, at, ...others }: UsageReading): Record<string, unknown>[] {
  if (problemOf({ value, at }) !== null) return [];
  const usageValue = Number(value.toFixed(USAGE_DECIMALS));
  return [{ ...texts(others, { relatedInstanceId: 64 }), usageValue, statisticalTime: writeExpireTime(at, 17), ...texts(others, { dashboardUrl: 512 }) }];
}

/** The named texts that are there and fit. */
function texts(given: Readonly<Record<string, unknown>>, limits: Readonly<Record<string, number>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(limits).flatMap(([name, max]) => (fits(given[name], max) ? [[name, given[name]]] : [])));
}

function fits(text: unknown, max: number): boolean {
  return typeof text === 'string' && text !== '' && text.length <= max;
}
