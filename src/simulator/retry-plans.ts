import type { Activity } from '../marketplace/saas-v2/verbs.ts';

const SAAS_KIT = 'https://huaweicloud.com/s/JXZzY29kZSDlh73mlbDosIPnlKjlhbPns7sl/t_30_p_2/JeS6keWVhuW6lyU';
const OVERVIEW = 'https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649414.html';
const QUERY = 'https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649428.html';
const LICENSE = 'https://support.huaweicloud.com/accessg-marketplace/zh-cn_topic_0070649282.html';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How the marketplace repeats a call that failed. Milliseconds. */
export interface RetryPlan {
  readonly every: number;
  /** From the first call to the last retry; 0: never repeated. */
  readonly during: number;
  /** What follows when the last one failed too: the order is unsubscribed and refunded, a person restarts it in the console, or nothing. */
  readonly ending: 'unsubscribed' | 'manual' | 'nothing';
  /** `doc`: a page says so; `sibling`: a page of the License kit or of V1.0 says so of the same call; `inferred`: no page says it. */
  readonly mark: 'doc' | 'sibling' | 'inferred';
  readonly page: string;
}

/** saas.md §6.2, likeliest reading first where the editions differ. */
export const RETRY_PLANS: { readonly [A in Activity]: readonly [RetryPlan, ...RetryPlan[]] } = {
  newInstance: [
    { every: HOUR, during: 3 * HOUR, ending: 'unsubscribed', mark: 'doc', page: SAAS_KIT },
    { every: 2 * MINUTE, during: 2 * HOUR, ending: 'unsubscribed', mark: 'sibling', page: LICENSE },
  ],
  // Not a repeat of a failed call but the polling after 000004: continuous, at an interval that no page gives.
  queryInstance: [{ every: MINUTE, during: 3 * HOUR, ending: 'unsubscribed', mark: 'inferred', page: QUERY }],
  // The sibling page gives the two hours; the interval is the one of its create.
  refreshInstance: [{ every: 2 * MINUTE, during: 2 * HOUR, ending: 'manual', mark: 'sibling', page: LICENSE }],
  updateInstanceStatus: [{ every: 2 * MINUTE, during: 2 * HOUR, ending: 'manual', mark: 'sibling', page: LICENSE }],
  releaseInstance: [{ every: MINUTE, during: HOUR, ending: 'manual', mark: 'sibling', page: OVERVIEW }],
  upgradeInstance: [{ every: HOUR, during: 3 * HOUR, ending: 'unsubscribed', mark: 'sibling', page: OVERVIEW }],
  // A question: the buyer waits for the answer and asks again.
  changeInstanceCheck: [{ every: 0, during: 0, ending: 'nothing', mark: 'inferred', page: OVERVIEW }],
};

/** When a failed call of this kind is repeated by the likeliest plan: milliseconds after the first call, ascending. */
export function retriesOf(verb: Activity): readonly number[] {
  const [{ every, during }] = RETRY_PLANS[verb];
  return every === 0 ? [] : Array.from({ length: Math.floor(during / every) }, (_, index) => every * (index + 1));
}
