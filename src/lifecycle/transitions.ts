import type { CommandKind } from './command.ts';
import type { PersonKind } from './hand.ts';
import type { Phase } from './phase.ts';

/**
 * admit: append to the mailbox and promise it · done: nothing left to do, say so · running: being made ·
 * retry: one new attempt if the last refusal is old enough, else its code · unknown: no such instance any more ·
 * later: not before it is ready, so the caller is to ask again.
 */
export type Verdict = 'admit' | 'done' | 'running' | 'retry' | 'unknown' | 'later';

/** What the marketplace can say. */
export type MarketplaceKind = Exclude<CommandKind, PersonKind | 'tell' | 'revive'> | 'freeze' | 'unfreeze' | 'release';

export interface Transition {
  readonly page: string;
  readonly in: Readonly<Record<Phase, Verdict>>;
}

const PAGES = 'https://support.huaweicloud.com/accessg-marketplace/';

/** Command × what was promised so far. Judged on the desired state, so an answer always knows the promises before it. */
export const TRANSITIONS: Readonly<Record<MarketplaceKind, Transition>> = {
  create: {
    page: `${PAGES}zh-cn_topic_0070649427.html`,
    in: { creating: 'running', active: 'done', frozen: 'done', released: 'done', failed: 'retry' },
  },
  renew: {
    page: `${PAGES}zh-cn_topic_0070649429.html`,
    in: { creating: 'admit', active: 'admit', frozen: 'admit', released: 'unknown', failed: 'unknown' },
  },
  renewChange: {
    page: `${PAGES}zh-cn_topic_0070649429.html`,
    in: { creating: 'admit', active: 'admit', frozen: 'admit', released: 'unknown', failed: 'unknown' },
  },
  shorten: {
    page: `${PAGES}zh-cn_topic_0070649429.html`,
    in: { creating: 'admit', active: 'admit', frozen: 'admit', released: 'unknown', failed: 'unknown' },
  },
  freeze: {
    page: `${PAGES}zh-cn_topic_0070649430.html`,
    in: { creating: 'admit', active: 'admit', frozen: 'admit', released: 'done', failed: 'done' },
  },
  unfreeze: {
    page: `${PAGES}zh-cn_topic_0070649430.html`,
    in: { creating: 'admit', active: 'done', frozen: 'admit', released: 'done', failed: 'done' },
  },
  change: {
    page: `${PAGES}zh-cn_topic_0070649432.html`,
    in: { creating: 'later', active: 'admit', frozen: 'admit', released: 'unknown', failed: 'unknown' },
  },
  release: {
    page: `${PAGES}zh-cn_topic_0070649431.html`,
    in: { creating: 'admit', active: 'admit', frozen: 'admit', released: 'done', failed: 'admit' },
  },
};

/** The question whether a change would go through: asked only of what stands. */
export const CHANGE_CHECK: { readonly page: string; readonly in: Readonly<Record<Phase, 'later' | 'answer' | 'unknown'>> } = {
  page: `${PAGES}zh-cn_topic_0000002411753620.html`,
  in: { creating: 'later', active: 'answer', frozen: 'answer', released: 'unknown', failed: 'unknown' },
};
