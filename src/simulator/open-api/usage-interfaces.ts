import type { RecordCode } from './usage-codes.ts';

const PAGES = 'https://support.huaweicloud.com/accessg-marketplace';

/** The members of a usage record, by our names. */
export const USAGE_MEMBERS = ['instanceId', 'productId', 'recordTime', 'beginTime', 'endTime', 'value', 'meteringSn', 'packageInstanceId'] as const;
export type UsageMember = (typeof USAGE_MEMBERS)[number];

export type UsageInterfaceName = 'new' | 'old' | 'oldest';

/** One generation of the usage push (按需使用量推送, open-api.md §4.1 to §4.3). */
export interface UsageInterface {
  readonly path: RegExp;
  /** `base key`: headers signature, ts and nonce (§4.1). `AK/SK`: the gateway's signature. */
  readonly signedWith: 'base key' | 'AK/SK';
  /** The member of the body that holds the records. */
  readonly list: string;
  /** Where each member of a record stands, dots for nested ones; what is not here does not exist in this generation. */
  readonly members: Partial<Readonly<Record<UsageMember, string>>>;
  /** Whether the answer names the bad records (§4.5), or only the console does (§4.4, rule 1). */
  readonly listsBad: boolean;
  readonly page: string;
}

const COMMON = {
  instanceId: 'instance_id',
  recordTime: 'record_time',
  beginTime: 'begin_time',
  endTime: 'end_time',
  value: 'usage_value',
  packageInstanceId: 'relate_pkg_instance',
} as const;

export const USAGE_INTERFACES: Readonly<Record<UsageInterfaceName, UsageInterface>> = {
  new: {
    path: /^\/api\/mkp-openapi-public\/global\/v1\/isv\/usage-data$/,
    signedWith: 'base key',
    list: 'usage_records',
    members: { ...COMMON, meteringSn: 'metering_sn' },
    listsBad: true,
    page: `${PAGES}/zh-cn_topic_0070649410.html`,
  },
  old: {
    path: /^\/rest\/marketplace\/v1\/isv\/usage-data$/,
    signedWith: 'AK/SK',
    list: 'usage_records',
    members: { ...COMMON, productId: 'product_id' },
    listsBad: false,
    page: `${PAGES}/zh-cn_topic_0070649411.html`,
  },
  // API products of 2018; known from published code alone, whose endpoint page is gone (§4.3).
  oldest: {
    path: /^\/v1\.0\/[^/]+\/billing\/bill-mgr\/push-usage-data$/,
    signedWith: 'AK/SK',
    list: 'usageRecords',
    members: { instanceId: 'instanceId', recordTime: 'recordTime', beginTime: 'beginTime', endTime: 'endTime', value: 'usageEntity.times' },
    listsBad: false,
    page: `${PAGES}/zh-cn_topic_0070649411.html`,
  },
};

/** The generation that answers at this path; null where none does. */
export function usageInterfaceAt(path: string): UsageInterfaceName | null {
  return (Object.keys(USAGE_INTERFACES) as UsageInterfaceName[]).find((name) => USAGE_INTERFACES[name].path.test(path)) ?? null;
}

/** A record as it was pushed. Texts that are missing are '' where every generation demands them, else null. */
export interface PushedRecord {
  readonly instanceId: string;
  readonly productId: string | null;
  readonly recordTime: string;
  readonly beginTime: string;
  readonly endTime: string;
  readonly value: string;
  readonly meteringSn: string | null;
  readonly packageInstanceId: string | null;
}

/** A record with the market's finding; `code` null for a good one. */
export interface JudgedRecord extends PushedRecord {
  readonly code: RecordCode | null;
}
