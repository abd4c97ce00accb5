import type { Logger } from 'pino';
import type { Dialect } from '../marketplace/dialect.ts';
import type { RawCall } from '../marketplace/envelopes/envelope.ts';
import type { Keys } from '../marketplace/explain/explain.ts';
import { putMistake } from '../store/journal.ts';
import type { Store } from '../store/open.ts';

/** Larger bodies are not explained: the marketplace's are below 1 KiB, and the work grows with the size. */
export const EXPLAINED_BODY = 16 * 1024;
/** Explanations begun in any second. Anybody can send calls with a bad signature, and each costs some hundred hashes. */
export const EXPLAINED_PER_SECOND = 5;

interface ExplainerDeps {
  readonly store: Store;
  readonly keys: Keys;
  /** UTC ms. */
  now(): number;
  readonly log: Logger;
}

/**
 * Finds the known mistake behind a refused signature and writes it beside the refusal: later than the answer, and bounded. What is left out
 * can still be asked for with `kookeeper explain`.
 */
export function createExplainer({ store, keys, now, log }: ExplainerDeps): (dialect: Dialect, call: RawCall, refusalId: string) => void {
  let second = 0;
  let begun = 0;
  const explain = async (dialect: Dialect, call: RawCall, refusalId: string): Promise<void> => {
    const [mistake] = dialect.explain(call, keys);
    if (!mistake) return;
    log.warn({ refusal: refusalId, mistake: mistake.id }, 'a known mistake explains the refused signature');
    await putMistake(store.em(), refusalId, `${mistake.id}: ${mistake.says}`);
  };
  return (dialect, call, refusalId) => {
    const current = Math.floor(now() / 1000);
    if (current !== second) [second, begun] = [current, 0];
    if (call.body.byteLength > EXPLAINED_BODY || begun === EXPLAINED_PER_SECOND) return;
    begun += 1;
    // In a turn of its own: by then the answer has been written. Nobody waits for it, so nothing of it may be thrown.
    setImmediate(() => {
      explain(dialect, call, refusalId).catch((error: unknown) => log.warn({ refusal: refusalId, error: String(error) }, 'the refused call was not explained'));
    });
  };
}
