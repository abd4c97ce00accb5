const BASE = 'https://support.huaweicloud.com/intl/en-us/accessg-marketplace/topic_0070649099.html';
const V1 = 'https://support.huaweicloud.com/intl/en-us/accessg-marketplace/en-us_topic_0070649057.html';

/**
 * Every result code of the SaaS kits (saas.md §5). Only 000000 counts as success; 000004 has a meaning of its own on a V2.0 create alone.
 */
export const resultCodes = {
  '000000': { meaning: 'success', page: BASE },
  '000001': { meaning: 'authentication failed', page: BASE },
  '000002': { meaning: 'invalid parameter', page: BASE },
  '000003': { meaning: 'instance does not exist', page: BASE },
  '000004': { meaning: 'request is being processed', page: BASE },
  '000005': { meaning: 'temporary internal error, please repeat', page: BASE },
  '000100': { meaning: 'no instance resource available', page: BASE },
  '000101': { meaning: 'mobile number missing or already in use', page: V1 },
  '000102': { meaning: 'mail address missing or already in use', page: BASE },
  '000103': { meaning: 'product already bought', page: BASE },
  '000104': { meaning: 'internal service error', page: BASE },
  '000105': { meaning: 'account already subscribed to the benefits', page: BASE },
  '000106': { meaning: 'resources of the product are sold out', page: BASE },
  '000107': { meaning: 'mail domain already exists', page: BASE },
} as const satisfies Record<string, { readonly meaning: string; readonly page: string }>;

export type ResultCode = keyof typeof resultCodes;

export function isResultCode(code: string): code is ResultCode {
  return Object.hasOwn(resultCodes, code);
}
