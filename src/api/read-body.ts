/** How much of a body over the limit is still read, so that the sender gets our answer instead of a broken connection. */
const DRAIN_FACTOR = 8;
const DRAIN_TIME = 2_000;

/**
 * Reads at most `limit` bytes, whether the length was declared or the body comes in chunks. Null: it was longer; the rest was drained, within bounds.
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array | null> {
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let overSince: number | null = null;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size <= limit) {
      chunks.push(chunk);
      continue;
    }
    chunks.length = 0;
    overSince ??= performance.now();
    if (size > limit * DRAIN_FACTOR || performance.now() - overSince > DRAIN_TIME) break;
  }
  return overSince === null ? Buffer.concat(chunks) : null;
}
