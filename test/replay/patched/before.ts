import { proxyActivities } from '@temporalio/workflow';

const { build } = proxyActivities<{ build(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** A workflow as a release runs it. */
export async function tenancy(): Promise<void> {
  await build();
}
