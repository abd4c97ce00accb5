import { z } from 'zod';
import { expireTime, instanceIds, optional, required, word } from './members.ts';
import { productInfo } from './product-info.ts';

const PAGES = 'https://support.huaweicloud.com/accessg-marketplace';

const testFlag = optional(2);
const instanceId = required(64);
const orderId = required(64);
const orderLineId = required(64);

/**
 * `refreshInstance` tells four stories apart by its scene (saas.md §3.4); RENEWAL_CHANGE is the renewal that brings another size or
 * specification.
 */
export const scenes = ['TRIAL_TO_FORMAL', 'RENEWAL', 'UNSUBSCRIBE_RENEWAL_PERIOD', 'RENEWAL_CHANGE'] as const;

export interface Verb {
  /** What a call of this kind asks: `command` changes an instance, `read` asks about instances, `question` asks about a change. */
  readonly kind: 'command' | 'read' | 'question';
  /** Column of the table of replies (`replies.ts`). */
  readonly answers: 'create' | 'change' | 'others' | 'query';
  /** Members with their limits; the order is the order in which problems are named. */
  readonly schema: z.ZodObject;
  readonly page: string;
}

/** The seven activities of the SaaS kit V2.0, one row each (saas.md §3.2 to §3.8). */
export const verbs = {
  newInstance: {
    kind: 'command',
    answers: 'create',
    schema: z.object({ orderId, orderLineId, businessId: required(64), testFlag }),
    page: `${PAGES}/zh-cn_topic_0070649427.html`,
  },
  queryInstance: {
    kind: 'read',
    answers: 'query',
    schema: z.object({ instanceId: instanceIds, testFlag }),
    page: `${PAGES}/zh-cn_topic_0070649428.html`,
  },
  refreshInstance: {
    kind: 'command',
    answers: 'others',
    schema: z.object({ scene: word(64, scenes), orderId, orderLineId, instanceId, productId: optional(64), expireTime, testFlag }),
    page: `${PAGES}/zh-cn_topic_0070649429.html`,
  },
  updateInstanceStatus: {
    kind: 'command',
    answers: 'others',
    schema: z.object({ instanceId, status: word(32, ['FREEZE', 'UNFREEZE']), testFlag }),
    page: `${PAGES}/zh-cn_topic_0070649430.html`,
  },
  releaseInstance: {
    kind: 'command',
    answers: 'others',
    schema: z.object({ instanceId, orderId: optional(64), orderLineId: optional(64), testFlag }),
    page: `${PAGES}/zh-cn_topic_0070649431.html`,
  },
  upgradeInstance: {
    kind: 'command',
    answers: 'change',
    schema: z.object({ instanceId, orderId, orderLineId, testFlag }),
    page: `${PAGES}/zh-cn_topic_0070649432.html`,
  },
  changeInstanceCheck: {
    kind: 'question',
    answers: 'others',
    schema: z.object({ instanceId, productInfo, testFlag }),
    page: `${PAGES}/zh-cn_topic_0000002411753620.html`,
  },
} as const satisfies Record<string, Verb>;

export type Activity = keyof typeof verbs;

export function isActivity(text: string): text is Activity {
  return Object.hasOwn(verbs, text);
}
