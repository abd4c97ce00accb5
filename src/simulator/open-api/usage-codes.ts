const PAGES = 'https://support.huaweicloud.com';
const NEW = `${PAGES}/intl/zh-cn/accessg-marketplace/topic_0070649117.html`;
const INTERNATIONAL = `${PAGES}/intl/en-us/accessg-marketplace/topic_0070649083.html`;
const BASE = `${PAGES}/accessg-marketplace/zh-cn_topic_0070649186.html`;

/** What is wrong with one record (open-api.md §4.5, saas.md 3.10.3); 008 is in no list. */
export const RECORD_CODES = {
  '001': { says: 'no such instance', page: NEW },
  '002': { says: 'a time is not written as yyyyMMddTHHmmssZ', page: NEW },
  '003': { says: 'the usage is not a number above 0 with at most four decimals', page: NEW },
  '004': { says: 'metering_sn is missing', page: NEW },
  '005': { says: 'metering_sn was used before', page: NEW },
  '006': { says: 'the product of the instance was taken off sale', page: NEW },
  '007': { says: 'begins more than 21 days ago', page: NEW },
  '009': { says: 'the instance belongs to another seller', page: NEW },
  '010': { says: 'a record of the same instance with the same begin and end is there already', page: NEW },
  '011': { says: 'begins after its end, or ends in the future', page: NEW },
  '012': { says: 'not a pay-per-use instance', page: NEW },
  '013': { says: 'the instance is frozen', page: NEW },
  '014': { says: 'ends after the instance was closed', page: INTERNATIONAL },
  '015': { says: 'begins before the instance was bought', page: INTERNATIONAL },
} as const satisfies Readonly<Record<string, { readonly says: string; readonly page: string }>>;
export type RecordCode = keyof typeof RECORD_CODES;

/** What is wrong with a whole push (open-api.md §6.1). */
export const PUSH_CODES = {
  '0000': { status: 200, says: 'success', page: BASE },
  '0100': { status: 500, says: 'Failure of input parameter', page: BASE },
  '0101': { status: 400, says: 'Invalid parameter', page: BASE },
  '0102': { status: 400, says: 'Invalid body sign', page: BASE },
  '0150': { status: 401, says: 'Illegal operation', page: BASE },
  '0199': { status: 400, says: 'Request parameter error', page: BASE },
  '0250': { status: 406, says: 'Access frequency overlimit', page: BASE },
  '0999': { status: 500, says: 'System internal error.', page: BASE },
  '9001': { status: 500, says: 'Instance ID not found.', page: BASE },
  '9002': { status: 500, says: 'Invalid usage enties.', page: BASE },
  '9003': { status: 500, says: 'Usage records extends size limit.', page: BASE },
  '9004': { status: 500, says: 'Record beginTime extends Limit.', page: BASE },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly says: string; readonly page: string }>>;
export type PushCode = keyof typeof PUSH_CODES;

/** The code with which a push as a whole would be refused for its first bad record, by the older page. */
export function pushCodeOf(code: RecordCode): PushCode {
  if (code === '001') return '9001';
  if (code === '007') return '9004';
  return code === '009' ? '0150' : '9002';
}
