import type { Channel, Notice } from './notice.ts';

/**
 * Tells every channel at once, begun in their order, whatever comes of the others; resolves when each has it. Otherwise rejects with the first
 * failure, in the order of the channels, after all have ended: told again, a notice reaches those a second time that had it.
 */
export async function tellAll(channels: readonly Channel[], notice: Notice, { signal }: { readonly signal: AbortSignal }): Promise<void> {
  const ends = await Promise.allSettled(channels.map(async (channel) => channel.tell(notice, { signal })));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
