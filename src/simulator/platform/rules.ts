const PAGES = 'https://support.huaweicloud.com/accessg-marketplace';
const FAQ = `${PAGES}/access_topic_0000008.html`;
const OVERVIEW = `${PAGES}/zh-cn_topic_0070649414.html`;
/** Read in a stored copy: five days of failed probes. */
const PROBES = 'https://huaweicloud.com/s/JW15c3Fs6auY5bm25Y-R6Kej5Yaz5pa55qGIJQ/t_30_p_9/JeS6keWVhuW6lyU';
/** Read in a stored copy: more than five failed orders in a single month. */
const FAILURES = 'https://huaweicloud.com/s/Jeafpeeci-agoeWbree9keW8gOaUvueahOerr-WPoyU/t_30_p_16/JeS6keWVhuW6lyU';
const LIFE = 'https://www.huaweicloud.com/guide/productsdesc-bms_20f19d5b0b949696f025d9269fa0ded5support1';

/** Of V1.0: its instanceStatus names arrears among its causes; the page of V2.0's updateInstanceStatus names expiry and violation alone (saas.md §2.7, §3.5). */
const ARREARS = `${PAGES}/zh-cn_topic_0070649407.html`;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Rule {
  readonly says: string;
  /** `doc`: a page says so; `inferred`: no page says it, or not this exactly. */
  readonly mark: 'doc' | 'inferred';
  readonly page: string;
}

/** What the platform does by itself (saas.md §6.4 to §6.7), each with its page. The repeats of calls are in `retry-plans.ts`. */
export const PLATFORM_RULES = {
  'order-failed': { says: 'an order whose calls failed to the last repeat is a failed order', mark: 'doc', page: OVERVIEW },
  refunded: { says: 'a purchase that fails is unsubscribed and refunded by itself, and released at the seller if it ever gave an instance id', mark: 'inferred', page: OVERVIEW },
  'left-to-a-person': { says: 'after the last repeat only the restart button of the console is left', mark: 'doc', page: OVERVIEW },
  ready: { says: 'after a create, queryInstance is asked again and again until the access data come', mark: 'doc', page: `${PAGES}/zh-cn_topic_0070649428.html` },
  freeze: { says: 'an instance that was not renewed is frozen when the grace of the customer level is over', mark: 'inferred', page: LIFE },
  release: { says: 'and released when the retention after it is over too', mark: 'doc', page: LIFE },
  arrears: { says: 'the account cannot pay what an on-demand instance bills (欠费): frozen after the grace of its level, released after the retention', mark: 'inferred', page: ARREARS },
  paid: { says: 'the bill is paid, and what the arrears froze is followed by UNFREEZE', mark: 'inferred', page: ARREARS },
  unfreeze: { says: 'a renewal of what the expiry froze is followed by UNFREEZE', mark: 'inferred', page: `${PAGES}/zh-cn_topic_0070649430.html` },
  'case-saved': { says: 'a debugging case that succeeds is saved', mark: 'doc', page: FAQ },
  'probe-failed': { says: 'every morning and afternoon the saved cases are replayed while the product is on sale', mark: 'doc', page: FAQ },
  'trading-frozen': { says: 'five days of failed probes in a row freeze the trading', mark: 'doc', page: PROBES },
  delisted: { says: 'more than five failed orders in a month delist the product', mark: 'doc', page: FAILURES },
  'on-sale': { says: 'a person has put the product on sale again', mark: 'inferred', page: OVERVIEW },
} as const satisfies Record<string, Rule>;

export type PlatformRule = keyof typeof PLATFORM_RULES;

/** Twice a day; at which hours is not stated. */
export const PROBE_EVERY = DAY / 2;
export const ROUNDS_A_DAY = 2;
export const FAILED_DAYS = 5;
/** Whether a calendar month is meant is not stated: any 30 days here. */
export const MONTH = 30 * DAY;
/** One more than these delists. */
export const FAILED_ORDERS = 5;
