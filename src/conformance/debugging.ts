import type { Activity } from '../marketplace/saas-v2/verbs.ts';
import { CALL_LIMIT, judge } from '../simulator/verdict.ts';
import type { Context } from './context.ts';
import type { Debugging } from './report.ts';

/** The usage push of on-demand products is debugged too, but it is a call of the seller's: nothing here can try it. */
const UNTRIED = 'usage push';
type Case = Activity | typeof UNTRIED;

/** The cases that must be saved before a product can be published (saas.md §6.8, https://support.huaweicloud.com/accessg-marketplace/access_topic_0000008.html). */
export const CASES: Readonly<Record<string, readonly Case[]>> = {
  period: ['newInstance', 'queryInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance'],
  'one-time': ['newInstance', 'queryInstance', 'releaseInstance'],
  'on-demand and packages': ['newInstance', 'queryInstance', 'refreshInstance', 'releaseInstance', UNTRIED],
  'upgradable, besides': ['upgradeInstance', 'changeInstanceCheck'],
};

/** Whether the debugger would save each case, by its own messages. `tried` says which activities' cases were among the checks. */
export async function debugging({ saved }: Context, tried: (activity: Activity) => boolean): Promise<readonly Debugging[]> {
  return Promise.all(
    Object.entries(CASES).map(async ([product, cases]) => ({
      product,
      cases: Object.fromEntries(await Promise.all(cases.map(async (each) => [each, each !== UNTRIED && tried(each) ? await saves(saved, each) : null] as const))),
    })),
  );
}

async function saves(saved: Context['saved'], activity: Activity): Promise<boolean | null> {
  const call = await saved(activity);
  const verdict = judge(call);
  // Given up before the debugger would have: what it would have seen is not known.
  if (call.failure === 'timed out' && call.ms < CALL_LIMIT) return null;
  // The debugger waits 20 s, so a slow answer is saved all the same.
  return verdict.ok || verdict.rule === 'slow';
}
