/** Looks again and again until there is something to see, 30 s at most. */
export async function eventually<T>(look: () => Promise<T | null | undefined | false>, limit = 30_000): Promise<T> {
  const until = Date.now() + limit;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) return seen;
    if (Date.now() > until) throw new Error(`did not happen within ${limit} ms: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
