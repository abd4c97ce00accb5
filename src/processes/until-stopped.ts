const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Resolves with the signal that asks this process to stop; rejects with what `failed` rejects with.
 * A second signal ends the process at once: the person has waited long enough.
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
  }
}
