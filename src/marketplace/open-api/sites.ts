/** Where the marketplace's open APIs live, per site (open-api.md §1). HTTPS only. */
export const sites = {
  china: {
    baseUrl: 'https://mkt.myhuaweicloud.com',
    /** For when the first name does not resolve. A signature holds for one host only, so it is computed again. */
    fallback: 'https://mkt.myhuaweicloud.cn',
    page: 'https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649350.html',
  },
  international: {
    baseUrl: 'https://mkt-intl.myhuaweicloud.com',
    fallback: null,
    page: 'https://support.huaweicloud.com/intl/en-us/accessg-marketplace/topic_0070649116.html',
  },
  europe: {
    baseUrl: 'https://mkt.myhuaweicloud.eu',
    fallback: null,
    page: 'https://support.huaweicloud.com/eu/accessg-marketplace/en-us_topic_000033.html',
  },
} as const;

export type Site = keyof typeof sites;

export const defaultSite = sites.china;
