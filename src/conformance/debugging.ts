import type { Activity } from '../marketplace/saas-v2/verbs.ts';
import { judge } from '../simulator/verdict.ts';
import type { Context } from './context.ts';
import type { Debugging } from './report.ts';

/** The cases that must be saved before a product can be published (saas.md §6.8, https://support.huaweicloud.com/accessg-marketplace/access_topic_0000008.html). */
export const CASES: Readonly<Record<string, readonly Activity[]>> = {
  period: ['newInstance', 'queryInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance'],
  'one-time': ['newInstance', 'queryInstance', 'releaseInstance'],
  'on-demand and packages': ['newInstance', 'queryInstance', 'refreshInstance', 'releaseInstance'],
  'upgradable, besides': ['upgradeInstance', 'changeInstanceCheck'],
};

/** Whether the debugger would save each case, by its own messages. `tried` says which activities' cases were among the checks. */
export async function debugging({ saved }: Context, tried: (activity: Activity) => boolean): Promise<readonly Debugging[]> {
  return Promise.all(
    Object.entries(CASES).map(async ([product, activities]) => ({
      product,
      cases: Object.fromEntries(await Promise.all(activities.map(async (activity) => [activity, tried(activity) ? await saves(saved, activity) : null] as const))),
    })),
  );
}

async function saves(saved: Context['saved'], activity: Activity): Promise<boolean> {
  const verdict = judge(await saved(activity));
  // The debugger waits 20 s, so a slow answer is saved all the same.
  return verdict.ok || verdict.rule === 'slow';
}
