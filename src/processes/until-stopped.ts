const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Longer than everything that ends in order takes: answers, rings, the workers' grace, the development server. */
const LAST_RESORT = 90_000;

/**
 * Resolves with the signal that asks this process to stop; rejects with what `failed` rejects with.
 * A second signal ends the process at once: the person has waited long enough. So does time: what hangs (a database that does not
 * answer, an adapter that does not heed its signal) loses nothing by it, for the next process carries on from journal and history.
 */
export async function untilStopped(failed: Promise<never>): Promise<NodeJS.Signals> {
  let forget = (): void => undefined;
  const asked = new Promise<NodeJS.Signals>((resolve) => {
    let first = true;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (!first) process.exit(130);
      first = false;
      resolve(signal);
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
    forget = () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    };
  });
  try {
    return await Promise.race([asked, failed]);
  } catch (error) {
    forget();
    throw error;
  } finally {
    // Counts only while something still holds the process open.
    setTimeout(() => process.exit(1), LAST_RESORT).unref();
  }
}
