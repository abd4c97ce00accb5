import type { Notice as Due } from '../lifecycle/notices.ts';
import { noticeOf } from '../notices/notice.ts';
import { tellAll } from '../notices/tell-all.ts';
import { claimNotice, markSent } from '../store/notices.ts';
import { atWork } from './at-work.ts';
import type { ActivityDeps } from './deps.ts';

/** Tells a person once. The claim is a row: who comes again after a notice was sent finds that out, whatever run or attempt sent it. */
export const notify =
  ({ store, now, channels }: ActivityDeps) =>
  async ({ instanceId, orderLineId, notice: due }: { instanceId: string; orderLineId: string; notice: Due }): Promise<void> =>
    atWork(async (signal) => {
      const notice = noticeOf({ instanceId, orderLineId, ...due, at: now() });
      if ((await claimNotice(store.em(), { ...notice, now: now() })) === 'sent') return;
      await tellAll(channels, notice, { signal });
      await markSent(store.em(), notice, now());
    });
