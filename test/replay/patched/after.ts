import { proxyActivities } from '@temporalio/workflow';

const { build, check } = proxyActivities<{ build(): Promise<void>; check(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** The old way taken out. */
export async function tenancy(): Promise<void> {
  await check();
  await build();
}
