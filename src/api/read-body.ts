/** How much of a body over the limit is still read, so that the sender gets our answer instead of a broken connection. */
const DRAIN_FACTOR = 8;
const DRAIN_TIME = 2_000;

/**
 * Reads at most `limit` bytes, whether the length was declared or the body comes in chunks. Null: it was longer; the rest was drained, within bounds.
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array | null> {
  if (!request.body) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.byteLength;
    if (size > limit) break;
    chunks.push(value);
  }
  await drain(reader, limit * DRAIN_FACTOR - size);
  return null;
}

/** The time is bounded even if nothing more arrives: a sender may announce more than it ever sends. */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>, most: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ done: true; value?: undefined }>((resolve) => {
    timer = setTimeout(() => resolve({ done: true }), DRAIN_TIME);
  });
  try {
    for (let left = most; left > 0; ) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return;
      left -= value.byteLength;
    }
  } finally {
    clearTimeout(timer);
  }
}
