import { patched, proxyActivities } from '@temporalio/workflow';

const { build, check } = proxyActivities<{ build(): Promise<void>; check(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** The next release: runs begun by the old one go the old way. */
export async function tenancy(): Promise<void> {
  if (patched('check-first')) await check();
  await build();
}
